"""The seat's phone: a child process that is started again whenever it dies."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from agent_client.phone import engine
from agent_client.phone.child import PhoneChild

_log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 5.0
STEADY_S = 10.0
"""A phone that lived so long is started again at once when it dies."""


class SeatPhone:
    """Keeps a phone running between `start` and `stop`."""

    def __init__(
        self,
        emit: engine.Emit,
        died: Callable[[], None],
        engine_name: str,
        log: Path,
    ) -> None:
        self._emit = emit
        self._died = died
        self._engine_name = engine_name
        self._log_file = log
        self._child: PhoneChild | None = None
        self._over: asyncio.Future[int | None] | None = None
        self._keeping: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether a phone is wanted."""
        return self._keeping is not None

    def start(self, order: engine.Open) -> None:
        """Have a phone from now on."""
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep(order))

    async def stop(self) -> None:
        """End the calls, unregister, and have no phone any more."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping
        child, self._child = self._child, None
        if child is not None:
            await child.stop()

    def give_up(self) -> None:
        """The present phone does not do what it is told: end it, and start another."""
        if self._over is not None and not self._over.done():
            self._over.set_result(None)

    def do(self, command: engine.AnyCommand) -> None:
        """Pass a command on. Without a phone it is refused, as a phone would."""
        if self._child is not None:
            self._child.do(command)
            return
        call_id = getattr(command, "call_id", None)
        tag = str(command.__struct_config__.tag)
        loop = asyncio.get_running_loop()
        refused = engine.CommandRefused(code="not_open", command=tag, call_id=call_id)
        loop.call_soon(self._emit, refused)

    async def _keep(self, order: engine.Open) -> None:
        wait_s = FIRST_WAIT_S
        loop = asyncio.get_running_loop()
        while self.running:
            began = loop.time()
            try:
                await self._live(order)
            except OSError:
                _log.error("the phone's process could not be started", exc_info=True)
            self._child = None
            self._died()
            wait_s = FIRST_WAIT_S if loop.time() - began > STEADY_S else wait_s
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def _live(self, order: engine.Open) -> None:
        """One phone, from its start to its death."""
        over: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

        def ended(returncode: int) -> None:
            if not over.done():
                over.set_result(returncode)

        self._over = over
        self._child = PhoneChild(self._emit, ended, self._engine_name, self._log_file)
        await self._child.start()
        self._child.do(order)
        _log.error("the phone's process is gone (%s); starting another", await over)
        await self._child.stop(0)
