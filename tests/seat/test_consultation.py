"""A second leg: asking an expert about the customer, talking as three, handing the customer on."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from agent_client.phone.engine import CallEnded as CallOver
from agent_client.phone.engine import Close, Ending
from protocol.facts.agent import State
from protocol.facts.call import (
    CallBackOwed,
    CallEnded,
    CallHeld,
    CallResumed,
    CallTransferred,
    ConsultAnswered,
    ConsultEnded,
    ConsultJoined,
    ConsultStarted,
    EndCause,
    ReleasedBy,
)
from protocol.facts.session import PhoneDown
from tests.seat.rig import NUMBER, Rig, outcome, play, refusal, turns
from tests.seat.test_desk import CUSTOMER, CUSTOMER_URI, entered

EXPERT = "sip:8001@floor.invalid"
ELSEWHERE = "sip:9@elsewhere.invalid"


async def asked(rig: Rig) -> tuple[str, str]:
    """The customer waits on hold and an expert's phone rings: the names of both calls."""
    await rig.work()
    customer = await rig.talking()
    await rig.desk.consultation.begin(EXPERT)
    await turns()
    rig.new_facts()
    return customer, second_leg(rig)


def second_leg(rig: Rig) -> str:
    """The name of the expert's call."""
    assert rig.standing.call is not None
    assert rig.standing.call.consultation is not None
    return rig.standing.call.consultation.id


async def consulting(rig: Rig) -> tuple[str, str]:
    """The expert has answered."""
    customer, expert = await asked(rig)
    rig.phone.far.peer_answers(expert)
    await turns()
    rig.new_facts()
    return customer, expert


async def joined(rig: Rig) -> tuple[str, str]:
    """All three speak with one another."""
    legs = await consulting(rig)
    await rig.desk.consultation.join()
    await turns()
    rig.new_facts()
    return legs


async def code(asked: Coroutine[Any, Any, None]) -> str:
    """How something that takes its time comes out."""
    return await outcome(asyncio.ensure_future(asked))


