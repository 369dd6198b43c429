"""`make run` and `make supervise`."""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path

import msgspec

from agent_client.demo import customers, expert, shift
from agent_client.demo.cast import Cast, read_cast
from agent_client.demo.floor import DemoFloor, demo_folder, project_file, usable_sound
from agent_client.demo.player import LONG_S, Player, work
from agent_client.demo.screen import crashed, show_terminal
from agent_client.demo.stage import (
    Running,
    Stage,
    StageFailed,
    end_leftovers,
    is_running,
    read_running,
)
from agent_client.phone.engine import Sound
from agent_client.settings import Settings
from protocol.i18n import Catalogue, choose_language, load
from protocol.i18n.arguments import Parser
from protocol.wire import desk
from protocol.wire.errors import Refused

REOPEN_S = 3.0
"""A terminal that lives shorter than this does not run here at all."""


def main() -> int:
    """Exit codes: 0 done, 1 failed (why on standard error), 2 usage."""
    catalogue = load(choose_language(sys.argv[1:], os.environ))
    arguments = _arguments(catalogue)
    folder, cast = demo_folder(), read_cast(project_file("config", "demo.toml"))
    running = read_running(folder)
    try:
        if arguments.supervise:
            return asyncio.run(_until_told(_supervise(folder, running, catalogue)))
        if is_running(running):
            return _fail(catalogue.text("demo.running"))
        if running is not None:
            end_leftovers(running)
        shutil.rmtree(folder, ignore_errors=True)
        return asyncio.run(_until_told(_run(Stage(folder), cast, catalogue)))
    except (StageFailed, TimeoutError) as error:
        return _fail(catalogue.text("demo.failed", why=str(error), folder=folder))
    except Refused as refused:
        return _fail(catalogue.error(refused.code, refused.params))


async def _until_told(work: Coroutine[None, None, int]) -> int:
    """Do it, and end in good order also when the terminal is closed or somebody says so."""
    doing = asyncio.ensure_future(work)
    for each in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, each):
            with contextlib.suppress(NotImplementedError):  # Windows
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(getattr(signal, each), doing.cancel)
    try:
        return await doing
    except asyncio.CancelledError:
        return 130


async def _run(stage: Stage, cast: Cast, catalogue: Catalogue) -> int:
    floor = DemoFloor(stage, cast)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    _say(catalogue.text("demo.opening"))
    try:
        await floor.open()
        if interactive:
            return await _open_terminal(stage, floor, cast, catalogue)
        return await _play(floor, cast, catalogue)
    finally:
        await stage.end()
        floor.exchange.close()
        if interactive:
            with contextlib.suppress(OSError):  # the window may be gone
                _say(catalogue.text("demo.closed"))


async def _open_terminal(stage: Stage, floor: DemoFloor, cast: Cast, catalogue: Catalogue) -> int:
    """The agent's terminal on a floor with colleagues; leaving it ends everything."""
    others = tuple(each for each in cast.agents() if each != cast.agent)
    places = await floor.seat((cast.agent, *others), await usable_sound())
    players = await asyncio.gather(*map(floor.sign_in, places))
    await players[0].leave()
    stage.write_down(cast.lead, cast.password)
    seed = time.time_ns()
    beside: list[Coroutine[None, None, None]] = [
        customers.live(
            cast.customers,
            [place.address for place in places],
            floor.exchange.address,
            customers.Habits(),
            seed,
        ),
        expert.live(cast.expert, floor.exchange.address),
        *(work(each, random.Random(seed)) for each in players[1:]),  # noqa: S311 - no secret
    ]
    async with _beside(*beside):
        return await _terminal(places[0].settings, catalogue)


async def _play(floor: DemoFloor, cast: Cast, catalogue: Catalogue) -> int:
    """The scripted shift; its last line is the day as JSON."""
    began = time.monotonic()
    (place,) = await floor.seat((cast.agent,), Sound.NONE)
    player = await floor.sign_in(place)
    _say(catalogue.text("demo.playing", agent=cast.agent))
    async with _beside(
        customers.live(
            cast.customers[:1], [place.address], floor.exchange.address, shift.HABITS, seed=1
        ),
        _narrate(player),
    ):
        await shift.play(player)
    verified = await floor.verified()
    day = await shift.told(player, cast.agent, verified=verified, began=began)
    await player.leave()
    sys.stdout.write(msgspec.json.encode(day).decode() + "\n")
    return 0 if day.ok else 1


async def _narrate(player: Player) -> None:
    """A line for every state that the shift goes through."""
    shown = ""
    while True:
        await player.until(lambda status, last=shown: _named(status) != last, LONG_S)  # type: ignore[misc]  # mypy can't infer a default
        assert player.status is not None
        shown = _named(player.status)
        _say(f"  {shown}")


def _named(status: desk.Status) -> str:
    return status.state if status.reason is None else f"{status.state} {status.reason}"


async def _supervise(folder: Path, running: Running | None, catalogue: Catalogue) -> int:
    """Supervisor mode on the floor that `make run` has opened."""
    if running is None or not is_running(running) or not running.lead:
        return _fail(catalogue.text("demo.not_running"))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _fail(catalogue.text("demo.no_terminal"))
    stage = Stage(folder / "supervisor")
    stage.server = running.server
    try:
        settings = await stage.start_seat(running.lead, 0)
        code = await stage.call("agent_service.cli", "enrol", "--data", str(folder / "service"))
        player = await Player.at(settings)
        await player.until(lambda status: status.link_fault is None)
        if player.status is not None and not player.status.enrolled:
            await player.ask(lambda id_: desk.EnrolDesk(id_, code))
        if player.status is not None and player.status.state == "LOGGED_OFF":
            await player.ask(lambda id_: desk.SignIn(id_, running.password))
        await player.leave()
        return await _terminal(settings, catalogue, "--supervisor")
    finally:
        await stage.end()


async def _terminal(settings: Settings, catalogue: Catalogue, *flags: str) -> int:
    """The terminal itself, until people leave it. One that was killed comes back, and shows what
    the seat did without it; one that can't even start does not."""
    while True:
        opened = time.monotonic()
        code = await show_terminal(settings, catalogue.language, *flags)
        if not crashed(code) or time.monotonic() - opened < REOPEN_S:
            return code
        _say(catalogue.text("demo.killed"))


@contextlib.asynccontextmanager
async def _beside(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run beside the block, and end with it. A colleague whose seat is gone stays away."""
    tasks = [asyncio.create_task(each) for each in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _arguments(catalogue: Catalogue) -> argparse.Namespace:
    parser = Parser(catalogue, "demo", catalogue.text("demo.description"))
    parser.add_argument("--supervise", action="store_true", help=catalogue.text("demo.supervise"))
    return parser.parse_args()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _fail(text: str) -> int:
    _say(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
