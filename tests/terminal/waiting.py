"""Waiting for what has to become true, with a limit."""

import asyncio
from collections.abc import Callable

from tests.terminal.quiet import LIMIT_S


async def until(condition: Callable[[], object]) -> None:
    """Return when the condition holds. Raises TimeoutError after the limit."""
    async with asyncio.timeout(LIMIT_S):
        while not condition():
            await asyncio.sleep(0.02)
