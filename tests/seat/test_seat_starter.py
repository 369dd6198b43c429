"""A seat in a process of its own: started by whoever comes first, and outliving them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from agent_client import seat_starter
from agent_client.seat.place import SeatPlace, contacts, make_folders, place_of
from agent_client.seat_starter import ensure_seat, find_seat
from agent_client.settings import Settings
from protocol.wire import desk
from protocol.wire.errors import Code, Refused
from tests.seat.service import eventually

NOBODY = "ws://127.0.0.1:9"
"""No service: a seat runs without one."""


def alive(pid: int) -> bool:
    """Whether the process exists and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    return not alive(pid)


@pytest.fixture
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a seat; whichever was started by them is ended."""
    made = Settings(
        server=NOBODY, agent="1001", data=str(tmp_path / "d"), runtime=str(tmp_path / "r")
    )
    yield made
    for contact in contacts(made.runtime_folder()):
        os.kill(contact.pid, signal.SIGTERM)
        await eventually(partial(gone, contact.pid))


@pytest.fixture
def place(settings: Settings) -> SeatPlace:
    return place_of(settings)


def pid(settings: Settings) -> int:
    (contact,) = contacts(settings.runtime_folder())
    return contact.pid


async def seat_command(settings: Settings) -> tuple[int, str]:
    """`agent-client seat`, to its end: exit code and standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent_client.cli", "seat"),
        env={
            **os.environ,
            "SEATLINE_SERVER": settings.server,
            "SEATLINE_AGENT": settings.agent,
            "SEATLINE_CLIENT_DATA": settings.data,
            "SEATLINE_RUNTIME": settings.runtime,
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode is not None
    return process.returncode, errors.decode()


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # on purpose
async def test_of_two_who_start_a_seat_at_once_both_get_the_same(
    settings: Settings, place: SeatPlace
) -> None:
    first, second = await asyncio.gather(ensure_seat(settings), ensure_seat(settings))
    await first.ask(desk.GetStatus)
    await second.ask(desk.GetStatus)
    assert len(list(contacts(settings.runtime_folder()))) == 1
    code, errors = await seat_command(settings)
    assert (code, "[seat_running]" in errors) == (1, True)
    await first.ask(desk.GetStatus)
    files = [place.lock, place.log, place.outbox, place.contact, place.socket]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    await first.close()
    await second.close()


STARTER = """
import asyncio, sys
from agent_client.seat_starter import ensure_seat
from agent_client.settings import Settings

async def main():
    client = await ensure_seat(Settings(*sys.argv[1:3], data=sys.argv[3], runtime=sys.argv[4]))
    await client.close()

asyncio.run(main())
"""


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")  # on purpose
async def test_a_seat_outlives_who_started_it_and_its_own_death(settings: Settings) -> None:
    given = (settings.server, settings.agent, settings.data, settings.runtime)
    starter = await asyncio.create_subprocess_exec(sys.executable, "-c", STARTER, *given)
    assert await asyncio.wait_for(starter.wait(), 20) == 0
    first = pid(settings)
    client = await find_seat(settings)
    assert alive(first)
    os.kill(first, signal.SIGKILL)
    await asyncio.wait_for(client.closed(), 10)
    await client.close()
    with pytest.raises(Refused) as refused:
        await find_seat(settings)
    assert refused.value.code == Code.NO_SEAT
    client = await ensure_seat(settings)
    assert pid(settings) != first
    await client.close()


async def test_a_seat_that_can_not_start_is_told_with_its_log(
    settings: Settings, place: SeatPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat_starter, "OTHERS_START_S", 0.1)
    make_folders(place)
    place.outbox.mkdir()
    with pytest.raises(Refused) as refused:
        await ensure_seat(settings)
    assert refused.value.code == Code.SEAT_STARTING_FAILED
    assert refused.value.params == {"log": str(place.log)}
    assert "disk_failed" in place.log.read_text()
