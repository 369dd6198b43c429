"""A machine that sleeps: its timers stand still, its clock does not."""

import asyncio
from pathlib import Path

import pytest

from agent_client.seat import sleep as sleep_module
from agent_client.seat.clock import Clock
from agent_client.seat.sleep import watch_sleep
from protocol.facts.agent import Reason, State
from protocol.wire import session
from protocol.wire.sync import Link
from tests.phone.clock import in_no_time
from tests.seat.rig import Rig, play, turns
from tests.seat.service import FakeService
from tests.seat.sitting import Sitting


class Sleeper:
    """A clock that counts through suspend, beside a loop's that does not."""

    def __init__(self) -> None:
        self.asleep_s = 0.0

    def read_ms(self) -> int:
        return int((asyncio.get_running_loop().time() + self.asleep_s) * 1000)


def test_a_sleep_is_noticed_within_a_second_and_told_once() -> None:
    async def sleep() -> list[float]:
        sleeper, told = Sleeper(), list[float]()
        watching = asyncio.create_task(watch_sleep(Clock(sleeper.read_ms), told.append))
        for seconds in (0, 3600, 0, 4, 60):
            sleeper.asleep_s += seconds
            await asyncio.sleep(2 * sleep_module.LOOK_S)
        watching.cancel()
        await asyncio.wait({watching})
        return [round(each) for each in told]

    assert in_no_time(sleep()) == [3600, 60]


def test_what_was_due_while_it_slept_comes_at_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.talking()
        await rig.done(rig.desk.hang_up())
        rig.standing.slept(100)
        await asyncio.sleep(19)
        assert rig.state is State.ACW
        await asyncio.sleep(2)
        assert (rig.state, rig.standing.agent.reason) == (State.NOT_READY, Reason.AWAY)

    play(tmp_path, story)


def test_a_call_that_rang_meanwhile_is_no_miss_of_the_agents(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        await rig.rung()
        rig.standing.slept(3600)
        await turns()
        assert rig.state is State.RINGING

    play(tmp_path, story)


def test_a_desk_that_was_left_asleep_is_left(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work(terminals=0)
        rig.standing.slept(61)
        await turns()
        assert (rig.state, rig.standing.agent.reason) == (State.NOT_READY, Reason.AWAY)

    play(tmp_path, story)


def test_without_a_timer_sleep_changes_no_state(tmp_path: Path) -> None:
    async def story(rig: Rig) -> None:
        await rig.work()
        rig.standing.slept(3600)
        await asyncio.sleep(5)
        assert (rig.state, rig.new_facts()) == (State.READY, [])

    play(tmp_path, story)


@pytest.fixture
def lively(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sleep_module, "LOOK_S", 0.02)


async def test_after_a_sleep_the_link_is_made_anew_at_once(
    lively: None, sits: Sitting, service: FakeService
) -> None:
    mono = sits.seat.clock._mono
    sits.seat.clock._mono = lambda: mono() + 3_600_000
    (resumed,) = await service.hears(session.Resume)
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    assert resumed.session == service.of(session.SignIn)[0].session
    assert sits.status.state is State.NOT_READY
