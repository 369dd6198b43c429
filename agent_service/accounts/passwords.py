"""Passwords: hashed with argon2, slowly on purpose, and so never in the event loop."""

import asyncio
import secrets
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from protocol.wire.errors import Code, Refused

LEAST = 8
"""Characters of a password."""
MOST = 1024
_THREADS = 2


def hash_password(password: str) -> str:
    """The hash to store; takes about 0.1 s. Raises `Refused` with `password_too_short` or
    `password_too_long`."""
    if len(password) < LEAST:
        raise Refused(Code.PASSWORD_TOO_SHORT, least=LEAST)
    if len(password) > MOST:
        raise Refused(Code.PASSWORD_TOO_LONG, most=MOST)
    return PasswordHasher().hash(password)


class Passwords:
    """Compares passwords, a few at a time: more would only take memory from the calls."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobodys = _hash_of_nothing(self._hasher)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether the password belongs to the hash. Without one, for a staff number that nobody
        has, it takes as long and is False."""
        loop = asyncio.get_running_loop()
        hashed = password_hash or self._nobodys
        verified = await loop.run_in_executor(self._threads, self._verify, hashed, password[:MOST])
        return verified and password_hash is not None and len(password) <= MOST

    async def hash(self, password: str) -> str:
        """The hash to store. Raises `Refused` as `hash_password` does."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, hash_password, password)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def stop(self) -> None:
        """End the threads; a comparison under way is waited for."""
        self._threads.shutdown(cancel_futures=True)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """What looks like a hash of this strength, and belongs to no password that anybody knows."""
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
