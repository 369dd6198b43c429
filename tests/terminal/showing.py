"""A terminal opened for a test, and what can be read on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.starting import StartingScreen
from tests.terminal.waiting import until


@asynccontextmanager
async def opened(app: TerminalApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The terminal, once the seat has said where it stands."""
    async with app.run_test(size=size) as pilot:
        await until(lambda: not isinstance(app.screen, StartingScreen))
        await pilot.pause()
        yield pilot


def text_of(app: TerminalApp) -> str:
    """What can be read on the screen, piece by piece, with single spaces."""
    pieces = (segment.text for strip in painted(app) for segment in strip)
    return " ".join(" ".join(pieces).split())


def painted(app: App[None]) -> list[Strip]:
    """The screen as it would be painted now, line by line: a picture of it costs ten times more."""
    compositor = app.screen._compositor  # it has no public name
    update = compositor.render_update(
        full=True, screen_stack=app._background_screens, simplify=True
    )
    return [strip for line in update.strips for strip in line]


async def reads(app: TerminalApp, text: str) -> None:
    """Wait until the screen shows a text. Raises TimeoutError if it never does."""
    await until(lambda: text in text_of(app))
