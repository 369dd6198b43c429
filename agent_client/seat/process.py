"""The seat's process: the parts put together, and what it does between them.

`Seat` signs in and out, keeps the sign-in over a restart, and carries out what the local socket
asks. It is the process that must not die; when it does, its next start finds the facts on the
disk and says what it can't know.
"""

import asyncio
import contextlib
import logging
import signal
import uuid
from collections.abc import Awaitable, Callable

from agent_client import CLIENT
from agent_client.phone import engine
from agent_client.seat import identity
from agent_client.seat.clock import Clock
from agent_client.seat.control import Control
from agent_client.seat.delivery import Delivery
from agent_client.seat.desk import Desk
from agent_client.seat.floor import FloorCache
from agent_client.seat.link import Link, Listener
from agent_client.seat.outbox import Outbox
from agent_client.seat.phone import SeatPhone
from agent_client.seat.phone_events import PhoneEvents
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.place import SeatPlace
from agent_client.seat.requests import carry_out
from agent_client.seat.standing import Standing
from agent_client.seat.view import View
from agent_client.settings import Settings
from protocol.facts.agent import State
from protocol.wire import session, sync
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

ALIVE_S = 10.0
"""So often the seat notes on its disk that it runs."""

_OF_A_PERSON = frozenset({Code.BAD_TOKEN, Code.SIGNED_IN_ELSEWHERE, Code.NOT_YOUR_SESSION})
"""Faults of the link that end when the person signs out."""


