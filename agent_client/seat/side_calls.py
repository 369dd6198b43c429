"""Calls to codes of the exchange and to announcements: no customer, no state and no facts."""

import asyncio
import uuid
from collections.abc import Callable

import msgspec

from agent_client.phone import engine

LISTEN_S = 60.0
"""An announcement is cut off after so long."""


class SideOutcome(msgspec.Struct, frozen=True):
    """How the other side answered."""

    sip_status: int | None
    """200 when it was connected; null when nothing was said in time, or nothing could be asked."""
    code: str = ""
    """Why nothing could be asked: the phone's code."""


class _Side(msgspec.Struct):
    answered: asyncio.Future[SideOutcome]
    listen: bool
    timer: asyncio.TimerHandle


class SideCalls:
    """Places such calls, and takes the phone's events of them. `do` gives an order to the phone."""

    def __init__(self, do: Callable[[engine.AnyCommand], None]) -> None:
        self._do = do
        self._open: dict[str, _Side] = {}

    def place(
        self, target: str, limit_s: float, *, listen: bool = False
    ) -> asyncio.Future[SideOutcome]:
        """Call, and wait for an answer no longer than `limit_s`. Once connected the call is ended
        at once, or (`listen`) by the other side, `end`, or after `LISTEN_S`."""
        call_id = uuid.uuid4().hex
        loop = asyncio.get_running_loop()
        timer = loop.call_later(limit_s, self._silent, call_id)
        side = self._open[call_id] = _Side(loop.create_future(), listen, timer)
        self._do(engine.Dial(call_id=call_id, target=target))
        return side.answered

    @property
    def listening(self) -> bool:
        """Whether the agent has such a call in the ear, or waits for one."""
        return any(side.listen for side in self._open.values())

    def end_listening(self) -> None:
        """The agent has heard enough."""
        for call_id in [each for each, side in self._open.items() if side.listen]:
            self._do(engine.Hangup(call_id=call_id))

    def take(self, event: engine.AnyEvent) -> bool:
        """Take an event of such a call; False where it is of another."""
        call_id = getattr(event, "call_id", None)
        side = self._open.get(call_id) if call_id is not None else None
        if side is None or call_id is None:
            return False
        match event:
            case engine.CallConnected():
                self._connected(call_id, side)
            case engine.CallEnded():
                self._over(call_id, SideOutcome(event.sip_status))
            case engine.CommandRefused(command="dial"):
                self._over(call_id, SideOutcome(None, event.code))
            case _:
                pass
        return True

    def drop_all(self) -> None:
        """The phone is gone."""
        for call_id in list(self._open):
            self._over(call_id, SideOutcome(None, "phone_died"))

    def _connected(self, call_id: str, side: _Side) -> None:
        side.timer.cancel()
        _answer(side, SideOutcome(200))
        if side.listen:
            loop = asyncio.get_running_loop()
            side.timer = loop.call_later(LISTEN_S, self._hang_up, call_id)
        else:
            self._hang_up(call_id)

    def _silent(self, call_id: str) -> None:
        _answer(self._open[call_id], SideOutcome(None))
        self._hang_up(call_id)

    def _hang_up(self, call_id: str) -> None:
        self._do(engine.Hangup(call_id=call_id))

    def _over(self, call_id: str, outcome: SideOutcome) -> None:
        side = self._open.pop(call_id)
        side.timer.cancel()
        _answer(side, outcome)


def _answer(side: _Side, outcome: SideOutcome) -> None:
    """Only the first word counts."""
    if not side.answered.done():
        side.answered.set_result(outcome)
