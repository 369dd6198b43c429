"""Whatever is recorded in whatever order: the tables are what a rebuild makes of the ledger, and
whoever starts from the tables goes on as if they had been there all along."""

import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.presence.projector import PresenceProjector
from protocol.facts import agent, call, order, session, wrap_up
from protocol.facts.record import AnyFact
from tests.service.ledgers import DESK, Ledger, new_ledger

agents = st.sampled_from(["1001", "1002"])
sessions = st.sampled_from(["a", "b", "c"])
"""`c` is an earlier one of 1001's; `d` follows `a` in the middle."""
calls = st.sampled_from(["c1", "c2"])
orders = st.sampled_from(["o1", "o2", "o3"])
texts = st.text(max_size=3)
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
    st.builds(call.CallMissed, calls, st.sampled_from(call.MissCause)),
    st.builds(wrap_up.CallWrappedUp, calls, texts, texts, texts, st.just(()), texts),
    st.builds(wrap_up.CallBackPromised, calls, texts, st.integers(0, 9_000)),
    st.builds(wrap_up.CallBackSettled, calls),
    st.builds(agent.AcwExtended, calls, st.integers(-9, 1 << 62), agents),
    st.builds(agent.DeskLocked, st.booleans()),
    st.builds(order.OrderSettled, orders, st.sampled_from(order.OrderOutcome), texts),
    st.builds(session.SessionProvisional, texts),
    st.just(session.SessionConfirmed()),
    st.builds(session.PhoneUp, st.text(max_size=5)),
    st.builds(session.PhoneDown, st.just("phone_died")),
)
own_facts: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(session.LinkLost, agents, sessions, st.integers(0, 9_000)),
    st.builds(session.LinkBack, agents, sessions),
    st.builds(session.SignedOffByService, agents, sessions),
    st.builds(session.SessionAdmitted, st.just("1001"), st.just(DESK), st.sampled_from(["a", "e"])),
    st.builds(
        order.OrderPlaced,
        orders,
        agents,
        st.sampled_from(order.OrderKind),
        st.just("3001"),
        texts,
        st.integers(0, 9_000),
        texts,
    ),
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
        kept = [stored.of(agent) for agent in ("1001", "1002")]
        assert kept == [ledger.projections.presence.of(agent) for agent in ("1001", "1002")]


def test_a_session_that_was_followed_by_another_is_kept_and_changes_nothing(
    tmp_path: Path,
) -> None:
    ready = agent.StateEntered(agent.State.READY, "ready", "1001")
    with new_ledger(tmp_path / "data") as ledger:
        ledger.begin("1001", "a")
        ledger.append("a", [ready])
        ledger.begin("1001", "b")
        ledger.append("a", [session.PhoneUp("sip:x@y")])
        row = ledger.projections.presence.of("1001")
        assert row is not None
        assert (row.session, row.state, row.phone) == ("b", agent.State.LOGGED_OFF, None)
        assert ledger.verify() == 4
