"""The seat's process: what it does between its parts.

`Seat` carries out what the local socket asks. It is the process that must not die; when it does,
its next start finds the facts on the disk and says what it can't know.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable

from agent_client.seat.bootstrap import Owner, SeatParts, make_parts
from agent_client.seat.breaks import is_time_for_rest
from agent_client.seat.control import Control, Watched
from agent_client.seat.enrolment import enrol
from agent_client.seat.exam_delivery import ExamDelivery
from agent_client.seat.exam_journal import ExamJournal
from agent_client.seat.exams import Exams
from agent_client.seat.floor import FloorCache
from agent_client.seat.known_training import KnownTraining
from agent_client.seat.own_days import OwnDays
from agent_client.seat.place import SeatPlace
from agent_client.seat.plan_cache import PlanCache
from agent_client.seat.recent_sessions import RecentSessions
from agent_client.seat.requests import carry_out
from agent_client.seat.screen_lock import ScreenLock
from agent_client.seat.sleep import watch_sleep
from agent_client.seat.training import Training
from agent_client.seat.training_cache import TrainingCache
from agent_client.settings import Settings
from protocol.facts.agent import State
from protocol.wire import breaks, desk, exams, handover, orders, roster, sync, training
from protocol.wire.errors import Refused

_log = logging.getLogger(__name__)

ALIVE_S = 10.0
"""So often the seat notes on its disk that it runs."""
AGAIN_S = 1.0
"""Pause before work that failed begins again."""


class Seat(Owner):
    """One seat, from its start to its end."""

    def __init__(self, settings: Settings, place: SeatPlace, engine_name: str) -> None:
        self._settings = settings
        self._place = place
        parts = make_parts(settings, place, engine_name, self)
        self._outbox = parts.core.records.outbox
        self.clock = parts.core.clock
        self._delivery = parts.core.delivery
        self.link = parts.core.link
        self._phone = parts.at_desk.phone
        self.standing = parts.at_desk.standing
        self.desk = parts.at_desk.desk
        self.memory, self.past, self.wrap_ups, self.orders = parts.remembered
        self.signing = parts.signing
        self.view = parts.view
        self.relay = parts.relay
        self.breaks = parts.breaks
        self.leading = parts.leading
        self.floor = FloorCache(self.clock, lambda floor: self._control.push_floor(floor))
        self.plans = PlanCache(place)
        self.days = self._make_days(parts)
        self.exams = self._make_exams(parts)
        self.training_cache = TrainingCache(place)
        self.training = self._make_training()
        self.breaks.planned = lambda: is_time_for_rest(self.days.today(), self.days.rules())
        self._control = self._make_control()
        self._floor_wanted = False
        self._ended = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def _make_days(self, parts: SeatParts) -> OwnDays:
        return OwnDays(
            agent=self._place.agent,
            sessions=RecentSessions(self._outbox),
            clock=self.clock,
            standing=self.standing,
            cache=self.plans,
            tell=lambda day: self._control.push_day(day),
            watched=lambda: self._control.day_watched(),
            zone_name=lambda: parts.view.zone_name,
        )

    def _make_exams(self, parts: SeatParts) -> Exams:
        journal = ExamJournal(self._place.exams)
        return Exams(
            journal,
            ExamDelivery(journal, parts.relay),
            self.desk,
            self.standing,
            self.clock,
            lambda: self.link.up,
            lambda told: self._control.push_exams(told),
        )

    def _make_training(self) -> Training:
        return Training(
            KnownTraining(self._place.agent, self.training_cache, self._outbox),
            self.standing,
            self.clock,
            self.breaks.take_break,
            lambda told: self._control.push_training(told),
        )

    def _make_control(self) -> Control:
        return Control(
            self._place,
            lambda request: carry_out(self, request),
            Watched(
                self.view.status,
                self.floor.whole,
                self.days.today,
                self.exams.present,
                self.training.present,
            ),
            self._count_terminals,
        )

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until told to stop; `ready` is called when the local socket answers."""
        self._prune()
        await self.memory.read(self._place.outbox)
        link = asyncio.create_task(self.link.run())
        try:
            await self._begin()
            ready()
            await self._ended.wait()
        finally:
            await self._phone.stop()
            self.past.stop()
            for task in (link, *self._tasks):
                task.cancel()
            await asyncio.gather(link, *self._tasks, return_exceptions=True)
            await self._control.close()
            self.training.close()
            self.standing.close()
            self.exams.close()
            self._outbox.close()

    async def _begin(self) -> None:
        """Answer the local socket, and watch. Where somebody was signed in before this start, the
        first that is seen should be that they are again, if the service lets them in a moment."""
        if self._place.resume.exists():
            await self.link.introduced()
        await self._control.open()
        lock = ScreenLock(self.standing)
        for work in (self.note_that_it_runs, self._watch_sleep, lock.watch, self.exams.deliver):
            self._start(keep_going(work))

    def stop(self) -> None:
        """End in good order."""
        self._ended.set()

    async def enrol(self, code: str) -> None:
        """Make this desk known to the service."""
        await enrol(self.link, self._place, code, self._settings.name_of_desk())
        self.changed()

    async def sign_in(self, request: desk.SignIn) -> None:
        """Sign the seat's person in, or renew what the service has ended. Raises `Refused`."""
        await self.signing.sign_in(
            request.password, request.new_password, take_over=request.take_over
        )
        await self._watch_on()

    async def _watch_on(self) -> None:
        """Be told of the floor again, if that was wished."""
        if self._floor_wanted and self.signing.signed_in:
            with contextlib.suppress(Refused):
                await self._subscribe()

    async def watch_floor(self) -> None:
        """Be told of the floor, from where it was left; with the link down, when it is back."""
        if self.standing.agent.state is State.LOGGED_OFF:
            raise Refused("not_signed_in")
        if self.link.up:
            await self._subscribe()
        self._floor_wanted = True

    async def _subscribe(self) -> None:
        await self.link.request(lambda id_: sync.Subscribe(id_, self.floor.cursor))

    # What the link and the parts tell.

    async def link_presented(self) -> None:
        """Go on with what was signed in."""
        await self.signing.presented()
        await self._watch_on()

    def displaced(self) -> None:
        """The person has signed in at another desk."""
        self.signing.displaced()

    def orders_waiting(self, waiting: orders.OrdersWaiting) -> None:
        """Leads ask something."""
        self.orders.take(waiting)

    def own_plan(self, plan: roster.OwnPlan) -> None:
        """The person's plan is another."""
        self.plans.take(plan)
        self.days.look()

    def own_notices(self, notices: handover.OwnNotices) -> None:
        """What waits for the person is another."""
        self.plans.take_notices(notices)
        self.days.look()

    def own_queue(self, queue: breaks.OwnQueue) -> None:
        """The person's place in the queue for breaks is another. No state changes by it."""
        self.breaks.take(queue)

    def own_exams(self, own: exams.OwnExams) -> None:
        """What there is to sit, or a result, is another."""
        self.exams.take(own)

    def own_training(self, own: training.OwnTraining) -> None:
        """What there is to study is another."""
        self.training.take(own)

    def link_changed(self) -> None:
        """The link went up or down."""
        self.exams.wake()
        if not self.link.up:
            self.floor.lost()
            self.breaks.forget()
        self._control.changed()

    def acknowledged(self) -> None:
        """The service has more of our facts."""
        self._control.changed()

    def floor_batch(self, batch: sync.FloorBatch) -> None:
        """Rows of the floor changed."""
        self.floor.take(batch)

    async def _watch_sleep(self) -> None:
        await watch_sleep(self.clock, self._slept)

    def _slept(self, seconds: float) -> None:
        """The machine slept: timers stood still, and nobody knows what became of the link."""
        _log.warning("the machine slept for %d s", seconds)
        self.standing.slept(seconds)
        self.link.renew()

    def phone_hangs(self) -> None:
        """The phone leaves a call's end undone. Where only this disk is slow, it is not."""
        if not self.standing.waits:
            self._phone.give_up()

    def signed_off(self) -> None:
        """The agent is signed out, and it is on the disk: let the phone and the token go."""
        self.signing.signed_off()
        self.orders.forget()
        self.plans.signed_off()
        self.breaks.forget()
        self.exams.signed_off()
        self.training.signed_off()
        self._floor_wanted = False
        self.floor.forget()
        if not self._ended.is_set():
            self._start(self.signing.put_away())
        self._prune()

    def changed(self) -> None:
        """Something that a screen shows has changed, and perhaps there are new facts."""
        self._delivery.wake()
        self._control.changed()
        asyncio.get_running_loop().call_soon(self.days.look)

    def _count_terminals(self, count: int) -> None:
        self.standing.terminals(count)
        self.training.terminals(count)

    def _start(self, work: "Awaitable[None]") -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _prune(self) -> None:
        try:
            self._outbox.prune()
        except Refused as refused:
            _log.error("old facts could not be forgotten: %s", refused)

    async def note_that_it_runs(self) -> None:
        """Note on the disk, for ever, that the seat runs: its end can then be told to within
        seconds. While something that happened waits for the disk, what is there vouches for
        nothing later."""
        while True:
            now_ms = self.clock.now_ms()
            signed_in = self.standing.agent.state is not State.LOGGED_OFF
            if now_ms is not None and signed_in and not self.standing.waits:
                try:
                    self._outbox.seen_alive(now_ms)
                except Refused as refused:
                    _log.error("could not note that the seat runs: %s", refused)
            self.orders.go_on()
            self.days.look()
            self.training.look()
            await asyncio.sleep(ALIVE_S)


async def keep_going(work: Callable[[], Awaitable[None]]) -> None:
    """Do it to its end; where it fails, which it should not, again."""
    while True:
        try:
            return await work()
        except Exception:  # noqa: BLE001 - the edge: the seat outlives what watches beside it
            _log.error("work beside the seat failed", exc_info=True)
            await asyncio.sleep(AGAIN_S)


async def serve(
    settings: Settings, place: SeatPlace, engine_name: str, ready: Callable[[], None]
) -> None:
    """Run a seat until SIGTERM or SIGINT. The caller holds the place's lock."""
    seat = Seat(settings, place, engine_name)
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers in the loop
            loop.add_signal_handler(each, seat.stop)
    await seat.run(ready)
