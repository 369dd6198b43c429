"""Whatever is recorded of the queue for breaks: the table is what a rebuild makes of the ledger, a
place ends once, and nobody has two."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.breaks import BreakAsked, BreakEnded, BreakGranted, BreakOutcome
from protocol.facts.correction import ExceptionProposed, Overlay
from protocol.facts.record import AnyFact
from tests.service.ledgers import new_ledger

places = st.sampled_from(["p1", "p2", "p3"])
agents = st.sampled_from(["1001", "1002"])
instants = st.none() | st.integers(0, 9_000)
facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(
        BreakAsked, places, agents, st.just("A"), st.just(Reason.REST), st.sampled_from(["", "c1"])
    ),
    st.builds(
        BreakGranted,
        places,
        st.integers(0, 9_000),
        st.sampled_from(["system", "2001"]),
        st.booleans(),
    ),
    st.builds(BreakEnded, places, st.sampled_from(BreakOutcome), instants),
    st.builds(
        ExceptionProposed,
        places,
        agents,
        st.just(date(2026, 11, 22)),
        st.just(0),
        st.just(1_000),
        st.just(Overlay.EXCUSE),
        st.sampled_from(["ABUSIVE_CALL", "REST_DUE", "OTHER"]),
        st.just(""),
        st.sampled_from(["system", "1001"]),
    ),
)


AGENTS = {"p1": "1001", "p2": "1001", "p3": "1002"}
REST = StateEntered(State.NOT_READY, "break", "", Reason.REST)
seat_facts = st.sampled_from([REST, StateEntered(State.READY, "ready", "")])
steps = st.one_of(
    st.builds(lambda place: BreakAsked(place, AGENTS[place], "A", Reason.REST, "c1"), places),
    st.builds(BreakGranted, places, st.integers(0, 9_000), st.just("system"), st.booleans()),
    st.builds(BreakEnded, places, st.sampled_from(BreakOutcome), instants),
    st.tuples(agents, seat_facts, st.integers(4_000, 9_000)),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=14), st.integers(0, 14))
def test_breaks_that_seats_tell_of_are_seen_the_same_after_a_restart(
    script: list[AnyFact | tuple[str, AnyFact, int]], restart: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        for agent in ("1001", "1002"):
            ledger.begin(agent, agent)
        for number, step in enumerate(script):
            if number == restart:
                ledger.appender.load(ledger.connection)
            if isinstance(step, tuple):
                ledger.append(step[0], [step[1]], step[2])
            else:
                ledger.record(step)
        ledger.verify()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(facts, max_size=14))
def test_the_table_is_what_a_rebuild_makes_of_the_ledger(script: list[AnyFact]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        for fact in script:
            ledger.record(fact)
        ledger.verify()


def test_what_has_ended_stays_ended_and_the_first_turn_stands(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        ledger.record(BreakAsked("p1", "1001", "A", Reason.REST))
        ledger.record(BreakGranted("p1", 5_000, "system"))
        ledger.record(BreakGranted("p1", 9_000, "2001"))
        row = ledger.projections.breaks.open_of(ledger.connection, "1001")
        assert row is not None
        assert (row.until_ms, row.granted_by, row.granted) == (5_000, "system", True)
        ledger.record(BreakEnded("p1", BreakOutcome.TAKEN, 4_000))
        ledger.record(BreakEnded("p1", BreakOutcome.LAPSED))
        ledger.record(BreakGranted("p1", 9_000, "2001"))
        assert ledger.projections.breaks.open_of(ledger.connection, "1001") is None
        row = ledger.projections.breaks.find(ledger.connection, "p1")
        assert row is not None
        assert (row.outcome, row.began_ms, row.until_ms) == (BreakOutcome.TAKEN, 4_000, 5_000)


def test_an_exception_of_somebody_else_s_excuses_no_break(tmp_path: Path) -> None:
    def proposed(code: str, actor: str) -> ExceptionProposed:
        day, excuse = date(2026, 11, 22), Overlay.EXCUSE
        return ExceptionProposed("p1", "1001", day, 0, 1_000, excuse, code, "", actor)

    with new_ledger(tmp_path / "data") as ledger:
        ledger.record(BreakAsked("p1", "1001", "A", Reason.REST, "c1"))
        ledger.record(BreakEnded("p1", BreakOutcome.TAKEN, 4_000))
        for code, actor in (("ABUSIVE_CALL", "1001"), ("OTHER", "system")):
            ledger.record(proposed(code, actor))
            row = ledger.projections.breaks.find(ledger.connection, "p1")
            assert row is not None
            assert row.to_be_excused
        assert ledger.projections.breaks.was_taken(ledger.connection, "1001", "c1")
        assert not ledger.projections.breaks.was_taken(ledger.connection, "1002", "c1")
