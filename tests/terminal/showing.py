"""A terminal opened for a test, and what can be read on it."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.starting import StartingScreen
from tests.terminal.waiting import until

_BETWEEN_TAGS = re.compile(r"<text[^>]*>([^<]*)</text>")


@asynccontextmanager
async def opened(app: TerminalApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The terminal, once the seat has said where it stands."""
    async with app.run_test(size=size) as pilot:
        await until(lambda: not isinstance(app.screen, StartingScreen))
        await pilot.pause()
        yield pilot


def text_of(app: TerminalApp) -> str:
    """What can be read on the screen, piece by piece, with single spaces."""
    pieces = _BETWEEN_TAGS.findall(app.export_screenshot(simplify=True))
    return " ".join(html.unescape(" ".join(pieces)).split())


async def reads(app: TerminalApp, text: str) -> None:
    """Wait until the screen shows a text. Raises TimeoutError if it never does."""
    await until(lambda: text in text_of(app))
