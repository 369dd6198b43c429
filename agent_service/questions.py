"""Questions of one connection that take long: one at a time, beside the frames that follow."""

import asyncio
from collections.abc import Awaitable, Callable

from protocol.wire.errors import Code, Refused

MOST_WAITING = 3
_WAIT_S = 10

Answer = Callable[[], Awaitable[object]]


class Questions:
    """In the order in which they were asked. Lives in the event loop's thread."""

    def __init__(self) -> None:
        self._waiting: dict[int | None, Answer] = {}
        """By the request's id."""
        self._present: int | None = None
        self._task: asyncio.Task[None] | None = None

    def ask(self, question: int | None, answer: Answer) -> None:
        """Answer it when those before it are answered. Raises `Refused` with `too_many_requests`
        when too many wait already, and with `malformed_message` when one of this id has no answer
        yet."""
        if question is not None and (question == self._present or question in self._waiting):
            raise Refused(Code.MALFORMED_MESSAGE, detail="id")
        if len(self._waiting) >= MOST_WAITING:
            raise Refused(Code.TOO_MANY_REQUESTS, wait_s=_WAIT_S)
        self._waiting[question] = answer
        self._go_on()

    def forget(self, question: int) -> None:
        """Nobody waits for it any more."""
        if self._waiting.pop(question, None) is None and question == self._present:
            self._cancel()
            self._go_on()

    def forget_all(self) -> None:
        """Whoever asked is gone."""
        self._waiting.clear()
        self._cancel()

    def _go_on(self) -> None:
        if self._task is None and self._waiting:
            self._task = asyncio.create_task(self._answer_all())

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = self._present = None

    async def _answer_all(self) -> None:
        while self._waiting:
            self._present = next(iter(self._waiting))
            await self._waiting.pop(self._present)()
        self._task = self._present = None
