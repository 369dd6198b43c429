"""Handing the other side of a call on: the time between our REFER and what becomes of it."""

import asyncio
from collections.abc import Callable

from agent_client.phone.engine import Ending, Transfer

TRANSFER_S = 40.0
"""How long the other side may take to reach the target: longer than it may ring there (30 s)."""


class HandOver:
    """One transfer, from the REFER until its outcome.

    `end(call_id, ending)` is asked to end a call, or to tell the end of one that has left;
    `failed(order)` is told when the call goes on as before.
    """

    def __init__(
        self,
        order: Transfer,
        end: Callable[[str, Ending], None],
        failed: Callable[[Transfer], None],
    ) -> None:
        self.order = order
        self.under_way = True
        self._end = end
        self._failed = failed
        self._target_left = False
        self._reached = False
        self._timer = asyncio.get_running_loop().call_later(TRANSFER_S, self.outcome, False)

    def outcome(self, reached: bool) -> None:
        """The other side has reached the target, or has not."""
        if not self.under_way:
            return
        self._close()
        self._reached = reached
        if reached:
            self._end(self.order.call_id, Ending.TRANSFERRED)
            self._end_target(Ending.TRANSFERRED)
        else:
            self._let_target_go()
            self._failed(self.order)

    def left(self, call_id: str) -> Ending | None:
        """The other side of one of the calls hung up. Returns what its end is called; None while
        only the outcome can tell: whoever takes our place leaves us before we are told."""
        if not self.under_way:
            return Ending.TRANSFERRED if self._reached else Ending.REMOTE
        if call_id == self.order.to_call:
            self._target_left = True
            return None
        self._close()
        if not self._target_left:
            return Ending.REMOTE
        self._end_target(Ending.TRANSFERRED)
        return Ending.TRANSFERRED

    def given_up(self, call_id: str) -> None:
        """We end one of the calls ourselves."""
        if self.under_way and call_id == self.order.call_id:
            self._close()
            self._let_target_go()

    def _let_target_go(self) -> None:
        if self._target_left:
            self._end_target(Ending.REMOTE)

    def _end_target(self, ending: Ending) -> None:
        if self.order.to_call:
            self._end(self.order.to_call, ending)

    def _close(self) -> None:
        self.under_way = False
        self._timer.cancel()
