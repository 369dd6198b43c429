"""Signing in and out: by the service, by a kept token, or without the service."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable

import msgspec

from agent_client import CLIENT
from agent_client.seat import identity
from agent_client.seat.claiming import claim
from agent_client.seat.clock import Clock
from agent_client.seat.comparing import Comparing
from agent_client.seat.delivery import Delivery
from agent_client.seat.desk import Desk
from agent_client.seat.enrolment import take_identity
from agent_client.seat.handset import Handset
from agent_client.seat.link import Link
from agent_client.seat.outbox import Outbox
from agent_client.seat.place import SeatPlace
from agent_client.seat.provisional import Provisional, Unconfirmed
from agent_client.seat.sealed import Seal
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.wire import desk, session
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

_AWAY = frozenset({Code.SERVICE_UNREACHABLE, Code.DRAINING, Code.LEDGER_UNAVAILABLE, Code.INTERNAL})
"""Refusals with which the service is as good as away."""

_DISPLACED = frozenset({Code.SIGNED_IN_ELSEWHERE, Code.NOT_YOUR_SESSION})
"""What a seat hears whose person signed in at another desk."""

_DENIED = frozenset({Code.BAD_CREDENTIALS, Code.DISABLED, *_DISPLACED})
"""Refusals that end a session which began without the service."""

_OF_A_PERSON = frozenset(
    {Code.BAD_TOKEN, Code.NOT_CONFIRMED, Code.PASSWORD_CHANGE_NEEDED, *_DISPLACED}
)
"""Faults of the link that end when the person signs out."""


class Parts(msgspec.Struct, frozen=True):
    """What signing in and out sets in motion."""

    place: SeatPlace
    outbox: Outbox
    clock: Clock
    link: Link
    delivery: Delivery
    comparing: Comparing
    standing: Standing
    desk: Desk
    handset: Handset
    provisional: Provisional
    seal: Seal


class Signing:
    """Who is signed in, at the service and here."""

    def __init__(self, parts: Parts, changed: Callable[[], None]) -> None:
        self._parts = parts
        self._changed = changed
        self._one_at_a_time = asyncio.Lock()
        self._leaving = False
        self.notice: desk.Notice | None = None
        """Why the person was signed out without having asked for it, until somebody signs in."""

    @property
    def signed_in(self) -> bool:
        """Whether somebody is, as far as this desk goes."""
        return self._parts.standing.agent.state is not State.LOGGED_OFF

    @property
    def provisional(self) -> bool:
        """Whether the service has yet to confirm it."""
        return self._parts.provisional.session is not None

    async def sign_in(
        self, password: str, new_password: str = "", *, take_over: bool = False
    ) -> None:
        """Sign the seat's person in; or, where the service has ended a sign-in that is in force
        here, renew it without touching the agent's state. Raises `Refused`."""
        parts = self._parts
        await parts.link.introduced()
        async with self._one_at_a_time:
            await self._let_go()
            signed_in = self.signed_in
            if signed_in and parts.link.up:
                raise Refused("already_signed_in")
            await take_identity(parts.link, parts.place)
            asked = Unconfirmed(self._session_id(renewed=signed_in), password, take_over)
            try:
                answer = await self._ask(asked, new_password)
            except Refused as refused:
                if signed_in or new_password or refused.code not in _AWAY:
                    raise
                await self._begin_without_service(asked)
                return
            if not signed_in:
                self._begin(answer, asked.session, resumed=False)
            await self._in_force(answer)
            await parts.seal.keep(answer, new_password or password)

    async def presented(self) -> None:
        """The desk is connected: confirm or resume what was signed in; on a lost link the
        session, after a restart a new one. Raises `Refused`."""
        async with self._one_at_a_time:
            await self._let_go()
            if self._parts.link.up:
                return
            if self.signed_in and self._parts.provisional.session is not None:
                await self._confirm()
            else:
                await self._resume()

    def displaced(self) -> None:
        """The person has signed in at another desk: out, after the call if there is one."""
        if self.signed_in:
            _log.warning("signed in at another desk")
            self._parts.handset.displaced()
            self._dismiss(Code.TAKEN_OVER)
            self._parts.desk.taken_over()

    async def change_password(self, password: str, new_password: str) -> None:
        """Raises `Refused` with the service's code."""
        if not self.signed_in:
            raise Refused("not_signed_in")
        await self._parts.link.ask_signed_in(
            lambda id_: session.ChangePassword(id_, password, new_password)
        )
        signed_in = self._parts.standing.sign_in
        if signed_in is not None:
            await self._parts.seal.keep(signed_in, new_password)

    async def unlock(self, password: str) -> None:
        """Open the screen again. Needs no service. Raises `Refused`."""
        await self._parts.seal.open(password)
        self._parts.desk.unlock()

    def signed_off(self) -> None:
        """The agent is signed out, and it is on the disk. What is left to do, `put_away` does."""
        self._leaving = True
        self._parts.provisional.forget()
        identity.forget(self._parts.place.resume)

    async def put_away(self) -> None:
        """Let the phone and the token of a sign-out go."""
        async with self._one_at_a_time:
            await self._let_go()

    async def _ask(self, asked: Unconfirmed, new_password: str = "") -> session.SignedIn:
        agent = self._parts.place.agent
        try:
            answer = await self._parts.link.request(
                lambda id_: session.SignIn(
                    id_, agent, asked.password, asked.session, new_password, asked.take_over
                )
            )
        except Refused as refused:
            if refused.code == Code.DISABLED:
                self._parts.seal.forget()
            raise
        assert isinstance(answer, session.SignedIn)
        return answer

    async def _begin_without_service(self, asked: Unconfirmed) -> None:
        """Against what this desk has kept. The service is asked when it is back."""
        parts = self._parts
        known = await parts.seal.open(asked.password)
        parts.delivery.hold(asked.session)
        parts.provisional.begin(known, asked)
        identity.forget(parts.place.resume)
        self.notice = None
        parts.handset.take(known)
        parts.link.renew()
        self._changed()

    async def _confirm(self) -> None:
        """Ask the service about a session that began without it."""
        parts = self._parts
        asked = parts.provisional.asked
        if asked is None:
            raise Refused(Code.NOT_CONFIRMED)
        try:
            answer = await self._ask(asked)
        except Refused as refused:
            if refused.code not in _DENIED:
                raise
            _log.warning("the service does not confirm this sign-in: %s", refused.code)
            parts.provisional.deny()
            if refused.code == Code.BAD_CREDENTIALS:
                parts.seal.forget()
            if refused.code in _DISPLACED:
                parts.handset.displaced()
            self._dismiss(Code.NOT_CONFIRMED)
            parts.desk.not_confirmed()
            raise Refused(Code.NOT_CONFIRMED) from refused
        await self._in_force(answer)
        await parts.seal.keep(answer, asked.password)

    async def _resume(self) -> None:
        """Go on by the token, if there is one."""
        parts = self._parts
        kept = identity.read(parts.place.resume, identity.SignInRecord)
        if kept is None:
            return
        renewed = self.signed_in
        session_id = self._session_id(renewed=renewed)
        try:
            answer = await parts.link.request(
                lambda id_: session.Resume(id_, kept.token, session_id)
            )
        except Refused as refused:
            if refused.code == Code.BAD_TOKEN and not renewed:
                identity.forget(parts.place.resume)
                return
            if refused.code in _DISPLACED:
                self.displaced()
            raise
        assert isinstance(answer, session.SignedIn)
        if not renewed:
            self._begin(answer, session_id, resumed=True)
        await self._in_force(answer)

    def _session_id(self, *, renewed: bool) -> str:
        present = self._parts.outbox.present
        return present.id if renewed and present is not None else uuid.uuid4().hex

    def _begin(self, answer: session.SignedIn, session_id: str, *, resumed: bool) -> None:
        """A new session: its clock is set by this connection's best reading."""
        parts = self._parts
        if parts.link.best is None:
            raise Refused(Code.SERVICE_UNREACHABLE, server=parts.place.server)
        parts.clock.fix(parts.link.best)
        parts.provisional.keep_anchor(parts.link.best)
        parts.delivery.hold(session_id)  # older sessions go first, and may have to be claimed
        parts.standing.begin(session_id, answer, CLIENT, resumed=resumed)
        self.notice = None
        parts.handset.take(answer)

    async def _in_force(self, answer: session.SignedIn) -> None:
        """From here on this is the sign-in. Who has signed out meanwhile stays out: what is left
        to do then ends this token, too."""
        parts = self._parts
        if not self.signed_in:
            return
        parts.standing.sign_in = answer
        self._keep_token(answer.token)
        if parts.provisional.session is not None:
            parts.provisional.confirm(parts.link.best)
        parts.standing.declare_losses()
        if parts.standing.call is None:
            await parts.handset.change(answer)
        await claim(parts.comparing, parts.delivery, parts.link, parts.outbox)
        parts.link.came_up()
        self._changed()

    def _keep_token(self, token: str) -> None:
        """For a seat that starts again. Without it, somebody has to sign in then."""
        try:
            identity.keep(self._parts.place.resume, identity.SignInRecord(token))
        except Refused as refused:
            _log.error("the sign-in could not be kept: %s", refused)

    def _dismiss(self, code: Code) -> None:
        self.notice = desk.Notice(code)
        self._changed()

    async def _let_go(self) -> None:
        """What a sign-out leaves to do, before anybody is signed in again."""
        if not self._leaving:
            return
        self._leaving = False
        await self._parts.handset.put_away()
        with contextlib.suppress(Refused):
            await self._parts.link.request(session.SignOut)
        if self._parts.link.fault in _OF_A_PERSON:
            self._parts.link.came_up()
