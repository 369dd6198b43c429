"""Calls that are connected by themselves."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_client.seat.auto_answer import RING_S
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallMissed, MissCause
from protocol.rules.lines import Line
from tests.seat.rig import Rig, play, turns
from tests.seat.test_desk import entered

BY_ITSELF = Line("sales", {}, called=("800",), auto_answer=True)
BY_HAND = Line("help", {}, called=("900",))
TONE_S = 0.5
"""Longer than the tone in the agent's ear."""


async def rings(rig: Rig, line: str) -> str:
    """A call of a line has just begun to ring."""
    rig.lines = (BY_ITSELF, BY_HAND)
    await rig.work()
    call_id = await rig.rung(line=line)
    rig.new_facts()
    return call_id


async def the_time_comes() -> None:
    """The call has rung for as long as it may be refused, and the tone is over."""
    await asyncio.sleep(RING_S + TONE_S)
    await turns()


def test_a_call_is_connected_after_it_was_seen(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        call_id = await rings(rig, "800")
        assert rig.standing.call is not None
        assert rig.standing.call.auto_answer
        await asyncio.sleep(RING_S / 2)
        assert rig.state is State.RINGING
        await the_time_comes()
        answered, entry = rig.new_facts()
        assert type(answered).__name__ == "CallAnswered"
        assert entry == entered(State.TALK, "auto_answered", call_id)

    play(tmp_path, story)


def test_a_call_of_another_line_waits_for_a_hand(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rings(rig, "900")
        await asyncio.sleep(10)
        assert rig.state is State.RINGING

    play(tmp_path, story)


PREVENTED: dict[str, Callable[[Rig], object]] = {
    "a break chosen": lambda rig: rig.desk.take_break(Reason.REST),
    "signing out chosen": lambda rig: rig.desk.sign_out(),
    "a screen locked": lambda rig: rig.desk.lock(),
    "no microphone": lambda rig: rig.phone.far.microphone_changes(False),
}


@pytest.mark.parametrize("act", PREVENTED.values(), ids=PREVENTED.keys())
def test_a_call_is_not_given_to_who_is_not_there_for_it(
    tmp_path: Path, act: Callable[[Rig], object]
) -> None:
    async def story(rig: Rig) -> None:
        await rings(rig, "800")
        act(rig)
        await the_time_comes()
        assert rig.state is State.RINGING

    play(tmp_path, story)


def test_the_agent_may_be_quicker(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        call_id = await rings(rig, "800")
        await rig.done(rig.desk.answer())
        assert rig.new_facts()[-1] == entered(State.TALK, "call_answered", call_id, actor="1001")
        await the_time_comes()
        assert rig.new_facts() == []

    play(tmp_path, story)


def test_a_key_during_the_tone_is_the_same_answer(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rings(rig, "800")
        await asyncio.sleep(RING_S)
        await turns()
        await rig.done(rig.desk.answer())
        assert rig.state is State.TALK

    play(tmp_path, story)


def test_a_call_that_is_refused_meanwhile_stays_refused(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        call_id = await rings(rig, "800")
        await rig.done(rig.desk.reject())
        await the_time_comes()
        assert rig.new_facts()[0] == CallMissed(call_id, MissCause.REJECT)
        assert rig.state is State.NOT_READY

    play(tmp_path, story)


def test_a_caller_who_leaves_meanwhile_has_left(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        call_id = await rings(rig, "800")
        rig.phone.far.peer_hangs_up(call_id)
        await the_time_comes()
        assert rig.new_facts()[-1] == entered(State.READY, "caller_left")

    play(tmp_path, story)
