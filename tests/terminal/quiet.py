"""Waiting until a terminal and its seat have nothing left to do, without guessing by the clock."""

import asyncio
import contextlib

LIMIT_S = 10.0
REST_S = 2.0
PAINT_S = 0.02
"""A paint is due within a sixtieth of a second."""
PAINTS = 10


async def quiet(*_: float) -> None:
    """Return when every message and byte within the process was handled, and what they change is
    painted: what is left waits for time, or for another thread or process. Takes what Textual
    gives where it looks whether the processor idles. A terminal that is never at rest, as while it
    looks for a seat that is gone, is not waited for: what a test expects it waits for itself."""
    with contextlib.suppress(TimeoutError):
        await _at_rest()


async def _at_rest() -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(REST_S):
        for _ in range(PAINTS):
            await _nothing_ready()
            until_next_s = _until_next_timer_s()
            if until_next_s > PAINT_S:
                return
            await asyncio.sleep(until_next_s)
        await _nothing_ready()


async def _nothing_ready() -> None:
    """Let the loop turn until a turn finds nothing to call and no socket to read."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined] - it has no public name
    turns_at_rest = 0
    while turns_at_rest < 3:
        await asyncio.sleep(0)
        turns_at_rest = 0 if ready else turns_at_rest + 1


def _until_next_timer_s() -> float:
    loop = asyncio.get_running_loop()
    timers = loop._scheduled  # type: ignore[attr-defined] - as above
    due = (timer.when() for timer in timers if not timer.cancelled())
    return max(0.0, min(due, default=float("inf")) - loop.time())
