"""Exceptions, incidents and corrections of plans as tables: what a rebuild makes of them, as of any
entry; what the system proposes; which months are locked."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.exceptions import store
from agent_service.exceptions.deciding import ExceptionDecider, Judgement
from agent_service.exceptions.proposing import DerivedProposer
from agent_service.locking.adjusting import Adjusting
from agent_service.locking.store import lock_of
from protocol.facts.attendance import MonthLocked
from protocol.facts.correction import (
    ExceptionDecided,
    ExceptionProposed,
    ExceptionWithdrawn,
    Overlay,
    PlanCorrectionDecided,
    PlanCorrectionProposed,
    PlanInstead,
)
from protocol.facts.record import AnyFact
from protocol.facts.shift import IncidentConfirmed, IncidentDecided, IncidentWithdrawn
from protocol.rules.exception_decisions import Standing
from protocol.rules.exceptions import Derived, ExceptionKind, ExceptionStatus
from protocol.wire.errors import Refused
from tests.service.ledgers import Ledger, new_ledger

DAY = date(1970, 1, 1)
ids = st.sampled_from(["e1", "e2", "e3"])
people = st.sampled_from(["1001", "2001", "3001", "system"])
texts = st.text(max_size=3)
months = st.sampled_from(["", "1970-01", "1970-02"])
instants = st.integers(0, 9_000)
days = st.builds(PlanInstead, people, st.dates(), st.just(()), st.just(()), texts)
facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(
        ExceptionProposed,
        ids,
        st.just("1001"),
        st.dates(),
        instants,
        instants,
        st.sampled_from(Overlay),
        texts,
        texts,
        people,
        st.lists(texts, max_size=2).map(tuple),
    ),
    st.builds(ExceptionDecided, ids, st.booleans(), people, texts, st.booleans(), months),
    st.builds(ExceptionWithdrawn, ids, people),
    st.builds(IncidentConfirmed, ids, instants, instants, texts, people, texts, st.booleans()),
    st.builds(IncidentDecided, ids, st.booleans(), people, texts),
    st.builds(IncidentWithdrawn, ids, people, texts),
    st.builds(PlanCorrectionProposed, ids, st.lists(days, max_size=2).map(tuple), people, texts),
    st.builds(PlanCorrectionDecided, ids, st.booleans(), people, texts, st.just(1), months),
    st.builds(MonthLocked, months, texts, people),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(facts, min_size=1, max_size=5), max_size=8))
def test_the_tables_are_what_a_rebuild_makes_of_the_ledger(groups: list[list[AnyFact]]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        for group in groups:
            with ledger.committed():
                for each in group:
                    ledger.appender.record(ledger.connection, each)
        ledger.verify()


judgements = st.tuples(ids, st.sampled_from(["2001", "3001", "3002"]), st.booleans())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(judgements, min_size=1, max_size=4), max_size=5), st.integers(1, 3))
def test_in_one_commit_or_in_many_decisions_come_out_the_same(
    groups: list[list[tuple[str, str, bool]]], length: int
) -> None:
    everything = [each for group in groups for each in group]
    assert _decided([everything], length) == _decided(groups, length)
    assert _decided([[each] for each in everything], length) == _decided(groups, length)


def _decided(
    groups: Sequence[Sequence[tuple[str, str, bool]]], length: int
) -> list[tuple[str, Standing, str]]:
    """How the three exceptions of a day stand, each of so many times five minutes."""
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        tables = ledger.projections
        decider = ExceptionDecider(
            ledger.appender, tables.exceptions, tables.incidents, _adjusting(ledger)
        )
        with ledger.committed():
            for number in range(3):
                start_ms = number * 300_000
                decider.propose(
                    ledger.connection,
                    _asked(f"e{number + 1}", start_ms, start_ms + length * 300_000),
                )
        for group in groups:
            with ledger.committed():
                for exception, actor, approved in group:
                    decider.decide(ledger.connection, {exception: True}, Judgement(actor, approved))
        ledger.verify()
        rows = store.of_day(ledger.connection, "1001", DAY)
        return [(row.exception, row.standing, row.deciders) for row in rows]


def _asked(name: str, start_ms: int, end_ms: int) -> ExceptionProposed:
    return ExceptionProposed(
        name, "1001", DAY, start_ms, end_ms, Overlay.EXCUSE, "COACHING", "please", "1001"
    )


def _adjusting(ledger: Ledger) -> Adjusting:
    return Adjusting(ledger.projections.locks, UTC, lambda: 5_000)


def test_as_of_an_entry_what_was_decided_later_was_open(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        ledger.record(_asked("e1", 0, 10))
        ledger.record(_asked("e2", 0, 10))
        ledger.record(ExceptionDecided("e1", True, "2001", "yes", needs_second=True))
        ledger.record(ExceptionDecided("e1", True, "3001", "yes", adjusts="1970-02"))

        def standing(position: int) -> list[tuple[str, str, str]]:
            found = store.of_days(ledger.connection, DAY, DAY, position=position)
            rows = found.get(("1001", DAY), [])
            return [(row.exception, row.standing, row.adjusts) for row in rows]

        assert standing(0) == []
        assert standing(1) == [("e1", "pending", "")]
        assert standing(3) == [("e1", "pending", ""), ("e2", "pending", "")]
        assert standing(4) == [("e1", "approved", "1970-02"), ("e2", "pending", "")]
        assert standing(store.EVER) == standing(4)


def test_only_the_service_speaks_of_exceptions(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "a")
        with pytest.raises(Refused, match="fact_not_yours"):
            ledger.append("a", [_asked("e1", 0, 10)])


def test_a_month_is_locked_once(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        assert lock_of(ledger.connection, "1970-01") is None
        ledger.record(MonthLocked("1970-01", "one", "3001"))
        ledger.record(MonthLocked("1970-01", "two", "3002"))
        lock = lock_of(ledger.connection, "1970-01")
        assert lock is not None
        assert (lock.position, lock.locked_ms, lock.actor, lock.digest) == (1, 5_000, "3001", "one")
        ledger.verify()


def _derived(name: str, start_ms: int, end_ms: int, forced_by: str = "") -> Derived:
    return Derived(
        start_ms,
        end_ms,
        ExceptionKind.EXCUSE if forced_by else ExceptionKind.EXCLUDE,
        "FORCED_BY_SUPERVISOR" if forced_by else "UNKNOWN_TIME",
        ExceptionStatus.APPROVED if forced_by else ExceptionStatus.PENDING,
        name,
        actor=forced_by or "system",
    )


def test_what_follows_from_the_facts_is_proposed_once_when_it_is_over(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        adjusting = _adjusting(ledger)
        proposer = DerivedProposer(ledger.appender, ledger.projections.exceptions, adjusting)

        def propose(as_of_ms: int, *follows: Derived) -> int:
            with ledger.committed():
                return proposer.propose(ledger.connection, "1001", DAY, follows, as_of_ms)

        unknown, forced = _derived("u", 0, 10), _derived("f", 20, 30, forced_by="2001")
        assert propose(30, unknown, forced) == 1
        assert propose(31, unknown, forced) == 1
        assert propose(90, unknown, forced) == 0
        assert propose(90, _derived("u", 0, 15), forced) == 1
        assert propose(90, _derived("u", 0, 15), forced) == 0
        rows = [row.row() for row in store.of_day(ledger.connection, "1001", DAY)]
        assert [(row.start_ms, row.end_ms, row.standing, row.deciders) for row in rows] == [
            (0, 10, "pending", ()),
            (20, 30, "approved", ("2001",)),
            (10, 15, "pending", ()),
        ]
        assert {row.actor for row in rows} == {"system"}
        ledger.verify()


def test_forced_time_takes_nothing_of_what_one_person_may_approve(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        adjusting, table = _adjusting(ledger), ledger.projections.exceptions
        forced = _derived("f", 0, 3_600_000, forced_by="2001")
        with ledger.committed():
            proposer = DerivedProposer(ledger.appender, table, adjusting)
            proposer.propose(ledger.connection, "1001", DAY, [forced], 9_000_000)
            incidents = ledger.projections.incidents
            decider = ExceptionDecider(ledger.appender, table, incidents, adjusting)
            decider.propose(ledger.connection, _asked("e1", 4_000_000, 4_900_000))
            rows, _ = decider.decide(
                ledger.connection, {"e1": True}, Judgement("2001", approved=True)
            )
        assert [row.standing for row in rows] == ["approved"]


def test_what_follows_from_late_facts_of_a_locked_month_enters_the_present_one(
    tmp_path: Path,
) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        proposer = DerivedProposer(
            ledger.appender, ledger.projections.exceptions, _adjusting(ledger)
        )
        ledger.record(MonthLocked("1969-12", "digest", "3001"))
        with ledger.committed():
            follows = [_derived("f", 20, 30, forced_by="2001")]
            proposer.propose(ledger.connection, "1001", date(1969, 12, 31), follows, 90)
        (row,) = store.find(ledger.connection, ["f"]).values()
        assert (row.standing, row.adjusts) == ("approved", "1970-01")
