"""The planner of approved requests, and what the tables hold afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.rosters import store
from agent_service.rosters.checking import Change as Changed
from agent_service.rosters.planning import Act, Planner
from agent_service.rosters.stood_in import Actor
from protocol.facts.shift import Activity, PlanCause, PlannedSegment
from protocol.rules.local_day import day_bounds
from protocol.wire.errors import Refused
from tests.service.ledgers import Ledger, new_ledger
from tests.service.rosters import BOOK, DAY, LATE, LONG, NIGHT, ZONE, later, plan_of

MONDAY = date(2026, 12, 7)
SUNDAY = date(2026, 12, 13)
HOUR_MS = 3_600_000
Change = tuple[str, date, tuple[PlannedSegment, ...], str]
LEAD = Actor("2001", lambda number: number != "9999")
"""Leads everybody but one."""


class Desk:
    """A ledger with a planner and a clock."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.now_ms = day_bounds(MONDAY, ZONE)[0] - 24 * HOUR_MS
        kept = ledger.projections
        self.planner = Planner(
            BOOK,
            ledger.appender,
            kept.plans,
            kept.revisions,
            kept.substitutes,
            lambda: self.now_ms,
        )

    def attempt(
        self, *changes: Change, cause: PlanCause = PlanCause.LEAVE, request: str = ""
    ) -> int | str:
        """The revision, or the code of a refusal that left no trace."""
        entries = self.ledger.appender.head
        with self.ledger.committed():
            try:
                connection = self.ledger.connection
                return self.planner.plan(connection, changes, cause, request, LEAD, self.now_ms)
            except Refused as refused:
                assert self.ledger.appender.head == entries
                return refused.code

    def stands(self, *changes: Change) -> None:
        """Plans that no check was asked about, as from a time with other rules."""
        made = [Changed(*each) for each in changes]
        act = Act("", LEAD, PlanCause.ROSTER)
        with self.ledger.committed():
            connection, days = self.ledger.connection, [each.day for each in made]
            self.planner.record(connection, made, (min(days), max(days)), act, ())

    def in_force(self) -> dict[tuple[str, date], tuple[PlannedSegment, ...]]:
        rows = store.in_force(self.ledger.connection, date(2026, 1, 1), date(2027, 12, 31))
        return {key: row.planned_segments() for key, row in rows.items()}


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    with new_ledger(folder / "data") as ledger:
        yield Desk(ledger)


def work(day: date, first: float, last: float) -> PlannedSegment:
    """WORK from one local hour to another."""
    midnight, _ = day_bounds(day, ZONE)
    return PlannedSegment(
        midnight + int(first * HOUR_MS), midnight + int(last * HOUR_MS), Activity.WORK
    )


