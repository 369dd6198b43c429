"""Keeping a registration alive, and noticing soon when it is lost.

The library tells nothing about a registrar that is down for 40 s and more, so the phone renews
every `RENEW_S` and takes silence of `ANSWER_S` for a loss: noticed within 21 s.
"""

import asyncio
from collections.abc import Callable

EXPIRY_S = 60
"""What is asked of the registrar: several renewals may be lost."""
RENEW_S = 15.0
ANSWER_S = 6.0
RETRY_S = 5.0
"""Pause after a failure."""
RETRY_REFUSED_S = 60.0
"""Pause after a refusal that is unlikely to change."""
_REFUSALS = frozenset({401, 403, 404, 407})


class Registration:
    """Calls `renew` (which sends a REGISTER) at the right moments, and tells changes."""

    def __init__(
        self,
        renew: Callable[[], None],
        up: Callable[[], None],
        down: Callable[[str, int | None], None],
    ) -> None:
        self._renew = renew
        self._up = up
        self._down = down
        self._was_up = False
        self._told: tuple[str, int | None] | None = None
        self._is_up = False
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Register."""
        self._ask()

    def answered(self, status: int) -> None:
        """The registrar (or, with a status of its own, the library) answered a REGISTER."""
        if status // 100 == 2:
            self._succeed()
        elif status in _REFUSALS:
            self._fail(status, RETRY_REFUSED_S)
            if not self._was_up:
                # The password is wrong: asking again would only lock the account.
                self.stop()
        else:
            self._fail(status, RETRY_S)

    def unsafe(self, status: int) -> None:
        """The registrar could not prove who it is; `status` is the library's."""
        self._fail(status, RETRY_REFUSED_S, "certificate_refused")

    def stop(self) -> None:
        """No more renewals."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ask(self) -> None:
        self._after(ANSWER_S, self._silent)
        self._renew()

    def _silent(self) -> None:
        self._fail(None, RETRY_S)

    def _succeed(self) -> None:
        self._after(RENEW_S, self._ask)
        self._told = None
        if not self._is_up:
            self._is_up = self._was_up = True
            self._up()

    def _fail(self, status: int | None, pause_s: float, code: str = "") -> None:
        self._after(pause_s, self._ask)
        self._is_up = False
        code = code or ("registration_lost" if self._was_up else "registration_failed")
        if (code, status) != self._told:
            self._told = (code, status)
            self._down(code, status)

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(seconds, action)
