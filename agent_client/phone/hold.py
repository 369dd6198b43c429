"""Our own hold of one call: a re-INVITE asked for, confirmed, refused, or crossed by the other
side's."""

import asyncio
from collections.abc import Callable

from agent_client.phone.stack import Busy, StackError

BUSY_PAUSE_S = 0.2
"""Pause while another re-INVITE of the call is under way here."""
CROSSED_PAUSE_CALLER_S, CROSSED_PAUSE_CALLEE_S = 2.1, 0.5
"""Pauses after 491: the caller waits longer, so that the two do not cross again (RFC 3261 14.1)."""
TRIES = 8


class HoldExchange:
    """Whether a call is held by us, and the change under way.

    `send(held)` sends the re-INVITE (raises `StackError`), `done(held)` is told when it is in
    force, `failed(held)` when it is not to be had.
    """

    def __init__(
        self,
        crossed_pause_s: float,
        send: Callable[[bool], None],
        done: Callable[[bool], None],
        failed: Callable[[bool], None],
    ) -> None:
        self.held = False
        """As last confirmed."""
        self.wanted: bool | None = None
        """The change under way, if there is one."""
        self._crossed_pause_s = crossed_pause_s
        self._send = send
        self._done = done
        self._failed = failed
        self._tries = 0
        self._timer: asyncio.TimerHandle | None = None

    def may_change_to(self, held: bool) -> bool:
        """Whether this change makes sense now."""
        return self.wanted is None and self.held is not held

    def ask(self, held: bool) -> None:
        """Begin a change. Raises `StackError` if it can't even be begun."""
        self.wanted = held
        self._tries = 0
        try:
            self._try()
        except StackError:
            self.wanted = None
            raise

    def in_force(self, held: bool) -> None:
        """An offer and its answer are in force, with or without our hold."""
        if self.wanted is held:
            self.held = held
            self.stop()
            self._done(held)

    def refused(self, *, crossed: bool) -> None:
        """The re-INVITE failed; `crossed` when the other side was at one of its own (491)."""
        if self.wanted is None:
            return
        if crossed:
            self._later(self._crossed_pause_s)
        else:
            self._give_up()

    def lapses(self) -> None:
        """Whoever was held has gone."""
        if self.held or self.wanted is not None:
            self.held = False
            self.stop()
            self._done(False)

    def stop(self) -> None:
        """Forget the change under way."""
        self.wanted = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _try(self) -> None:
        assert self.wanted is not None
        try:
            self._send(self.wanted)
        except Busy:
            self._later(BUSY_PAUSE_S)

    def _again(self) -> None:
        try:
            self._try()
        except StackError:
            self._give_up()

    def _later(self, pause_s: float) -> None:
        self._tries += 1
        if self._tries == TRIES:
            self._give_up()
        else:
            self._timer = asyncio.get_running_loop().call_later(pause_s, self._again)

    def _give_up(self) -> None:
        held = self.wanted
        self.stop()
        if held is not None:
            self._failed(held)
