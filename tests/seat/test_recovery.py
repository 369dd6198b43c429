"""What a session left behind, from its facts alone."""

from agent_client.seat.recovery import Unfinished, recovered, unfinished
from protocol.facts.agent import DeskLocked, State, StateEntered
from protocol.facts.call import (
    CallAnswered,
    CallBackOwed,
    CallDialled,
    CallEnded,
    CallOffered,
    CallPeerChanged,
    ConsultAnswered,
    ConsultEnded,
    ConsultStarted,
    EndCause,
    ReleasedBy,
)
from protocol.facts.order import OrderOutcome, OrderSettled
from protocol.facts.record import AnyFact

OFFERED = CallOffered("c", "138", peer_uri="sip:138@b")
DIALLED = CallDialled("c", "sip:a@b")
ANSWERED = CallAnswered("c")
ENDED = CallEnded("c", EndCause.BYE, ReleasedBy.PEER)
LOST = CallEnded("c", EndCause.SEAT_LOST, ReleasedBy.UNKNOWN)
OWED = CallBackOwed("c", "138", "sip:138@b")
CONSULTED = ConsultStarted("c", "d", "8001")
LOCKED = DeskLocked(locked=True)


def enters(state: State) -> StateEntered:
    return StateEntered(state, "test", "1001")


def settled(*facts: AnyFact, locked: bool = False) -> tuple[AnyFact, ...]:
    return recovered(unfinished(facts), locked=locked)


def test_nothing_left_needs_nothing() -> None:
    assert unfinished([]) == Unfinished()
    assert settled(enters(State.READY), OFFERED, ANSWERED, ENDED) == ()


def test_a_call_that_rang_or_was_dialled_is_ended_and_owes_nothing() -> None:
    assert settled(OFFERED) == (LOST,)
    assert settled(DIALLED) == (LOST,)
    assert settled(OFFERED, ANSWERED, ENDED, DIALLED) == (LOST,)


def test_a_customer_who_was_spoken_to_is_owed_a_call() -> None:
    assert settled(OFFERED, ANSWERED) == (LOST, OWED)
    assert settled(DIALLED, ANSWERED) == (LOST, CallBackOwed("c", "sip:a@b"))


def test_the_one_who_was_put_through_is_owed_the_call() -> None:
    put_through = (CallPeerChanged("c", "139"), CallPeerChanged("x", "140"))
    assert settled(OFFERED, ANSWERED, *put_through) == (LOST, CallBackOwed("c", "139"))


def test_a_consultation_is_over_with_the_seat() -> None:
    asked = (OFFERED, ANSWERED, CONSULTED, ConsultAnswered("c", "d"))
    assert settled(*asked) == (ConsultEnded("c", "d"), LOST, OWED)
    assert settled(*asked, ConsultEnded("c", "d")) == (LOST, OWED)


def test_a_consultation_that_the_customer_had_left_owes_nothing() -> None:
    assert settled(OFFERED, ANSWERED, CONSULTED, ENDED) == (ConsultEnded("c", "d"),)


def test_what_waited_for_the_end_of_the_call_has_lapsed() -> None:
    queued = [OrderSettled(order, OrderOutcome.QUEUED) for order in ("o2", "o1", "o3")]
    assert settled(*queued, OrderSettled("o3", OrderOutcome.APPLIED)) == (
        OrderSettled("o1", OrderOutcome.LAPSED),
        OrderSettled("o2", OrderOutcome.LAPSED),
    )


def test_a_screen_stays_locked_until_it_is_opened_or_the_person_is_gone() -> None:
    assert unfinished([LOCKED, enters(State.NOT_READY)]).locked
    assert not unfinished([LOCKED, DeskLocked(locked=False)]).locked
    assert not unfinished([LOCKED, enters(State.LOGGED_OFF)]).locked


def test_a_session_behind_a_locked_screen_says_so() -> None:
    assert settled(LOCKED, locked=True) == (LOCKED,)
    assert settled(LOCKED) == ()
