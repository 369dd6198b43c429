"""After-call work: its limit by line, and more time for who asks or is still typing."""

import asyncio
from pathlib import Path

from protocol.facts.agent import AcwExtended, Reason, State
from protocol.rules.agent_state import Limits
from protocol.rules.lines import Line
from tests.seat.rig import NUMBER, Rig, play, refusal, turns
from tests.seat.test_desk import entered

SHORT = Line("sales", {}, called=("800",), acw_limit_s=30, acw_extension_s=20, acw_extensions=2)


async def in_acw(rig: Rig, line: str = "", **limits: int) -> str:
    """After-call work has just begun."""
    await rig.work(Limits(**limits))
    call_id = await rig.talking(line)
    await rig.done(rig.desk.hang_up())
    rig.new_facts()
    return call_id


def until_s(rig: Rig) -> int:
    """Seconds until the timer ends the state."""
    now_ms, until_ms = rig.clock.now_ms(), rig.standing.until_ms
    assert now_ms is not None
    assert until_ms is not None
    return (until_ms - now_ms) // 1000


def test_more_time_is_given_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        call_id = await in_acw(rig)
        assert rig.standing.extensions_left == 1
        await asyncio.sleep(100)
        rig.desk.extend_acw()
        assert until_s(rig) == 80
        assert rig.standing.extensions_left == 0
        assert refusal(rig.desk.extend_acw) == "no_extension"
        assert rig.new_facts() == [AcwExtended(call_id, 60, NUMBER)]
        await asyncio.sleep(79)
        assert rig.state is State.ACW
        await asyncio.sleep(2)
        assert rig.new_facts() == [entered(State.READY, "acw_expired")]

    play(tmp_path, story)


def test_who_is_typing_when_the_time_is_up_gets_more_by_itself(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        call_id = await in_acw(rig)
        await asyncio.sleep(111)
        rig.standing.sign_of_life()
        await asyncio.sleep(10)
        assert rig.new_facts() == [AcwExtended(call_id, 60, "system")]
        assert until_s(rig) == 59
        await asyncio.sleep(50)
        rig.standing.sign_of_life()
        await asyncio.sleep(10)
        assert rig.new_facts() == [entered(State.READY, "acw_expired")]

    play(tmp_path, story)


def test_who_was_typing_a_while_ago_does_not(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig)
        await asyncio.sleep(109)
        rig.standing.sign_of_life()
        await asyncio.sleep(12)
        assert rig.new_facts() == [entered(State.READY, "acw_expired")]

    play(tmp_path, story)


def test_nobody_is_kept_in_it_without_typing(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig)
        await asyncio.sleep(121)
        assert rig.new_facts() == [entered(State.NOT_READY, "acw_expired", reason=Reason.AWAY)]
        assert rig.standing.extensions_left == 0
        assert refusal(rig.desk.extend_acw) == "wrong_state"

    play(tmp_path, story)


def test_a_line_has_limits_of_its_own(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (SHORT,)
        call_id = await in_acw(rig, "800")
        assert (until_s(rig), rig.standing.extensions_left) == (30, 2)
        rig.desk.extend_acw()
        rig.desk.extend_acw()
        assert until_s(rig) == 70
        assert rig.new_facts() == [AcwExtended(call_id, 20, NUMBER)] * 2
        rig.desk.acw_done()
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        assert until_s(rig) == 120

    play(tmp_path, story)


def test_a_line_may_give_no_more_time(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        rig.lines = (Line("sales", {}, called=("800",), acw_extensions=0),)
        await in_acw(rig, "800")
        assert refusal(rig.desk.extend_acw) == "no_extension"
        await asyncio.sleep(119)
        rig.standing.sign_of_life()
        await asyncio.sleep(2)
        assert rig.state is State.READY

    play(tmp_path, story)


def test_a_break_ends_it_although_it_was_extended(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig)
        rig.desk.extend_acw()
        rig.desk.take_break(Reason.MEAL)
        await asyncio.sleep(1000)
        await turns()
        assert (rig.state, rig.standing.agent.reason) == (State.NOT_READY, Reason.MEAL)

    play(tmp_path, story)


def test_the_key_that_ended_the_call_is_no_typing_after_it(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await in_acw(rig, acw_limit_s=5)
        await asyncio.sleep(6)
        assert rig.new_facts() == [entered(State.NOT_READY, "acw_expired", reason=Reason.AWAY)]

    play(tmp_path, story)
