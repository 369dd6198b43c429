"""Enrolling a desk, proving it, signing in and out."""

import logging
import sqlite3
from collections.abc import Callable

from agent_service.accounts import credentials, enrolment, staff, tokens
from agent_service.accounts.authentication import Authenticator, Proof
from agent_service.accounts.credentials import Credential
from agent_service.accounts.directory import Directory
from agent_service.accounts.enrolment import Desk
from agent_service.accounts.register import Register
from agent_service.accounts.sign_in import SessionRegistry
from agent_service.accounts.staff import Member
from agent_service.connections import Connections
from agent_service.dispatch import Standing, handles
from agent_service.log import fields
from agent_service.reader import Reader
from agent_service.session import Conversation, SignedIn, check_session
from agent_service.settings import Settings
from agent_service.writer import Writer
from protocol.wire import session as wire
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person, Role, SipAccount

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
        register: Register,
        directory: Directory,
        connections: Connections,
        now_ms: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._writer = writer
        self._reader = reader
        self._authenticator = authenticator
        self._registry = registry
        self._register = register
        self._directory = directory
        self._connections = connections
        self._now_ms = now_ms

    @handles(wire.Enrol, Standing.GREETED)
    async def enrol(self, peer: Conversation, message: wire.Enrol) -> wire.Enrolled:
        """Take in a desk with its one-time code. One that has proved its key keeps it: its other
        seats use it, and what is signed in there is bound to it."""
        if peer.desk is not None:
            _log.warning("enrolment_refused", extra=fields(desk=peer.desk, name=peer.desk_name))
            raise Refused(Code.ALREADY_ENROLLED)

        def exists(connection: sqlite3.Connection) -> bool:
            return enrolment.may_enrol(connection, message.code, message.public_key)

        def enrol(connection: sqlite3.Connection) -> Desk:
            return enrolment.enrol(
                connection, message.code, message.public_key, message.name, self._now_ms()
            )

        if not await self._reader.run(exists):
            _log.warning("enrolment_refused")
            raise Refused(Code.BAD_ENROLMENT_CODE)
        desk = await self._writer.run(enrol)
        _log.info("desk_enrolled", extra=fields(desk=desk.desk, name=desk.name))
        return wire.Enrolled(message.id, desk.desk)

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
        """Check a password and begin, or go on with, a session; a password that has to be
        changed is, in the same step."""
        assert peer.desk is not None
        check_session(message.session)
        desk = peer.desk
        proof = await self._authenticator.sign_in(
            desk, message.agent, message.password, message.new_password
        )
        agent = proof.member.row.number
        expires_ms = self._expiry()

        def begin(connection: sqlite3.Connection) -> tuple[str, int]:
            self._still_holds(connection, proof)
            if not message.take_over:
                self._registry.refuse_if_elsewhere(connection, agent, desk)
            token = tokens.issue(connection, desk, agent, expires_ms)
            self._registry.begin(connection, agent, desk, message.session)
            if proof.new_hash:
                self._register.set_password(connection, agent, proof.new_hash, agent)
            return token, self._register.person(agent).ended

        token, ended = await self._writer.run(begin)
        self._not_ended_since(agent, ended)
        _log.info("signed_in", extra=fields(agent=agent, desk=desk, taken_over=message.take_over))
        return self._signed_in(peer, message.id, proof.member, message.session, token)

    def _still_holds(self, connection: sqlite3.Connection, proof: Proof) -> None:
        """In the writer's thread, where nobody else changes it: what was proved may have been
        changed, used up or closed meanwhile. Raises `Refused`."""
        number = proof.member.row.number
        if self._register.person(number).disabled:
            raise Refused(Code.DISABLED)
        same = credentials.find(connection, number).password_hash == proof.password_hash
        if proof.code:
            same = credentials.code_fits(connection, number, proof.code, self._now_ms())
        if not same:
            raise Refused(Code.BAD_CREDENTIALS)

    def _not_ended_since(self, agent: str, ended: int) -> None:
        """Somebody may have ended all sign-ins of the person after this one was written, before
        there was a connection to be shown out of. Raises `Refused` with `bad_token`."""
        if self._directory.ended(agent) > ended:
            raise Refused(Code.BAD_TOKEN)

    @handles(wire.Resume, Standing.DESK)
    async def resume(self, peer: Conversation, message: wire.Resume) -> wire.SignedIn:
        """Go on with a token, in the same session or in a new one."""
        assert peer.desk is not None
        check_session(message.session)
        desk = peer.desk

        def look(connection: sqlite3.Connection) -> Member | None:
            agent = tokens.holder(connection, message.token, desk, self._now_ms())
            return None if agent is None else staff.find(connection, agent)

        member = await self._reader.run(look)
        if member is None:
            await self._writer.run(
                lambda disk: self._registry.refuse_if_followed(disk, desk, message.session)
            )
            raise Refused(Code.BAD_TOKEN)
        agent = member.row.number

        def begin(connection: sqlite3.Connection) -> int:
            if tokens.holder(connection, message.token, desk, self._now_ms()) != agent:
                raise Refused(Code.BAD_TOKEN)
            self._registry.begin(connection, agent, desk, message.session)
            return self._register.person(agent).ended

        ended = await self._writer.run(begin)
        self._not_ended_since(agent, ended)
        return self._signed_in(peer, message.id, member, message.session, message.token)

    @handles(wire.SignOut, Standing.PERSON)
    async def sign_out(self, peer: Conversation, message: wire.SignOut) -> wire.SignedOut:
        """End the token."""
        assert peer.signed_in is not None
        token_hash = peer.signed_in.token_hash
        await self._writer.run(lambda connection: tokens.revoke(connection, token_hash))
        _log.info("signed_out", extra=fields(agent=peer.signed_in.person.number))
        self._connections.farewell(peer)
        return wire.SignedOut(message.id)

    def _expiry(self) -> int:
        return self._now_ms() + round(self._settings.sign_in.token_hours * _HOUR_MS)

    def _signed_in(
        self, peer: Conversation, request: int, member: Member, session: str, token: str
    ) -> wire.SignedIn:
        """Raises `Refused` with `disabled` for somebody who was closed while signing in."""
        person = self._directory.find(member.row.number)
        if person is None:
            raise Refused(Code.DISABLED)
        self._connections.welcome(peer, SignedIn(person, session, tokens.hash_token(token)))
        return wire.SignedIn(
            request,
            token,
            person,
            self._sip(person, member.credential),
            self._settings.state,
            self._settings.site.zone,
            self._settings.lines,
        )

    def _sip(self, person: Person, credential: Credential) -> SipAccount | None:
        if Role.AGENT not in person.roles:
            return None
        sip = self._settings.sip
        user = credential.sip_user or person.number
        return SipAccount(
            user,
            sip.registrar,
            credential.sip_password,
            sip.transport,
            sip.ready_code,
            sip.pause_code,
            sip.service_codes,
        )
