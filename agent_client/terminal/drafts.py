"""What is typed about calls, until the seat has it on its disk.

Text lives here for a moment only: it is handed to the seat whenever typing pauses, and again when
a seat that was gone is back.
"""

import asyncio
from collections.abc import Awaitable, Callable

from agent_client.terminal.seat import MakeRequest
from protocol.wire.desk_call import WrappedUp, WrapUp
from protocol.wire.errors import Refused

PAUSE_S = 1.0
"""How long typing has to pause."""


class Drafts:
    """By call, what the seat does not have yet."""

    def __init__(
        self,
        ask: Callable[[MakeRequest], Awaitable[object]],
        told: Callable[[], None],
        pause_s: float = PAUSE_S,
    ) -> None:
        self._ask = ask
        self._told = told
        self._pause_s = pause_s
        self._unsaved: dict[str, WrappedUp] = {}
        self._refusals: dict[str, Refused] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None

    def keep(self, call_id: str, content: WrappedUp) -> None:
        """Hand it to the seat as soon as typing pauses."""
        self._unsaved[call_id] = content
        self._refusals.pop(call_id, None)
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(self._pause_s, self.again)

    def unsaved(self, call_id: str) -> WrappedUp | None:
        """What the seat does not have; null where it has everything."""
        return self._unsaved.get(call_id)

    def refusal(self, call_id: str) -> Refused | None:
        """Why the seat did not take it. It is not tried again until it changes."""
        return self._refusals.get(call_id)

    @property
    def anything(self) -> bool:
        """Whether there is anything that the seat does not have."""
        return bool(self._unsaved)

    def again(self) -> None:
        """Try now, without waiting for the outcome."""
        if self._waiting() and (self._saving is None or self._saving.done()):
            self._saving = asyncio.create_task(self.save())

    async def save(self) -> None:
        """Hand everything to the seat. What it can't take now is kept."""
        self.stop()
        while waiting := self._waiting():
            for call_id in waiting:
                try:
                    await self._hand_over(call_id)
                except ConnectionError:
                    return
        self._told()

    def stop(self) -> None:
        """No more attempts by itself."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _waiting(self) -> list[str]:
        return [call_id for call_id in self._unsaved if call_id not in self._refusals]

    async def _hand_over(self, call_id: str) -> None:
        content = self._unsaved.get(call_id)
        if content is None:
            return
        try:
            await self._ask(lambda id: _request(id, call_id, content))
        except Refused as refusal:
            if self._unsaved.get(call_id) is content:
                self._refusals[call_id] = refusal
            return
        if self._unsaved.get(call_id) is content:
            del self._unsaved[call_id]


def _request(id: int, call_id: str, content: WrappedUp) -> WrapUp:
    return WrapUp(
        id,
        call_id,
        content.category,
        content.outcome,
        content.actions,
        content.note,
        content.call_back_at,
    )