def test_a_consultation_from_hold_to_hold(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        await rig.desk.consultation.begin(EXPERT)
        expert = second_leg(rig)
        rig.phone.far.peer_answers(expert)
        await turns()
        await rig.done(rig.desk.hang_up())
        assert rig.new_facts() == [
            CallHeld(customer),
            entered(State.HOLD, "call_held", customer, actor=NUMBER),
            ConsultStarted(customer, expert, EXPERT),
            entered(State.CONSULT, "consult_started", customer, actor=NUMBER),
            ConsultAnswered(customer, expert),
            ConsultEnded(customer, expert),
            entered(State.HOLD, "consult_ended", customer),
        ]
        await rig.done(rig.desk.resume())
        assert rig.state is State.TALK

    play(tmp_path, story)


def test_a_customer_on_hold_is_not_held_again(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        await rig.done(rig.desk.hold())
        rig.new_facts()
        await rig.desk.consultation.begin(EXPERT)
        assert [type(fact).__name__ for fact in rig.new_facts()] == [
            "ConsultStarted",
            "StateEntered",
        ]

    play(tmp_path, story)


ENDS_OF_THE_EXPERT: dict[str, tuple[Callable[[Rig, str], object], int | None]] = {
    "refuses": (lambda rig, leg: rig.phone.far.peer_refuses(leg, 603), 603),
    "is not reached": (lambda rig, leg: rig.phone.far.fails(leg, 408), 408),
    "is given up": (lambda rig, leg: rig.desk.hang_up(), 487),
}


@pytest.mark.parametrize(
    ("act", "status"), ENDS_OF_THE_EXPERT.values(), ids=ENDS_OF_THE_EXPERT.keys()
)
def test_an_expert_who_does_not_answer_leaves_the_customer_on_hold(
    tmp_path: Path, act: Callable[[Rig, str], object], status: int | None
) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await asked(rig)
        act(rig, expert)
        await turns()
        assert rig.new_facts() == [
            ConsultEnded(customer, expert, status),
            entered(State.HOLD, "consult_ended", customer),
        ]

    play(tmp_path, story)


def test_a_number_that_the_phone_can_not_dial_leaves_the_customer_on_hold(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        await rig.desk.consultation.begin("8001")  # a direct phone knows no numbers
        await turns()
        assert rig.state is State.HOLD
        assert type(rig.new_facts()[-2]).__name__ == "ConsultEnded"

    play(tmp_path, story)


def test_a_customer_who_leaves_lets_the_agent_finish_with_the_expert(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await consulting(rig)
        rig.phone.far.peer_hangs_up(customer)
        await turns()
        assert rig.new_facts() == [CallEnded(customer, EndCause.BYE, ReleasedBy.PEER)]
        assert rig.state is State.CONSULT
        assert await code(rig.desk.consultation.join()) == "no_consultation"
        rig.phone.far.peer_hangs_up(expert)
        await turns()
        assert rig.new_facts() == [
            ConsultEnded(customer, expert),
            entered(State.ACW, "last_leg_ended", customer),
        ]

    play(tmp_path, story)


def test_a_customer_who_leaves_before_the_expert_answers_spares_the_expert(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await asked(rig)
        rig.phone.far.peer_hangs_up(customer)
        await turns()
        assert rig.phone.far._legs == {}
        assert rig.new_facts() == [
            CallEnded(customer, EndCause.BYE, ReleasedBy.PEER),
            ConsultEnded(customer, expert, 487),
            entered(State.ACW, "last_leg_ended", customer),
        ]

    play(tmp_path, story)


def test_a_customer_who_leaves_while_being_put_on_hold_is_not_consulted_about(
    tmp_path: Path,
) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        begun = asyncio.ensure_future(rig.desk.consultation.begin(EXPERT))
        await asyncio.sleep(0)
        rig.phone.far.peer_hangs_up(customer)
        assert await outcome(begun) in ("no_call", "phone_refused")
        await turns()
        assert rig.phone.far._legs == {}
        assert rig.state is State.ACW

    play(tmp_path, story)


def test_three_talk_and_then_two(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await consulting(rig)
        await rig.desk.consultation.join()
        await turns()
        assert rig.state is State.CONSULT
        await rig.desk.consultation.join()
        rig.phone.far.peer_hangs_up(expert)
        await turns()
        assert rig.new_facts() == [
            CallResumed(customer),
            ConsultJoined(customer, expert),
            ConsultEnded(customer, expert),
            entered(State.TALK, "conference_ended", customer),
        ]

    play(tmp_path, story)


def test_a_customer_who_leaves_the_three_has_hung_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await joined(rig)
        rig.phone.far.peer_hangs_up(customer)
        await turns()
        await rig.done(rig.desk.hang_up())
        assert rig.new_facts() == [
            CallEnded(customer, EndCause.BYE, ReleasedBy.PEER),
            ConsultEnded(customer, expert),
            entered(State.ACW, "last_leg_ended", customer),
        ]

    play(tmp_path, story)


def test_nobody_joins_before_the_expert_answers(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await asked(rig)
        assert await code(rig.desk.consultation.join()) == "no_consultation"
        assert refusal(lambda: rig.desk.consultation.hand_over("")) == "no_consultation"
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_a_blind_transfer_that_arrives(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        handed = rig.desk.consultation.hand_over(ELSEWHERE)
        rig.phone.far.transfer_ends(customer, 200)
        await rig.done(handed)
        assert rig.new_facts() == [
            CallTransferred(customer, ELSEWHERE),
            CallEnded(customer, EndCause.TRANSFERRED, ReleasedBy.AGENT),
            entered(State.ACW, "last_leg_ended", customer),
        ]

    play(tmp_path, story)


def test_a_transfer_that_is_refused_leaves_the_call_as_it_was(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        handed = rig.desk.consultation.hand_over(ELSEWHERE)
        rig.phone.far.transfer_ends(customer, 603)
        assert await outcome(handed) == "phone_refused"
        assert (rig.new_facts(), rig.state) == ([], State.TALK)
        await rig.done(rig.desk.hang_up())
        assert rig.new_facts()[0] == CallEnded(customer, EndCause.BYE, ReleasedBy.AGENT)

    play(tmp_path, story)


def test_a_customer_who_hangs_up_while_being_handed_on_has_hung_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        customer = await rig.talking()
        handed = rig.desk.consultation.hand_over(ELSEWHERE)
        rig.phone.far.peer_hangs_up(customer)
        assert await outcome(handed) == "no_call"
        assert rig.new_facts()[0] == CallEnded(customer, EndCause.BYE, ReleasedBy.PEER)

    play(tmp_path, story)


@pytest.mark.parametrize("reached", [consulting, joined])
def test_the_customer_is_handed_to_the_expert(
    tmp_path: Path, reached: Callable[[Rig], "asyncio.Future[tuple[str, str]]"]
) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await reached(rig)
        handed = rig.desk.consultation.hand_over("")
        rig.phone.far.transfer_ends(customer, 200)
        await rig.done(handed)
        assert rig.new_facts() == [
            CallTransferred(customer, EXPERT, expert),
            CallEnded(customer, EndCause.TRANSFERRED, ReleasedBy.AGENT),
            ConsultEnded(customer, expert),
            entered(State.ACW, "last_leg_ended", customer),
        ]

    play(tmp_path, story)


def test_the_customer_is_handed_over_whichever_leg_ends_first(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await consulting(rig)
        handed = rig.desk.consultation.hand_over("")
        for leg in (expert, customer):
            rig.events.take(CallOver(leg, Ending.TRANSFERRED, answered=True))
        assert await outcome(handed) == "done"
        assert rig.new_facts() == [
            ConsultEnded(customer, expert),
            CallTransferred(customer, EXPERT, expert),
            CallEnded(customer, EndCause.TRANSFERRED, ReleasedBy.AGENT),
            entered(State.ACW, "last_leg_ended", customer),
        ]

    play(tmp_path, story)


@pytest.mark.parametrize("reached", [asked, consulting, joined])
def test_a_phone_that_dies_ends_both_and_owes_the_customer_a_call(
    tmp_path: Path, reached: Callable[[Rig], "asyncio.Future[tuple[str, str]]"]
) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await reached(rig)
        rig.phone_dies()
        assert rig.new_facts() == [
            ConsultEnded(customer, expert),
            CallEnded(customer, EndCause.PHONE_FAULT, ReleasedBy.SYSTEM),
            CallBackOwed(customer, CUSTOMER, CUSTOMER_URI),
            entered(State.ACW, "last_leg_ended", customer),
            PhoneDown("phone_died"),
        ]

    play(tmp_path, story)


def test_a_phone_that_dies_after_the_customer_left_owes_nobody_a_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        customer, expert = await consulting(rig)
        rig.phone.far.peer_hangs_up(customer)
        await turns()
        rig.new_facts()
        rig.phone_dies()
        assert rig.new_facts()[:2] == [
            ConsultEnded(customer, expert),
            entered(State.ACW, "last_leg_ended", customer),
        ]
        assert rig.owed == ()

    play(tmp_path, story)


def test_a_seat_that_stops_in_a_consultation_owes_the_customer_a_call(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await consulting(rig)
        rig.phone.do(Close())
        await turns()
        assert rig.owed == (CUSTOMER,)
        assert rig.state is State.ACW

    play(tmp_path, story)