class Seat(Listener):
    """One seat, from its start to its end."""

    def __init__(self, settings: Settings, place: SeatPlace, engine_name: str) -> None:
        self._settings = settings
        self._place = place
        self._outbox = Outbox(place.outbox)
        self._clock = Clock()
        self._delivery = Delivery(self._outbox)
        self.link = Link(settings.server, settings.ca, self._clock, self._delivery, CLIENT)
        self.link.listener = self
        self.link.identity = identity.read(place.identity, identity.DeskIdentity)
        self._phone = SeatPhone(
            lambda event: self._events.take(event),
            lambda: self._events.died(),
            engine_name,
            place.records / "phone.log",
        )
        orders = PhoneOrders(self._phone.do, self._phone_hangs)
        self.standing = Standing(
            self._outbox,
            self._clock,
            self._changed,
            self._signed_off,
            lambda call_id: self.desk.ring_expired(call_id),
        )
        self.desk = Desk(self.standing, orders)
        self._events = PhoneEvents(self.standing, orders)
        self.floor = FloorCache(self._clock, lambda floor: self._control.push_floor(floor))
        self.view = View(
            place.agent, self._outbox, self._clock, self.link, self.standing, self._events
        )
        self._control = Control(
            place,
            lambda request: carry_out(self, request),
            self.view.status,
            self.floor.whole,
            self.standing.terminals,
        )
        self._floor_wanted = False
        self._ended = asyncio.Event()
        self._signing = asyncio.Lock()
        self._leaving = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until told to stop; `ready` is called when the local socket answers."""
        self._prune()
        await self._control.open()
        ready()
        link = asyncio.create_task(self.link.run())
        alive = asyncio.create_task(self._keep_alive())
        try:
            await self._ended.wait()
        finally:
            await self._phone.stop()
            for task in (link, alive, *self._tasks):
                task.cancel()
            await asyncio.gather(link, alive, *self._tasks, return_exceptions=True)
            await self._control.close()
            self.standing.close()
            self._outbox.close()

    def stop(self) -> None:
        """End in good order."""
        self._ended.set()

    # Signing in and out.

    async def enrol(self, code: str) -> None:
        """Make this desk known to the service."""
        private, public = identity.new_key()
        await self.link.introduced()
        name = await self.link.enrol(code, public, self._settings.name_of_desk())
        known = identity.DeskIdentity(name, private)
        identity.keep(self._place.identity, known)
        self.link.identity = known
        await self.link.present()
        self._changed()

    async def sign_in(self, password: str) -> None:
        """Sign the seat's person in; or, where the service has ended a sign-in that is in force
        here, renew it without touching the agent's state."""
        await self.link.introduced()
        async with self._signing:
            await self._let_go()
            signed_in = self.standing.agent.state is not State.LOGGED_OFF
            if signed_in and self.link.fault != Code.BAD_TOKEN:
                raise Refused("already_signed_in")
            await self._take_identity()
            session_id = self._session_id(renewed=signed_in)
            answer = await self.link.request(
                lambda id_: session.SignIn(id_, self._place.agent, password, session_id)
            )
            assert isinstance(answer, session.SignedIn)
            if not signed_in:
                self._begin(answer, session_id, resumed=False)
            self._in_force(answer)

    async def link_presented(self) -> None:
        """Resume what was signed in: on a lost link the session, after a restart a new one."""
        async with self._signing:
            await self._let_go()
            kept = identity.read(self._place.resume, identity.SignInRecord)
            if kept is None or self.link.up:
                return
            renewed = self.standing.agent.state is not State.LOGGED_OFF
            session_id = self._session_id(renewed=renewed)
            try:
                answer = await self.link.request(
                    lambda id_: session.Resume(id_, kept.token, session_id)
                )
            except Refused as refused:
                if refused.code == Code.BAD_TOKEN and not renewed:
                    self._place.resume.unlink(missing_ok=True)
                    return
                raise
            assert isinstance(answer, session.SignedIn)
            if not renewed:
                self._begin(answer, session_id, resumed=True)
            self._in_force(answer)
        if self._floor_wanted:
            with contextlib.suppress(Refused):
                await self._subscribe()

    async def _take_identity(self) -> None:
        """Another seat of this desk may have enrolled it meanwhile."""
        if self.link.identity is not None:
            return
        self.link.identity = identity.read(self._place.identity, identity.DeskIdentity)
        if self.link.identity is None:
            raise Refused(Code.NOT_ENROLLED)
        await self.link.present()

    def _session_id(self, *, renewed: bool) -> str:
        present = self._outbox.present
        return present.id if renewed and present is not None else uuid.uuid4().hex

    def _in_force(self, answer: session.SignedIn) -> None:
        """From here on this is the sign-in. Who has signed out meanwhile stays out: what is left
        to do then ends this token, too."""
        if self.standing.agent.state is State.LOGGED_OFF:
            return
        self.standing.sign_in = answer
        self._keep_token(answer.token)
        self.link.came_up()
        self._changed()

    def _keep_token(self, token: str) -> None:
        """For a seat that starts again. Without it, somebody has to sign in then."""
        try:
            identity.keep(self._place.resume, identity.SignInRecord(token))
        except Refused as refused:
            _log.error("the sign-in could not be kept: %s", refused)

    def _begin(self, answer: session.SignedIn, session_id: str, *, resumed: bool) -> None:
        """A new session: its clock is set by this connection's best reading."""
        if self.link.best is None:
            raise Refused(Code.SERVICE_UNREACHABLE, server=self._settings.server)
        self._clock.fix(self.link.best)
        self.standing.begin(session_id, answer, CLIENT, resumed=resumed)
        if answer.sip is not None:
            self._phone.start(self._open(answer.sip, answer.person.name))

    def _open(self, sip: session.SipAccount, name: str) -> engine.Open:
        phone = self._settings.phone
        return engine.Open(
            user=sip.user,
            registrar=sip.registrar,
            password=sip.password,
            transport=engine.Transport(sip.transport),
            listen_host=phone.listen_host,
            listen_port=phone.listen_port,
            sound=phone.sound,
            display_name=name,
            rtp_loss_s=phone.rtp_loss_s,
        )

    def _signed_off(self) -> None:
        """The agent is signed out, and it is on the disk: let the phone and the token go."""
        self._place.resume.unlink(missing_ok=True)
        self._floor_wanted = False
        self.floor.forget()
        self._leaving = True
        self._start(self._put_away())

    async def _put_away(self) -> None:
        async with self._signing:
            await self._let_go()

    async def _let_go(self) -> None:
        """What a sign-out leaves to do, before anybody is signed in again."""
        if not self._leaving:
            return
        self._leaving = False
        await self._phone.stop()
        self._events.closed()
        with contextlib.suppress(Refused):
            await self.link.request(session.SignOut)
        if self.link.fault in _OF_A_PERSON:
            self.link.came_up()

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

    def link_changed(self) -> None:
        """The link went up or down."""
        if not self.link.up:
            self.floor.lost()
        self._control.changed()

    def acknowledged(self) -> None:
        """The service has more of our facts."""
        self._control.changed()

    def floor_batch(self, batch: sync.FloorBatch) -> None:
        """Rows of the floor changed."""
        self.floor.take(batch)

    def _phone_hangs(self) -> None:
        """The phone leaves a call's end undone. Where only this disk is slow, it is not."""
        if not self.standing.waits:
            self._phone.give_up()

    def _changed(self) -> None:
        self._delivery.wake()
        self._control.changed()

    def _start(self, work: "Awaitable[None]") -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _prune(self) -> None:
        try:
            self._outbox.prune(self._clock.read().wall_ms)
        except Refused as refused:
            _log.error("old facts could not be forgotten: %s", refused)

    async def _keep_alive(self) -> None:
        """Note on the disk that the seat runs, so that its end can be told to within seconds."""
        while True:
            now_ms = self._clock.now_ms()
            if now_ms is not None and self.standing.agent.state is not State.LOGGED_OFF:
                try:
                    self._outbox.seen_alive(now_ms)
                except Refused as refused:
                    _log.error("could not note that the seat runs: %s", refused)
            await asyncio.sleep(ALIVE_S)


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
