"""Earlier calls with a number: from the service, or as far as this desk remembers them."""

import asyncio
import logging
from collections.abc import Callable

from agent_client.seat.call_memory import CallMemory
from agent_client.seat.call_rows import past_calls
from agent_client.seat.link import Link
from agent_client.seat.standing import Standing
from protocol.wire.calls import PastCall, Recall, Recalled
from protocol.wire.errors import Refused

_log = logging.getLogger(__name__)

RECALL_S = 2.0
"""So long the service may think about it while somebody waits at the phone."""


class PastCalls:
    """Asks, and remembers the answer for the call at the desk."""

    def __init__(
        self, link: Link, memory: CallMemory, standing: Standing, changed: Callable[[], None]
    ) -> None:
        self._link = link
        self._memory = memory
        self._standing = standing
        self._changed = changed
        self._asked: str | None = None
        self._told: tuple[PastCall, ...] | None = None
        self._task: asyncio.Task[None] | None = None
        self._alone: str | None = None
        """Why the service could not be asked last; null when it could."""

    async def with_peer(self, peer: str) -> tuple[tuple[PastCall, ...], bool]:
        """Calls with a number, and whether these are all that anybody knows of."""
        try:
            async with asyncio.timeout(RECALL_S):
                answer = await self._link.ask_signed_in(lambda id_: Recall(id_, peer))
        except (Refused, TimeoutError) as why:
            self._note(why.code if isinstance(why, Refused) else "no_answer")
            return past_calls(self._memory.log, peer, self._standing.sign_in), False
        self._note(None)
        assert isinstance(answer, Recalled)
        return answer.calls, True

    def _note(self, alone: str | None) -> None:
        """A service that can't be asked is told of once, not at each call."""
        if alone not in {None, self._alone}:
            _log.info("earlier calls are this desk's own: %s", alone)
        self._alone = alone

    def of_present(self) -> tuple[PastCall, ...] | None:
        """Those with the caller at the desk; null while nobody has told yet."""
        present = self._standing.call
        return self._told if present is not None and present.id == self._asked else None

    def look(self) -> None:
        """Ask once for each call that comes to the desk, while it rings."""
        present = self._standing.call
        if present is None or present.id == self._asked:
            return
        self.stop()
        self._asked, self._told = present.id, None
        self._task = asyncio.create_task(self._ask(present.id, present.peer))

    def stop(self) -> None:
        """Wait for no answer any more."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _ask(self, call_id: str, peer: str) -> None:
        try:
            told, _ = await self.with_peer(peer)
        except Exception:  # noqa: BLE001 - the edge: a call goes on without its past
            _log.error("earlier calls could not be read", exc_info=True)
            return
        if self._asked == call_id:
            self._told = tuple(each for each in told if each.call_id != call_id)
            self._changed()
