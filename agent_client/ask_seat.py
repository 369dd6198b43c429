"""The commands that ask a running seat: one question, one answer, one exit code."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterable

from agent_client import seat_words
from agent_client.asking import request
from agent_client.desk_client import DeskClient
from agent_client.seat_starter import find_seat
from agent_client.settings import Settings
from agent_client.typed_secrets import AskedSecrets
from protocol.i18n import Catalogue
from protocol.wire import desk, desk_floor


async def ask_seat(arguments: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> None:
    """Carry out the command on the running seat. Raises `Refused` with the seat's code."""
    client = await find_seat(settings)
    try:
        if arguments.command == "watch":
            await _watch(client, catalogue, as_json=arguments.json)
            return
        from_input = any(
            getattr(arguments, name, False) for name in ("password_stdin", "code_stdin")
        )
        secrets = AskedSecrets(catalogue, from_input=from_input)
        answer = await client.ask(await request(arguments, secrets, client.ask))
        as_json = getattr(arguments, "json", False)
        _print(seat_words.answer_lines(arguments.command, answer, catalogue, as_json=as_json))
    finally:
        await client.close()


async def _watch(client: DeskClient, catalogue: Catalogue, *, as_json: bool) -> None:
    """A line a change, until the seat is gone or somebody interrupts."""

    def show(push: desk.Status | desk_floor.Floor) -> None:
        if isinstance(push, desk.Status):
            _print(seat_words.answer_lines("status", push, catalogue, as_json=as_json))

    client.listen(show)
    await client.ask(desk.Watch)
    with contextlib.suppress(asyncio.CancelledError):
        await client.closed()


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
