"""Finding the seat that runs, or starting one that outlives whoever started it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from agent_client.desk_client import DeskClient
from agent_client.seat.place import Contact, SeatPlace, contacts, make_folders, place_of
from agent_client.settings import Settings, as_environment
from protocol.wire.errors import Code, Refused

START_S = 15.0
OTHERS_START_S = 5.0
LOOK_S = 0.05


async def find_seat(settings: Settings, *, terminal: bool = False) -> DeskClient:
    """Connect to the one seat that runs here, or to the one of `settings.agent`.

    Raises `Refused`: `NO_SEAT`, or `SEVERAL_SEATS` where the staff number is needed.
    """
    found: list[tuple[Contact, DeskClient]] = []
    try:
        for contact in contacts(settings.runtime_folder()):
            if settings.agent in ("", contact.agent):
                client = await _try(contact, terminal=terminal)
                if client is not None:
                    found.append((contact, client))
        chosen = _the_one(found, settings)
    except Refused:
        for _, client in found:
            await client.close()
        raise
    for _, client in found:
        if client is not chosen:
            await client.close()
    return chosen


def _the_one(found: list[tuple[Contact, DeskClient]], settings: Settings) -> DeskClient:
    """The only seat, or of one person's seats the one at this server."""
    if not found:
        raise Refused(Code.NO_SEAT)
    if settings.agent and len(found) > 1:
        found = [each for each in found if each[0].server == settings.server] or found
    if len(found) > 1:
        agents = sorted({contact.agent for contact, _ in found})
        raise Refused(Code.SEVERAL_SEATS, agents=", ".join(agents))
    return found[0][1]


async def ensure_seat(settings: Settings) -> DeskClient:
    """A terminal's connection to the seat of `settings.agent`; one is started if none runs.

    Raises `Refused(SEAT_STARTING_FAILED)` naming its log.
    """
    place = place_of(settings)
    running = await _connect(place)
    if running is not None:
        return running
    seat = _start(settings, place)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_S
    while loop.time() < deadline:
        running = await _connect(place)
        if running is not None:
            return running
        if seat.poll() is not None:  # somebody else's may be starting at the same moment
            deadline = min(deadline, loop.time() + OTHERS_START_S)
        await asyncio.sleep(LOOK_S)
    raise Refused(Code.SEAT_STARTING_FAILED, log=str(place.log))


def _start(settings: Settings, place: SeatPlace) -> "subprocess.Popen[bytes]":
    """A seat in a session of its own: closing the terminal does not reach it. Not through
    asyncio, which may kill what still runs when its loop is closed."""
    make_folders(place)
    place.log.touch(mode=0o600)
    with place.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "agent_client.cli", "seat"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            env={**os.environ, **as_environment(settings)},
        )


async def _connect(place: SeatPlace) -> DeskClient | None:
    contact = _contact(place.contact)
    return None if contact is None else await _try(contact, terminal=True)


async def _try(contact: Contact, *, terminal: bool) -> DeskClient | None:
    """A connection, or None when the seat that said so is gone. Another version is told."""
    try:
        return await DeskClient.connect(contact, terminal=terminal)
    except Refused as refused:
        if refused.code == Code.NO_SEAT:
            return None
        raise


def _contact(file: Path) -> Contact | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Contact)
    except (OSError, msgspec.DecodeError):
        return None
