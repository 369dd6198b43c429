"""What the seat told: all that the terminal knows, and nothing that it would have to keep."""

import asyncio

from agent_client.terminal.clock import Monotonic, SeatClock
from agent_client.terminal.keys import Mode
from agent_client.terminal.seat import MakeRequest, Seat
from agent_client.terminal.view import DayReading
from protocol.facts.agent import State
from protocol.wire.desk import AnyAnswering, Day, Status


class Knowledge:
    """The seat's last words, and the connection that they came by."""

    def __init__(self, monotonic: Monotonic) -> None:
        self.clock = SeatClock(monotonic)
        self.status: Status | None = None
        self.day: DayReading | None = None
        self.gone = True
        """No seat confirms the status."""
        self.cut_off: str | None = None
        """Whose call the last status told to be broken off by a fault of ours."""
        self._seat: Seat | None = None
        self._told = asyncio.Event()

    def connected(self, seat: Seat) -> None:
        """A seat answers. What it says comes with its first status."""
        self._seat = seat

    def lost(self) -> None:
        """The seat is gone. What it said stays to be seen, with clocks that stand still."""
        self._seat = None
        self.gone = True
        self.clock.stop()

    def take(self, status: Status) -> bool:
        """The seat's present status. Whether the agent's state is another one than before."""
        before = self.status
        self.status = status
        self.gone = False
        self.clock.set(status.now)
        self._told.set()
        self.cut_off = _newly_owed(before, status)
        return before is None or (before.state, before.since) != (status.state, status.since)

    def take_day(self, day: Day) -> None:
        """The figures of the day up to now."""
        self.day = DayReading(day, self.clock.now())

    def mode(self, supervisor: bool) -> Mode:
        """Which screen belongs to the status."""
        if self.status is None:
            return Mode.STARTING
        if self.status.state is State.LOGGED_OFF:
            return Mode.SIGN_IN
        return Mode.FLOOR if supervisor else Mode.DESK

    @property
    def delivered(self) -> bool:
        """Nobody is signed in and nothing waits on this disk: the seat has nothing left to do."""
        status = self.status
        return status is not None and status.state is State.LOGGED_OFF and not status.unsent

    async def until_delivered(self, limit_s: float) -> None:
        """Wait for that, but not longer than `limit_s`."""
        try:
            async with asyncio.timeout(limit_s):
                while not self.delivered:
                    self._told.clear()
                    await self._told.wait()
        except TimeoutError:
            return

    async def ask(self, make: MakeRequest) -> AnyAnswering:
        """Ask the seat. Raises `Refused`, and `ConnectionError` where no seat is connected."""
        if self._seat is None:
            raise ConnectionError
        return await self._seat.ask(make)


def _newly_owed(before: Status | None, status: Status) -> str | None:
    """The customer of the call that was there before, where a call back is owed since."""
    if before is None or before.call is None:
        return None
    peer = before.call.peer
    return peer if peer in status.owed and peer not in before.owed else None
