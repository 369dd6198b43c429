"""What a session left behind, from its facts alone."""

from agent_client.seat.recovery import Unfinished, owed, recovered, unfinished
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import (
    CallAnswered,
    CallBackOwed,
    CallDialled,
    CallEnded,
    CallOffered,
    EndCause,
    ReleasedBy,
)
from protocol.facts.record import AnyFact

OFFERED = CallOffered("c", "138")
DIALLED = CallDialled("c", "sip:a@b")
ANSWERED = CallAnswered("c")
ENDED = CallEnded("c", EndCause.BYE, ReleasedBy.PEER)
LOST = CallEnded("c", EndCause.SEAT_LOST, ReleasedBy.UNKNOWN)


def enters(state: State) -> StateEntered:
    return StateEntered(state, "test", "1001")


def settled(*facts: AnyFact) -> tuple[AnyFact, ...]:
    return recovered(unfinished(facts))


def test_nothing_left_needs_nothing() -> None:
    assert unfinished([]) == Unfinished()
    assert settled(enters(State.READY), OFFERED, ANSWERED, ENDED) == ()


def test_who_was_signed_in_is_seen_in_the_last_state() -> None:
    assert unfinished([enters(State.READY)]).signed_in
    assert not unfinished([enters(State.READY), enters(State.LOGGED_OFF)]).signed_in


def test_a_call_that_rang_or_was_dialled_is_ended_and_owes_nothing() -> None:
    assert settled(OFFERED) == (LOST,)
    assert settled(DIALLED) == (LOST,)


def test_a_customer_who_was_spoken_to_is_owed_a_call() -> None:
    assert settled(OFFERED, ANSWERED) == (LOST, CallBackOwed("c", "138"))
    assert settled(DIALLED, ANSWERED) == (LOST, CallBackOwed("c", "sip:a@b"))


def test_who_was_reached_is_owed_nothing_whoever_called() -> None:
    debt = CallBackOwed("x", "138")
    assert owed([debt, CallBackOwed("y", "139"), debt]) == ("138", "139")
    assert owed([debt, OFFERED]) == ("138",)
    assert owed([debt, OFFERED, ANSWERED]) == ()
    assert owed([debt, CallDialled("c", "138"), ANSWERED]) == ()
    assert owed([OFFERED, ANSWERED, debt]) == ("138",)
