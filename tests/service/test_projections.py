"""Whatever is recorded in whatever order: the tables are what a rebuild makes of the ledger, and
whoever starts from the tables goes on as if they had been there all along."""

import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.presence.projector import PresenceProjector
from protocol.facts import agent, call, session
from protocol.facts.record import AnyFact
from tests.service.ledgers import Ledger, new_ledger

agents = st.sampled_from(["1001", "1002"])
sessions = st.sampled_from(["a", "b", "c"])
"""`c` is an earlier one of 1001's; `d` follows `a` in the middle."""
calls = st.sampled_from(["c1", "c2"])
states = st.sampled_from(list(agent.State))
reasons = st.none() | st.sampled_from(list(agent.Reason))
seat_facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(agent.StateEntered, states, st.just("t"), agents, reasons, st.none() | calls),
    st.builds(agent.NextStateChosen, st.none() | states, agents, reasons),
    st.builds(call.CallOffered, calls, st.text(max_size=5)),
    st.builds(call.CallDialled, calls, st.text(max_size=5)),
    st.builds(call.CallAnswered, calls),
    st.builds(call.CallMuted, calls, st.booleans()),
    st.builds(call.CallEnded, calls, st.just(call.EndCause.BYE), st.just(call.ReleasedBy.AGENT)),
    st.builds(session.PhoneUp, st.text(max_size=5)),
    st.builds(session.PhoneDown, st.just("phone_died")),
)
own_facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(session.LinkLost, agents, sessions, st.integers(0, 9_000)),
    st.builds(session.LinkBack, agents, sessions),
)
times = st.none() | st.integers(0, 253_402_300_799_999)


class Begin(msgspec.Struct, frozen=True):
    """Somebody signs in."""

    agent: str
    session: str


class Own(msgspec.Struct, frozen=True):
    """The service records something."""

    fact: AnyFact


class Seat(msgspec.Struct, frozen=True):
    """A seat sends something."""

    session: str
    facts: list[AnyFact]
    at_ms: int | None


Step = Begin | Own | Seat
PEOPLE = [Begin("1001", "a"), Begin("1002", "b")]
seats = st.builds(Seat, sessions, st.lists(seat_facts, min_size=1, max_size=4), times)
steps: st.SearchStrategy[Step] = seats | st.builds(Own, own_facts)


def play(ledger: Ledger, script: list[Step]) -> None:
    """Carry out the steps."""
    for step in script:
        match step:
            case Begin(agent=number, session=name):
                ledger.begin(number, name)
            case Own(fact=fact):
                ledger.record(fact)
            case Seat(session=name, facts=facts, at_ms=at_ms):
                ledger.append(name, facts, at_ms)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=15), st.lists(seats, max_size=10))
def test_the_tables_are_what_a_rebuild_makes_of_the_ledger(
    before: list[Step], after: list[Step]
) -> None:
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        ledger.begin("1001", "c")
        play(ledger, [*PEOPLE, *before])
        ledger.begin("1001", "d")
        play(ledger, after)
        ledger.verify()
        stored = PresenceProjector()
        stored.load(ledger.connection)
        assert dict(stored.rows()) == dict(ledger.presence.rows())


def test_a_session_that_was_followed_by_another_is_kept_and_changes_nothing(
    tmp_path: Path,
) -> None:
    ready = agent.StateEntered(agent.State.READY, "ready", "1001")
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "a")
        ledger.append("a", [ready])
        ledger.begin("1001", "b")
        ledger.append("a", [session.PhoneUp("sip:x@y")])
        row = ledger.presence.of("1001")
        assert row is not None
        assert (row.session, row.state, row.phone) == ("b", agent.State.LOGGED_OFF, None)
        assert ledger.verify() == 4


def test_calls_count_in_their_session_only(tmp_path: Path) -> None:
    answered: list[AnyFact] = [
        call.CallOffered("c1", "1"),
        call.CallAnswered("c1"),
        call.CallAnswered("c1x"),
    ]
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "a")
        ledger.append("a", answered)
        assert (row := ledger.presence.of("1001")) is not None
        assert row.calls_answered == 1
        ledger.begin("1001", "b")
        assert (row := ledger.presence.of("1001")) is not None
        assert row.calls_answered == 0
