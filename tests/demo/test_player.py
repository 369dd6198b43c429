"""A colleague of the demonstration: takes calls, and does what a lead wants."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from agent_client.demo.player import Player, rest, work
from protocol.facts.agent import Reason, State
from protocol.wire import desk, desk_call
from protocol.wire.breaks import OwnQueue
from protocol.wire.desk_call import CallState
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.waiting import until


class Hurried(random.Random):
    """Chance that never waits."""

    def uniform(self, a: float, b: float) -> float:
        return 0.0


TAKEN_OUT = [
    (State.NOT_READY, Reason.FORCED),
    (State.NOT_READY, Reason.NO_ANSWER),
    (State.NOT_READY, Reason.SYSTEM_FAULT),
]


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[FakeSeat]:
    fake = FakeSeat(tmp_path / "seat.sock", status(State.NOT_READY))

    def react(request: desk.AnyRequest) -> None:
        becomes = {desk.Ready: State.READY, desk.AcwDone: State.READY}.get(type(request))
        fake.tell(state=becomes or fake.status.state)

    fake.react = react
    await fake.start()
    client = await fake.connect()
    player = Player(client)
    await client.ask(desk.Watch)
    working = asyncio.create_task(work(player, Hurried(1)), name="colleague")
    yield fake
    working.cancel()
    await asyncio.wait([working])
    await client.close()
    await fake.stop()


async def test_a_call_is_taken_and_worked_on(seat: FakeSeat) -> None:
    await until(lambda: seat.status.state is State.READY)
    seat.tell(state=State.RINGING, call=call(CallState.RINGING))
    await until(lambda: desk_call.Answer in seat.kinds())
    seat.tell(state=State.ACW, call=None)
    await until(lambda: desk.AcwDone in seat.kinds())


@pytest.mark.parametrize(("state", "reason"), TAKEN_OUT)
async def test_whoever_is_taken_out_of_the_line_comes_back_after_a_while(
    seat: FakeSeat, state: State, reason: Reason
) -> None:
    await until(lambda: seat.status.state is State.READY)
    seat.tell(state=state, reason=reason)
    await until(lambda: seat.kinds().count(desk.Ready) >= 2)


@pytest.mark.parametrize(("state", "reason"), TAKEN_OUT)
async def test_a_call_that_ends_without_after_call_work_is_no_end_of_the_day(
    seat: FakeSeat, state: State, reason: Reason
) -> None:
    await until(lambda: seat.status.state is State.READY)
    seat.tell(state=State.RINGING, call=call(CallState.RINGING))
    await until(lambda: desk_call.Answer in seat.kinds())
    seat.tell(state=state, reason=reason, call=None)
    await until(lambda: seat.kinds().count(desk.Ready) >= 2)


async def test_whoever_is_signed_out_goes_home(seat: FakeSeat) -> None:
    await until(lambda: seat.status.state is State.READY)
    (working,) = (each for each in asyncio.all_tasks() if each.get_name() == "colleague")
    seat.tell(state=State.LOGGED_OFF)
    await until(working.done)
    assert working.exception() is None


async def test_a_colleague_takes_calls_until_the_turn_for_the_break_comes(tmp_path: Path) -> None:
    waits = OwnQueue((Reason.REST,), Reason.REST, place=1, away=1, cap=1)
    seat = FakeSeat(tmp_path / "seat.sock", status(State.READY, break_queue=waits))
    await seat.start()
    client = await seat.connect()
    player = Player(client)
    await client.ask(desk.Watch)
    resting = asyncio.create_task(rest(player, Hurried(1), Reason.REST))
    await until(lambda: desk.Break in seat.kinds())
    seat.tell(state=State.RINGING, call=call(CallState.RINGING))
    await until(lambda: desk_call.Answer in seat.kinds())
    seat.tell(state=State.READY, call=None)
    granted = msgspec.structs.replace(waits, place=0, granted=True)
    seat.tell(break_queue=granted)
    await until(lambda: seat.kinds().count(desk.Break) >= 2)
    seat.tell(state=State.NOT_READY, reason=Reason.REST, break_queue=None)
    await asyncio.wait_for(resting, 5)
    await client.close()
    await seat.stop()
