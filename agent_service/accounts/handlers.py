"""Enrolling a desk, proving it, signing in and out."""

import logging
import re
import sqlite3
from collections.abc import Callable

from agent_service.accounts import enrolment, staff, tokens
from agent_service.accounts.authentication import Authenticator
from agent_service.accounts.sign_in import SessionRegistry
from agent_service.accounts.staff import Member
from agent_service.connections import Connections
from agent_service.dispatch import Standing, handles
from agent_service.reader import Reader
from agent_service.session import Conversation, SignedIn
from agent_service.settings import Settings
from agent_service.writer import Writer
from protocol.wire import session as wire
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Role, SipAccount

_session = re.compile(r"[0-9A-Za-z-]{1,64}")
_log = logging.getLogger(__name__)

_HOUR_MS = 3_600_000


class AccountHandlers:
    """From a stranger to a person."""

    def __init__(
        self,
        settings: Settings,
        writer: Writer,
        reader: Reader,
        authenticator: Authenticator,
        registry: SessionRegistry,
        connections: Connections,
        now_ms: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._writer = writer
        self._reader = reader
        self._authenticator = authenticator
        self._registry = registry
        self._connections = connections
        self._now_ms = now_ms

    @handles(wire.Enrol, Standing.GREETED)
    async def enrol(self, peer: Conversation, message: wire.Enrol) -> wire.Enrolled:
        """Take in a desk with its one-time code."""

        def exists(connection: sqlite3.Connection) -> bool:
            return enrolment.code_exists(connection, message.code)

        def enrol(connection: sqlite3.Connection) -> str:
            return enrolment.enrol(
                connection, message.code, message.public_key, message.name, self._now_ms()
            )

        if not await self._reader.run(exists):
            _log.warning("a wrong enrolment code")
            raise Refused(Code.BAD_ENROLMENT_CODE)
        desk = await self._writer.run(enrol)
        _log.info("desk %s enrolled", desk)
        return wire.Enrolled(message.id, desk)

    @handles(wire.Present, Standing.GREETED)
    async def present(self, peer: Conversation, message: wire.Present) -> wire.Presented:
        """Check the desk's proof."""
        found = await self._reader.run(lambda disk: enrolment.find_desk(disk, message.desk))
        desk = enrolment.check_proof(found, peer.nonce, message.proof)
        self._connections.farewell(peer)
        peer.prove(desk.desk, desk.name)
        return wire.Presented(message.id)

    @handles(wire.SignIn, Standing.DESK)
    async def sign_in(self, peer: Conversation, message: wire.SignIn) -> wire.SignedIn:
        """Check a password and begin, or go on with, a session."""
        assert peer.desk is not None
        _check_session(message.session)
        member = await self._authenticator.authenticate(peer.desk, message.agent, message.password)
        agent, desk = member.person.number, peer.desk
        expires_ms = self._expiry()

        def begin(connection: sqlite3.Connection) -> str:
            self._registry.refuse_if_elsewhere(connection, agent, desk)
            token = tokens.issue(connection, desk, agent, expires_ms)
            self._registry.begin(connection, agent, desk, message.session)
            return token

        token = await self._writer.run(begin)
        _log.info("%s signed in at desk %s", agent, desk)
        return self._signed_in(peer, message.id, member, message.session, token)

    @handles(wire.Resume, Standing.DESK)
    async def resume(self, peer: Conversation, message: wire.Resume) -> wire.SignedIn:
        """Go on with a token, in the same session or in a new one."""
        assert peer.desk is not None
        _check_session(message.session)
        desk = peer.desk

        def look(connection: sqlite3.Connection) -> Member | None:
            agent = tokens.holder(connection, message.token, desk, self._now_ms())
            return None if agent is None else staff.find(connection, agent)

        member = await self._reader.run(look)
        if member is None:
            raise Refused(Code.BAD_TOKEN)
        agent = member.person.number

        def begin(connection: sqlite3.Connection) -> None:
            if tokens.holder(connection, message.token, desk, self._now_ms()) != agent:
                raise Refused(Code.BAD_TOKEN)
            self._registry.begin(connection, agent, desk, message.session)

        await self._writer.run(begin)
        return self._signed_in(peer, message.id, member, message.session, message.token)

    @handles(wire.SignOut, Standing.PERSON)
    async def sign_out(self, peer: Conversation, message: wire.SignOut) -> wire.SignedOut:
        """End the token."""
        assert peer.signed_in is not None
        token_hash = peer.signed_in.token_hash
        await self._writer.run(lambda connection: tokens.revoke(connection, token_hash))
        _log.info("%s signed out", peer.signed_in.person.number)
        self._connections.farewell(peer)
        return wire.SignedOut(message.id)

    def _expiry(self) -> int:
        return self._now_ms() + round(self._settings.sign_in.token_hours * _HOUR_MS)

    def _signed_in(
        self, peer: Conversation, request: int, member: Member, session: str, token: str
    ) -> wire.SignedIn:
        signed_in = SignedIn(member.person, session, tokens.hash_token(token))
        self._connections.welcome(peer, signed_in)
        return wire.SignedIn(
            request,
            token,
            member.person,
            self._sip(member),
            self._settings.state,
            self._settings.site.zone,
        )

    def _sip(self, member: Member) -> SipAccount | None:
        if Role.AGENT not in member.person.roles:
            return None
        sip = self._settings.sip
        user = member.sip_user or member.person.number
        return SipAccount(user, sip.registrar, member.sip_password, sip.transport)


def _check_session(session: str) -> None:
    if not _session.fullmatch(session):
        raise Refused(Code.MALFORMED_MESSAGE, detail="session")
