"""What the seat told: all that the terminal knows, and nothing that it would have to keep."""

import asyncio

from agent_client.terminal.call_news import CallNews, call_news
from agent_client.terminal.call_rows import missed_by_cause, of_today
from agent_client.terminal.clock import Monotonic, SeatClock
from agent_client.terminal.keys import Mode
from agent_client.terminal.seat import MakeRequest, Seat
from agent_client.terminal.view import DayReading
from protocol.facts.agent import State
from protocol.wire.desk import AnyAnswering, Day, Status
from protocol.wire.desk_call import Calls
from protocol.wire.desk_exam import DeskExams
from protocol.wire.desk_plan import OwnDay
from protocol.wire.desk_training import DeskTraining
from protocol.wire.orders import Order

_READ_KEPT = 50


class Knowledge:
    """The seat's last words, and the connection that they came by."""

    def __init__(self, monotonic: Monotonic) -> None:
        self.clock = SeatClock(monotonic)
        self.status: Status | None = None
        self.day: DayReading | None = None
        self.gone = True
        """No seat confirms the status."""
        self.news: CallNews | None = None
        """What the last status told of a call."""
        self.read: tuple[Order, ...] = ()
        """What was read since the terminal was opened, the newest first."""
        self.missed: dict[str, int] = {}
        """Today's missed calls by cause, the commonest first."""
        self.own_day: OwnDay | None = None
        """The plan and the figures of the present business date."""
        self.training: DeskTraining | None = None
        """What there is to study, and how far reading has come."""
        self.exams: DeskExams | None = None
        """What there is to sit, and the paper that lies open."""
        self._seat: Seat | None = None
        self._told = asyncio.Event()

    def connected(self, seat: Seat) -> None:
        """A seat answers. What it says comes with its first status."""
        self._seat = seat

    async def leave(self) -> None:
        """Let the connection go; what follows is told as if the seat had gone."""
        if self._seat is not None:
            await self._seat.close()

    def lost(self) -> None:
        """The seat is gone. What it said stays to be seen, with clocks that stand still."""
        self._seat = None
        self.gone = True
        self.clock.stop()

    def take(self, status: Status) -> bool:
        """The seat's present status. Whether the agent's state is another one than before."""
        before = self.status
        if before is not None and before.agent != status.agent:
            self.training = None
            self.exams = None
        self.status = status
        self.gone = False
        self.clock.set(status.now)
        self._told.set()
        self.news = call_news(before, status)
        self._remember_read(before, status)
        if before is not None and (before.state, before.since) == (status.state, status.since):
            return False
        if before is not None and self.day is not None:
            self.day = self.day.carried(before.state, status.since)
        return True

    def _remember_read(self, before: Status | None, status: Status) -> None:
        if before is None or before.agent != status.agent or status.state is State.LOGGED_OFF:
            self.read = ()
            return
        waiting = {order.order for order in status.orders}
        gone = tuple(order for order in before.orders if order.order not in waiting)
        self.read = (*reversed(gone), *self.read)[:_READ_KEPT]

    def take_day(self, day: Day) -> None:
        """The figures of the day up to now."""
        self.day = DayReading(day, self.clock.now())

    def take_calls(self, calls: Calls) -> None:
        """Why calls of the day were missed."""
        zone = self.status.zone if self.status is not None else "UTC"
        self.missed = missed_by_cause(of_today(calls.calls, self.clock.now(), zone))

    def mode(self, supervisor: bool) -> Mode:
        """Which screen belongs to the status."""
        if self.status is None:
            return Mode.STARTING
        if self.status.state is State.LOGGED_OFF:
            return Mode.SIGN_IN
        if self.status.locked:
            return Mode.LOCKED
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
