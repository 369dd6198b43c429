"""The commands that ask a running seat: one question, one answer, one exit code."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterable

import msgspec

from agent_client import seat_words
from agent_client.asking import request, waits
from agent_client.desk_client import DeskClient
from agent_client.relief import relieve
from agent_client.seat_starter import ensure_seat, find_seat
from agent_client.settings import Settings
from agent_client.training_words import training_lines
from agent_client.typed_secrets import AskedSecrets
from protocol.i18n import Catalogue
from protocol.wire import desk
from protocol.wire.desk_training import DeskTraining, WatchTraining
from protocol.wire.errors import Code, Refused

WAITS = 3
"""The exit code for a break that waits for its turn: nothing has changed yet."""
TOLD_S = 5.0
"""How long a seat that has said so may take to tell what it tells at once."""


async def ask_seat(arguments: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> int:
    """Carry out the command on the running seat. The exit code. Raises `Refused` with the seat's
    code."""
    client = await find_seat(settings)
    try:
        if arguments.command == "watch":
            await _watch(client, catalogue, as_json=arguments.json)
        elif arguments.command == "training":
            await _training(client, catalogue, as_json=arguments.json)
        elif arguments.command == "relieve":
            secrets = _secrets(arguments, catalogue)
            await _relieve(client, settings, arguments.incoming, secrets)
        else:
            return await _carry_out(client, arguments, catalogue)
        return 0
    finally:
        await client.close()


async def _carry_out(
    client: DeskClient, arguments: argparse.Namespace, catalogue: Catalogue
) -> int:
    secrets = _secrets(arguments, catalogue)
    answer = await client.ask(await request(arguments, secrets, client.ask))
    as_json = getattr(arguments, "json", False)
    _print(seat_words.answer_lines(arguments.command, answer, catalogue, as_json=as_json))
    waiting = await waits(arguments, client.ask)
    if waiting is None:
        return 0
    _print([seat_words.queue_line(waiting, catalogue)])
    return WAITS


def _secrets(arguments: argparse.Namespace, catalogue: Catalogue) -> AskedSecrets:
    from_input = any(getattr(arguments, name, False) for name in ("password_stdin", "code_stdin"))
    return AskedSecrets(catalogue, from_input=from_input)


async def _relieve(
    client: DeskClient, settings: Settings, incoming: str, secrets: AskedSecrets
) -> None:
    """Sign somebody else in on this desk, and whoever is here out."""
    theirs = msgspec.structs.replace(settings, agent=incoming)
    password = secrets.password(incoming)
    await relieve(client, lambda: ensure_seat(theirs), incoming, password)


async def _watch(client: DeskClient, catalogue: Catalogue, *, as_json: bool) -> None:
    """A line a change, until the seat is gone or somebody interrupts."""

    def show(push: desk.Pushed) -> None:
        if isinstance(push, desk.Status):
            _print(seat_words.answer_lines("status", push, catalogue, as_json=as_json))

    client.listen(show)
    await client.ask(desk.Watch)
    with contextlib.suppress(asyncio.CancelledError):
        await client.closed()


async def _training(client: DeskClient, catalogue: Catalogue, *, as_json: bool) -> None:
    """What there is to study, as the seat tells it at once to whoever watches."""
    told: asyncio.Queue[DeskTraining] = asyncio.Queue()
    client.listen(lambda push: told.put_nowait(push) if isinstance(push, DeskTraining) else None)
    status = await client.ask(desk.GetStatus)
    assert isinstance(status, desk.Status)
    await client.ask(WatchTraining)
    try:
        async with asyncio.timeout(TOLD_S):
            first = await told.get()
    except TimeoutError as late:
        raise Refused(Code.NO_SEAT) from late
    _print(training_lines(first, status.zone, catalogue, as_json=as_json))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
