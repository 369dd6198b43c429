"""What can break, by a random hand. Some of it takes a call or a state, and the test knows which;
the rest may go on beside anything, and must change nothing but how late a record arrives."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from agent_client.settings import as_environment
from protocol.facts.agent import State
from protocol.facts.call import EndCause
from tests.integration.process_ids import PHONE, children, runs, stop_process
from tests.integration.rig import Program, eventually
from tests.integration.shift import Shift

Harm = Callable[[Shift], Awaitable[None]]


async def kill_service(shift: Shift) -> None:
    """Pull the service's cable, and start it again."""
    assert shift.floor.service is not None
    await shift.floor.service.kill()
    await shift.floor.start_service()


async def suspend_service(shift: Shift) -> None:
    """The service stands still for a while."""
    assert shift.floor.service is not None
    async with standing_still(shift.floor.service.pid):
        await asyncio.sleep(1.0)


async def suspend_seat(shift: Shift) -> None:
    """The seat stands still for a while; the phone goes on."""
    async with standing_still(shift.floor.seats[shift.seat].pid):
        await asyncio.sleep(0.7)


async def cut_link(shift: Shift) -> None:
    """Pull the link's cable for a moment."""
    shift.cable.pull()
    await asyncio.sleep(0.5)
    shift.cable.plug_in()


async def half_open_link(shift: Shift) -> None:
    """Nothing arrives any more, nobody is told, and in the end what was on its way is lost."""
    shift.cable.freeze()
    await asyncio.sleep(0.8)
    shift.cable.pull()
    shift.cable.plug_in()


async def delay_link(shift: Shift) -> None:
    """Hold back what crosses the link, and let it through."""
    shift.cable.freeze()
    await asyncio.sleep(0.8)
    shift.cable.plug_in()


async def stammer(shift: Shift) -> None:
    """Facts arrive twice and acks never, until the link is made anew."""
    shift.repeater.stammers = True
    await asyncio.sleep(0.8)
    shift.repeater.stammers = False
    shift.cable.pull()
    shift.cable.plug_in()


async def block_disk(shift: Shift) -> None:
    """Nobody can write to the service's database for longer than the service waits."""
    where = shift.floor.data / "seatline.db"
    with contextlib.closing(sqlite3.connect(where, isolation_level=None)) as database:
        database.execute("PRAGMA busy_timeout = 10000")
        database.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(2.5)
        database.execute("ROLLBACK")


async def kill_terminal(shift: Shift) -> None:
    """Somebody opens the terminal, and its process is killed."""
    terminal = await Program.start_in_terminal(
        *("agent_client.cli", "--lang", "en"),
        environment=as_environment(shift.floor.settings(shift.seat)),
        painted=shift.number.encode(),
    )
    await terminal.kill()


async def kill_seat(shift: Shift) -> None:
    """Kill the seat and start it again: the end of a call is unknown, nobody is ready."""
    in_call = (await shift.floor.status(shift.player)).call is not None
    began = time.monotonic()
    await shift.floor.seats[shift.seat].kill()
    shift.player = await shift.floor.start_seat(shift.seat)
    await shift.player.until(lambda status: status.state is not State.LOGGED_OFF)
    shift.truth.unknown_s += time.monotonic() - began
    shift.truth.restarts += 1
    shift.lost = EndCause.SEAT_LOST if in_call else ""


async def kill_phone(shift: Shift) -> None:
    """Kill the phone, which the seat starts again: a call is over, READY is a fault."""
    in_call = (await shift.floor.status(shift.player)).call is not None
    killed, seat = shift.floor.phone_pid(shift.seat), shift.floor.seats[shift.seat].pid
    stop_process(killed)
    await eventually(lambda: any(runs(each, PHONE) for each in children(seat) if each != killed))
    await shift.is_registered()
    shift.lost = EndCause.PHONE_FAULT if in_call else ""


BESIDE: tuple[Harm, ...] = (
    kill_service,
    suspend_service,
    suspend_seat,
    cut_link,
    half_open_link,
    delay_link,
    stammer,
    block_disk,
    kill_terminal,
)
"""May go on beside anything."""
STRIKING: tuple[Harm, ...] = (kill_seat, kill_phone)
"""Take a call."""
ALONE: tuple[Harm, ...] = (Shift.begins_without_service, Shift.moves_to_another_desk)
"""Are something that the agent does."""


@contextlib.asynccontextmanager
async def standing_still(pid: int) -> AsyncIterator[None]:
    """A process stopped, and going on afterwards."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
