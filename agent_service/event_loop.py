"""Which event loop the service runs on: uvloop where there is one, since most of what a frame
costs is the loop's."""

import asyncio
from collections.abc import Callable, Coroutine

try:
    from uvloop import new_event_loop as fast_loop
except ImportError:  # there is none on Windows
    fast_loop = None  # type: ignore[assignment] # a name for "none"

_make_loop: Callable[[], asyncio.AbstractEventLoop] | None = fast_loop


def run(work: Coroutine[None, None, None]) -> None:
    """Run it to its end."""
    with asyncio.Runner(loop_factory=_make_loop) as runner:
        runner.run(work)