def test_a_request_makes_one_revision_once(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        swap: list[Change] = [
            ("1001", MONDAY, plan_of(LATE, MONDAY), "late"),
            ("1002", MONDAY, plan_of(DAY, MONDAY), "day"),
        ]
        assert at.attempt(*swap, cause=PlanCause.SWAP, request="r1") == 1
        assert at.attempt(*swap, cause=PlanCause.SWAP, request="r1") == 1
        assert at.attempt(*swap, cause=PlanCause.SWAP, request="r2") == 0
        rows = store.in_force(at.ledger.connection, MONDAY, MONDAY)
        assert {(row.cause, row.request, row.revision) for row in rows.values()} == {
            ("swap", "r1", 1)
        }
        assert at.ledger.verify() == 3


def test_what_is_planned_earlier_in_the_same_group_counts(tmp_path: Path) -> None:
    with desk(tmp_path) as at, at.ledger.committed():
        connection = at.ledger.connection
        for request, pattern in (("r1", DAY), ("r2", LATE), ("r3", LATE)):
            change = ("1001", MONDAY, plan_of(pattern, MONDAY), pattern.name)
            revision = at.planner.plan(
                connection, [change], PlanCause.MOVE, request, LEAD, at.now_ms
            )
            assert revision == {"r1": 1, "r2": 2, "r3": 0}[request]
        night = ("1001", later(MONDAY, -1), plan_of(NIGHT, later(MONDAY, -1)), "night")
        with pytest.raises(Refused, match="MIN_REST"):
            at.planner.plan(connection, [night], PlanCause.SWAP, "r4", LEAD, at.now_ms)


def test_what_breaks_a_rule_is_refused_and_what_mends_it_is_not(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        long = ("1001", MONDAY, plan_of(LONG, MONDAY), "long")
        assert at.attempt(long) == "roster_refused"
        at.stands(long)
        shorter = (work(MONDAY, 8, 22),)
        assert at.attempt(("1001", MONDAY, shorter, "")) == 2
        assert at.attempt(long) == "roster_refused"
        assert at.attempt(("1001", MONDAY, (), "")) == 3


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        for segments in (
            (work(MONDAY, 25, 26),),
            (work(MONDAY, 9, 9),),
            (work(MONDAY, 9, 12), work(MONDAY, 11, 13)),
            (work(MONDAY, 1, 2), work(MONDAY, 22, 23)),
        ):
            assert at.attempt(("1001", MONDAY, segments, "")) == "bad_plan"


def test_a_shift_that_has_begun_changes_only_ahead(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.attempt(("1001", MONDAY, plan_of(DAY, MONDAY), "day"))
        at.now_ms = work(MONDAY, 14, 15).start_ms
        day = plan_of(DAY, MONDAY)
        home = ("1001", MONDAY, (*day[:2], work(MONDAY, 13, 14.5)), "day")
        assert at.attempt(home) == "shift_begun"
        assert at.attempt(home, cause=PlanCause.RELEASE) == 2
        early = ("1001", MONDAY, (*day[:2], work(MONDAY, 13, 13.5)), "day")
        assert at.attempt(early, cause=PlanCause.RELEASE) == "shift_begun"
        other = ("1001", MONDAY, (work(MONDAY, 10, 12), *day[1:]), "day")
        assert at.attempt(other, cause=PlanCause.OVERTIME) == "shift_begun"
        stay = ("1001", MONDAY, (*home[2], work(MONDAY, 15, 17)), "day")
        assert at.attempt(stay, cause=PlanCause.OVERTIME) == 3
        at.now_ms += 30 * HOUR_MS
        assert at.attempt(("1001", MONDAY, (), "")) == "shift_begun"
        assert at.attempt(("1001", MONDAY, (), ""), cause=PlanCause.RELEASE) == "shift_begun"
        assert at.attempt(("1001", MONDAY, (), ""), cause=PlanCause.CORRECTION) == 4


def test_a_correction_says_what_was_and_plans_nothing_that_breaks_a_rule(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        at.attempt(("1001", MONDAY, plan_of(DAY, MONDAY), "day"))
        long = ("1001", MONDAY, plan_of(LONG, MONDAY), "long")
        at.now_ms = long[2][-1].end_ms - HOUR_MS
        assert at.attempt(long, cause=PlanCause.CORRECTION) == "roster_refused"
        at.now_ms += HOUR_MS
        assert at.attempt(long, cause=PlanCause.CORRECTION, request="c") == 2
        revision = at.ledger.projections.revisions.last(at.ledger.connection)
        found = at.ledger.projections.revisions.find(at.ledger.connection, str(revision))
        assert found is not None
        assert "CONTINUOUS_WORK 1001" in found.accepted


def test_a_shift_ends_early_at_the_very_second_at_which_a_segment_ends(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        day = (work(MONDAY, 9, 12), work(MONDAY, 12, 14))
        at.attempt(("1001", MONDAY, day, ""))
        at.now_ms = day[0].end_ms
        home = ("1001", MONDAY, day[:1], "")
        assert at.attempt(home, cause=PlanCause.RELEASE) == 2


def test_plans_are_read_of_those_who_are_asked_for(tmp_path: Path) -> None:
    with desk(tmp_path) as at:
        everybody = ("1001", "1002", "100'3")
        at.attempt(*((agent, MONDAY, plan_of(DAY, MONDAY), "day") for agent in everybody))
        read = at.ledger.connection
        for asked in (everybody, everybody[1:], everybody[:1], ()):
            found = store.in_force(read, MONDAY, MONDAY, asked)
            assert {agent for agent, _ in found} == set(asked)
        last = store.last_position(read, MONDAY, MONDAY, everybody)
        assert last > store.last_position(read, MONDAY, MONDAY, everybody[:1]) > 0
        assert store.last_position(read, later(MONDAY, 1), SUNDAY, everybody) == 0


changes = st.lists(
    st.tuples(
        st.sampled_from(["1001", "1002"]),
        st.integers(0, 9),
        st.sampled_from([DAY, LATE, NIGHT, LONG, None]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each[:2],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(changes, max_size=8))
def test_each_day_has_the_last_plan_that_was_not_refused(
    acts: list[list[tuple[str, int, object]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as at:
        expected: dict[tuple[str, date], tuple[PlannedSegment, ...]] = {}
        revisions = [0]
        for number, act in enumerate(acts):
            asked = [_change(*each) for each in act]
            outcome = at.attempt(*asked, cause=PlanCause.SWAP, request=f"r{number}")
            assert outcome == "roster_refused" or isinstance(outcome, int)
            kept = asked if isinstance(outcome, int) else []
            expected |= {(agent, day): segments for agent, day, segments, _ in kept}
            revisions += [outcome] if isinstance(outcome, int) else []
        assert at.in_force() == expected
        told = [each for each in revisions if each]
        assert told == list(range(1, len(told) + 1))
        at.ledger.verify()


def _change(agent: str, offset: int, pattern: object) -> Change:
    day = MONDAY + timedelta(days=offset)
    known = {each.name: each for each in (DAY, LATE, NIGHT, LONG)}
    name = getattr(pattern, "name", "")
    return agent, day, plan_of(known[name], day) if name else (), name
