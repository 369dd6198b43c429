"""Whether somebody is who they say: staff number and password, tried a few times only.

Tries are counted by staff number and by desk (`attempts`), for passwords, for the one-time codes
that stand for them and for changing a password alike. The counts are kept in memory: a restart of
the service forgets them, which only an operator can bring about.
"""

import logging
from collections.abc import Callable

import msgspec

from agent_service.accounts import credentials, staff
from agent_service.accounts.attempts import Attempts
from agent_service.accounts.passwords import Passwords
from agent_service.accounts.staff import Member
from agent_service.log import fields
from agent_service.reader import Reader
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)


class Proof(msgspec.Struct, frozen=True):
    """What somebody has shown."""

    member: Member
    code: str
    """The one-time code that was given in place of the password; empty: none was."""
    new_hash: str = ""
    """Of the password that takes the old one's place; empty: none does."""

    @property
    def password_hash(self) -> str:
        """What was compared with; a sign-in holds only while that is still so."""
        return self.member.credential.password_hash


class Authenticator:
    """Checks passwords against the staff."""

    def __init__(
        self,
        reader: Reader,
        passwords: Passwords,
        attempts: Attempts,
        now_ms: Callable[[], int],
    ) -> None:
        self._reader = reader
        self._passwords = passwords
        self._attempts = attempts
        self._now_ms = now_ms

    async def sign_in(self, desk: str, agent: str, password: str, new_password: str) -> Proof:
        """Who it is. Raises `Refused` with `too_many_attempts`, or `bad_credentials`: in the
        same words and time for a wrong password and a number that nobody has. Only who gave the
        right one is told `disabled`, `password_change_needed`, or what is wrong with the new
        one: `password_too_short`, `password_not_new`."""
        proof = await self._recognise(desk, agent, password)
        if proof.member.row.disabled:
            raise Refused(Code.DISABLED)
        if new_password:
            return await self._renewed(proof, password, new_password)
        if proof.code or proof.member.credential.to_be_changed:
            raise Refused(Code.PASSWORD_CHANGE_NEEDED)
        return proof

    async def change(self, desk: str, agent: str, password: str, new_password: str) -> Proof:
        """Somebody who is signed in gives the old password and a new one. Raises `Refused` as
        `sign_in` does."""
        proof = await self._recognise(desk, agent, password)
        return await self._renewed(proof, password, new_password)

    async def _recognise(self, desk: str, agent: str, password: str) -> Proof:
        keys = f"agent {agent}", f"desk {desk}"
        self._attempts.begin(*keys)
        member = await self._reader.run(lambda disk: staff.find(disk, agent))
        known = "" if member is None else member.credential.password_hash
        fits = await self._passwords.fits(password, known or None)
        by_code = await self._reader.run(
            lambda disk: credentials.code_fits(disk, agent, password, self._now_ms())
        )
        if member is None or not (fits or by_code):
            # what nobody has for a number may be a password in the wrong field
            number = None if member is None else agent
            _log.warning("sign_in_refused", extra=fields(agent=number, desk=desk))
            raise Refused(Code.BAD_CREDENTIALS)
        self._attempts.succeeded(*keys)
        return Proof(member, "" if fits else password)

    async def _renewed(self, proof: Proof, password: str, new_password: str) -> Proof:
        same = new_password == password or (
            proof.code != ""
            and await self._passwords.fits(new_password, proof.password_hash or None)
        )
        if same:
            raise Refused(Code.PASSWORD_NOT_NEW)
        new_hash = await self._passwords.hash(new_password)
        return msgspec.structs.replace(proof, new_hash=new_hash)
