"""Telling the exchange by its feature codes whether the agent takes calls.

The exchange's queue knows nothing of after-call work: it is told *ready* when READY is entered and
*pause* when it is left for anything but a call that only rings. One code at a time; only the latest
wish matters; and not while a customer's call is being set up.
"""

import asyncio
import contextlib

from agent_client.seat.clock import Reading
from agent_client.seat.side_calls import SideCalls
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.facts.session import ExchangeTold
from protocol.wire.desk import ExchangeState
from protocol.wire.session import SipAccount

ANSWER_LIMIT_S = 5.0
"""An exchange that does not answer for so long is silent."""
FAREWELL_LIMIT_S = 2.0
"""So long the phone is kept for the last pause when the agent signs out."""
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
BUSY = 486
"""How feature codes end by design: there is no sound to connect."""

_SETTING_UP = frozenset({State.RINGING, State.DIALING})


def agreed(sip_status: int | None) -> bool:
    """Whether a feature code did what it is for."""
    return sip_status is not None and (sip_status < 300 or sip_status == BUSY)


class Exchange:
    """What the exchange was told last, and the telling."""

    def __init__(self, standing: Standing, side_calls: SideCalls) -> None:
        self._standing = standing
        self._side_calls = side_calls
        self._ready = False
        """What it ought to know."""
        self._told: bool | None = None
        """What it knows or has refused; null before the first word since the phone came up."""
        self._rang = False
        """Whether a call was offered since: a queue pauses whoever does not take one."""
        self._written: ExchangeTold | None = None
        self._telling: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        """Set when what is being told is no longer what ought to be."""
        self._speaks = True
        self.state = ExchangeState.NOT_TOLD
        self.sip_status: int | None = None
        standing.follow(self.look)

    def speak(self, speaks: bool) -> None:
        """Whether this desk speaks for the person: once another does, what is told here would
        undo what is told there."""
        self._speaks = speaks
        self._changed.set()

    def look(self) -> None:
        """The agent or the phone stands otherwise than before: tell it where it needs telling."""
        now = self._standing.agent
        if not now.phone_up:
            self._forget()
            return
        self._wish(now.state)
        if self._due and self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def farewell(self) -> None:
        """The agent signs out and the phone is about to go: a last pause, if there is time."""
        telling = self._telling
        if telling is not None:
            self._changed.set()
            await asyncio.wait({telling}, timeout=FAREWELL_LIMIT_S)
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling

    def _wish(self, state: State) -> None:
        if state is State.RINGING:
            self._rang = True
            return
        ready = state is State.READY
        if ready is not self._ready:
            self._changed.set()
        if ready and self._rang:
            self._told = None
        self._ready, self._rang = ready, False

    @property
    def _account(self) -> SipAccount | None:
        signed_in = self._standing.sign_in
        sip = signed_in.sip if signed_in is not None else None
        return sip if sip is not None and sip.ready_code and sip.pause_code else None

    @property
    def _due(self) -> bool:
        setting_up = self._standing.agent.state in _SETTING_UP
        asked = self._speaks and self._account is not None
        return asked and self._told is not self._ready and not setting_up

    def _forget(self) -> None:
        """What an exchange knows of a phone that was gone is not known."""
        self._told, self.state, self.sip_status = None, ExchangeState.NOT_TOLD, None
        self._written = None
        self._changed.set()

    async def _tell(self) -> None:
        wait_s = FIRST_WAIT_S
        try:
            while self._due and self._standing.agent.phone_up:
                ready, account = self._ready, self._account
                assert account is not None
                self._changed.clear()
                code = account.ready_code if ready else account.pause_code
                outcome = await self._side_calls.place(code, ANSWER_LIMIT_S)
                self._take(ready, outcome.sip_status)
                if outcome.sip_status is None:
                    await self._rest(wait_s)
                    wait_s = min(LONGEST_WAIT_S, wait_s * 2)
        finally:
            self._telling = None

    async def _rest(self, seconds: float) -> None:
        """Wait before asking a silent exchange again, unless there is something else to tell, or
        no phone to tell it with."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` of 3.11 can swallow a cancellation
                await self._changed.wait()

    def _take(self, ready: bool, sip_status: int | None) -> None:
        if not self._standing.agent.phone_up:
            return
        self.sip_status = sip_status
        if sip_status is None:
            self.state = ExchangeState.SILENT
        elif agreed(sip_status):
            self.state = ExchangeState.READY if ready else ExchangeState.PAUSED
        else:
            self.state = ExchangeState.REFUSED
        self._told = None if sip_status is None else ready
        self._write(ExchangeTold(ready=ready, sip_status=sip_status))

    def _write(self, told: ExchangeTold) -> None:
        """A silence that goes on is told once."""
        if told == self._written or self._standing.agent.state is State.LOGGED_OFF:
            return
        self._written = told

        def write(at: Reading) -> None:
            self._standing.note(at, (told,))

        self._standing.happened(write)
