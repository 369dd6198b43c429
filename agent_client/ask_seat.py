"""The commands that ask a running seat: one question, one answer, one exit code."""

import argparse
import asyncio
import contextlib
import getpass
import json
import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TextIO

import msgspec

from agent_client.command_line import CLEAR
from agent_client.desk_client import DeskClient
from agent_client.seat.instants import zone
from agent_client.seat_starter import find_seat
from agent_client.settings import Settings
from protocol.facts.agent import Reason, State
from protocol.i18n import Catalogue
from protocol.rules.agent_state import Choice
from protocol.wire import desk
from protocol.wire.errors import Code, Refused

STATUS_KEYS = (
    *("agent", "state", "reason", "since", "next_state"),
    *("call", "link", "phone", "unsent"),
)
CALL_KEYS = ("id", "direction", "peer", "state", "since")
"""What scripts may rely on in `status --json` and `watch --json`."""

Make = Callable[[int], desk.AnyRequest]

_PLAIN: Mapping[str, Make] = {
    "ready": desk.Ready,
    "acw-done": desk.AcwDone,
    "answer": desk.Answer,
    "reject": desk.Reject,
    "hangup": desk.Hangup,
    "hold": desk.Hold,
    "resume": desk.Resume,
    "mute": lambda id_: desk.Mute(id_, True),
    "unmute": lambda id_: desk.Mute(id_, False),
    "sign-out": desk.SignOut,
}


async def ask_seat(arguments: argparse.Namespace, settings: Settings, catalogue: Catalogue) -> None:
    """Carry out the command on the running seat. Raises `Refused` with the seat's code."""
    make = None if arguments.command in ("status", "watch") else _request(arguments, catalogue)
    client = await find_seat(settings)
    try:
        if make is not None:
            await client.ask(make(await _agent(client)))
        elif arguments.command == "status":
            _show(await _status(client), catalogue, as_json=arguments.json)
        else:
            await _watch(client, catalogue, as_json=arguments.json)
    finally:
        await client.close()


def _request(arguments: argparse.Namespace, catalogue: Catalogue) -> Callable[[str], Make]:
    """What the command asks, once the seat's staff number is known."""
    match arguments.command:
        case "sign-in":
            return lambda agent: _sign_in(_password(arguments, catalogue, agent))
        case "enrol":
            code = _code(arguments, catalogue)
            return lambda _: lambda id_: desk.EnrolDesk(id_, code)
        case "break":
            return lambda _: lambda id_: desk.Break(id_, Reason(arguments.reason))
        case "next":
            choice = _choice(arguments.state)
            return lambda _: lambda id_: desk.Next(id_, choice)
        case "dial":
            return lambda _: lambda id_: desk.Dial(id_, arguments.target)
        case plain:
            return lambda _: _PLAIN[plain]


def _sign_in(password: str) -> Make:
    return lambda id_: desk.SignIn(id_, password)


def _choice(state: str) -> Choice | None:
    if state == CLEAR:
        return None
    if state in (State.READY, State.LOGGED_OFF):
        return Choice(State(state))
    return Choice(State.NOT_READY, Reason(state))


def _password(arguments: argparse.Namespace, catalogue: Catalogue, agent: str) -> str:
    if arguments.password_stdin:
        return _first_line(sys.stdin)
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
        try:
            return getpass.getpass(catalogue.text("client.password", agent=agent))
        except (EOFError, getpass.GetPassWarning) as error:
            raise Refused(Code.NO_PASSWORD) from error


def _code(arguments: argparse.Namespace, catalogue: Catalogue) -> str:
    if arguments.code_stdin:
        return _first_line(sys.stdin)
    try:
        return input(catalogue.text("client.code"))
    except EOFError as error:
        raise Refused(Code.BAD_ENROLMENT_CODE) from error


def _first_line(stream: TextIO) -> str:
    return stream.readline().rstrip("\r\n")


async def _agent(client: DeskClient) -> str:
    return (await _status(client)).agent


async def _status(client: DeskClient) -> desk.Status:
    status = await client.ask(desk.GetStatus)
    assert isinstance(status, desk.Status)
    return status


async def _watch(client: DeskClient, catalogue: Catalogue, *, as_json: bool) -> None:
    """A line a change, until the seat is gone or somebody interrupts."""

    def show(push: desk.Status | desk.Floor) -> None:
        if isinstance(push, desk.Status):
            _show(push, catalogue, as_json=as_json)

    client.listen(show)
    await client.ask(desk.Watch)
    with contextlib.suppress(asyncio.CancelledError):
        await client.closed()


def _show(status: desk.Status, catalogue: Catalogue, *, as_json: bool) -> None:
    line = _json(status) if as_json else _line(status, catalogue)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _json(status: desk.Status) -> str:
    shown = msgspec.to_builtins(status)
    if shown["call"] is not None:
        shown["call"] = {key: shown["call"][key] for key in CALL_KEYS}
    return json.dumps({key: shown[key] for key in STATUS_KEYS}, ensure_ascii=False)


def _line(status: desk.Status, catalogue: Catalogue) -> str:
    state = catalogue.text(f"state.{status.state}")
    if status.reason is not None:
        state += f" · {catalogue.text(f'reason.{status.reason}')}"
    return catalogue.text(
        "client.status.line",
        agent=status.agent,
        state=state,
        since=_clock(status.since, status.zone),
        call=_call(status.call, catalogue),
        link=catalogue.text(f"link.{status.link}"),
        phone=catalogue.text(f"phone.{status.phone}"),
        unsent=status.unsent,
    )


def _call(call: desk.Call | None, catalogue: Catalogue) -> str:
    if call is None:
        return catalogue.text("client.status.no_call")
    direction = catalogue.text(f"direction.{call.direction}")
    return catalogue.text("client.status.call", direction=direction, peer=call.peer)


def _clock(at: datetime | None, name: str) -> str:
    return "–" if at is None else at.astimezone(zone(name)).strftime("%H:%M:%S")
