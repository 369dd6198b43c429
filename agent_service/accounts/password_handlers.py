"""Changing one's password, and helping somebody who has forgotten theirs."""

import logging
import sqlite3
from collections.abc import Callable

from agent_service.accounts import credentials, tokens
from agent_service.accounts.authentication import Authenticator
from agent_service.accounts.directory import Directory
from agent_service.accounts.register import Register
from agent_service.allowance import Allowance
from agent_service.dispatch import Standing, handles
from agent_service.log import fields
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.rules.permissions import LEADS, may_reset_password
from protocol.wire import session as wire
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_log = logging.getLogger(__name__)

_MINUTE_MS = 60_000


class PasswordHandlers:
    """What concerns passwords once somebody is signed in."""

    def __init__(
        self,
        writer: Writer,
        authenticator: Authenticator,
        register: Register,
        directory: Directory,
        allowance: Allowance,
        reset_minutes: int,
        now_ms: Callable[[], int],
    ) -> None:
        self._writer = writer
        self._authenticator = authenticator
        self._register = register
        self._directory = directory
        self._allowance = allowance
        self._reset_ms = reset_minutes * _MINUTE_MS
        self._now_ms = now_ms

    @handles(wire.ChangePassword, Standing.PERSON)
    async def change(
        self, peer: Conversation, message: wire.ChangePassword
    ) -> wire.PasswordChanged:
        """Another password for oneself. The sign-in of this connection goes on; one that was
        left behind elsewhere ends."""
        assert peer.signed_in is not None
        assert peer.desk is not None
        agent, token_hash = peer.signed_in.person.number, peer.signed_in.token_hash
        proof = await self._authenticator.change(
            peer.desk, agent, message.password, message.new_password
        )

        def change(connection: sqlite3.Connection) -> None:
            if not tokens.stands(connection, token_hash):
                raise Refused(Code.BAD_TOKEN)
            if credentials.find(connection, agent).password_hash != proof.password_hash:
                raise Refused(Code.BAD_CREDENTIALS)
            tokens.revoke_others(connection, agent, token_hash)
            self._register.set_password(connection, agent, proof.new_hash, agent)

        await self._writer.run(change)
        _log.info("password_changed", extra=fields(agent=agent))
        return wire.PasswordChanged(message.id)

    @handles(wire.ResetPassword, Standing.PERSON, LEADS)
    async def reset(self, peer: Conversation, message: wire.ResetPassword) -> wire.ResetCode:
        """A one-time code for somebody whom the lead may help. All sign-ins of that person end,
        with the connection that is open."""
        assert peer.person is not None
        actor, number = peer.person, message.agent
        self._allowance.spend(actor.number)
        expires_ms = self._now_ms() + self._reset_ms
        _permit(actor, self._directory.find(number), number)
        code = await self._writer.run(
            lambda disk: self._register.issue_code(disk, number, expires_ms, actor.number)
        )
        _log.info("reset_code_issued", extra=fields(agent=number, actor=actor.number))
        return wire.ResetCode(message.id, code, expires_ms)


def _permit(actor: Person, subject: Person | None, number: str) -> None:
    """Raises `Refused` with `own_order`, `unknown_agent` or `not_permitted`."""
    if actor.number == number:
        raise Refused(Code.OWN_ORDER)
    if subject is None:
        raise Refused(Code.UNKNOWN_AGENT, agent=number[:40])
    if not may_reset_password(actor, subject):
        raise Refused(Code.NOT_PERMITTED)
