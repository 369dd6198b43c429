"""Whether somebody is who they say: staff number and password, tried a few times only."""

import logging

from agent_service.accounts import staff
from agent_service.accounts.attempts import Attempts
from agent_service.accounts.passwords import Passwords
from agent_service.accounts.staff import Member
from agent_service.reader import Reader
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)


class Authenticator:
    """Checks passwords against the staff."""

    def __init__(self, reader: Reader, passwords: Passwords, attempts: Attempts) -> None:
        self._reader = reader
        self._passwords = passwords
        self._attempts = attempts

    async def authenticate(self, desk: str, agent: str, password: str) -> Member:
        """The member of staff. Raises `Refused` with `too_many_attempts`, or `bad_credentials`:
        in the same words and time for a wrong password and a number that nobody has."""
        keys = f"agent {agent}", f"desk {desk}"
        self._attempts.begin(*keys)
        member = await self._reader.run(lambda connection: staff.find(connection, agent))
        password_hash = None if member is None else member.password_hash
        if not await self._passwords.fits(password, password_hash) or member is None:
            _log.warning("wrong number or password for %.40r at desk %s", agent, desk)
            raise Refused(Code.BAD_CREDENTIALS)
        self._attempts.succeeded(*keys)
        return member
