"""Noticing that the machine slept: the loop's clock stands still then, the seat's does not."""

import asyncio
from collections.abc import Callable

from agent_client.seat.clock import Clock

LOOK_S = 1.0
LEAST_S = 5.0
"""A shorter sleep changes nothing that anybody waits for."""


async def watch_sleep(clock: Clock, slept: Callable[[float], None]) -> None:
    """Call `slept` with the seconds, soon after each sleep, until cancelled. Where the system has
    no clock that counts through suspend it is never called."""
    loop = asyncio.get_running_loop()
    while True:
        before_ms, before = clock.monotonic(), loop.time()
        await asyncio.sleep(LOOK_S)
        asleep_s = (clock.monotonic() - before_ms) / 1000 - (loop.time() - before)
        if asleep_s >= LEAST_S:
            slept(asleep_s)
