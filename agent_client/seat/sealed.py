"""What a sign-in gave, kept on the desk so that only the password opens it again.

With the service away it lets a shift begin, and it opens a locked screen. What is kept is sealed by
a key that scrypt makes of the password. The desk slows guessing down; whoever holds the file has
scrypt's cost before each guess.
"""

import asyncio
import hashlib
import logging
import secrets
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from agent_client.seat import identity
from protocol.wire.errors import Code, Refused
from protocol.wire.session import SignedIn

_log = logging.getLogger(__name__)

COST = 15
"""Of scrypt, as a power of two: 32 MiB and about a tenth of a second a try."""
BLOCK = 8
FREE_TRIES = 3
"""Wrong passwords in a row that cost no wait."""
LONGEST_WAIT_S = 30.0


class Sealed(msgspec.Struct, frozen=True):
    """The file: everything in hexadecimal."""

    salt: str
    nonce: str
    content: str
    cost: Annotated[int, msgspec.Meta(ge=1, le=20)] = COST


class Tries(msgspec.Struct, frozen=True):
    """Wrong passwords since the last right one: kept, so that a new start forgets none."""

    wrong: int = 0


class Seal:
    """One person's sign-in, sealed for one desk and one server."""

    def __init__(self, file: Path, tries: Path, server: str, agent: str) -> None:
        self._file = file
        self._tries = tries
        self._agent = agent
        self._bound_to = f"{server}\n{agent}".encode()
        self._sealed: Sealed | None = None
        self._wrong = 0
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, signed_in: SignedIn, password: str) -> None:
        """Seal what a sign-in gave, but for its token. When the disk refuses, it is kept as long
        as the seat runs."""
        content = msgspec.json.encode(msgspec.structs.replace(signed_in, token=""))
        async with self._one_at_a_time:
            self._sealed = await asyncio.to_thread(_close, content, password, self._bound_to)
            self._note(0)
            try:
                identity.keep(self._file, self._sealed)
            except Refused as refused:
                _log.error("the sign-in could not be kept for a start without service: %s", refused)

    async def open(self, password: str) -> SignedIn:
        """What was sealed. Raises `Refused`: `NOT_KEPT` when there is nothing, `BAD_CREDENTIALS`
        for a wrong password, and later after each."""
        async with self._one_at_a_time:
            sealed = self._sealed or identity.read(self._file, Sealed)
            if sealed is None:
                raise Refused(Code.NOT_KEPT, agent=self._agent)
            wrong = max(self._wrong, (identity.read(self._tries, Tries) or Tries()).wrong)
            self._note(wrong + 1)
            await asyncio.sleep(_wait_s(wrong))
            content = await asyncio.to_thread(_open, sealed, password, self._bound_to)
            if content is None:
                raise Refused(Code.BAD_CREDENTIALS)
            self._note(0)
            self._sealed = sealed
        return self._read(content)

    def forget(self) -> None:
        """The person may not sign in any more."""
        self._sealed = None
        identity.forget(self._file)

    def _read(self, content: bytes) -> SignedIn:
        try:
            return msgspec.json.decode(content, type=SignedIn)
        except msgspec.DecodeError as error:  # sealed by another version
            raise Refused(Code.NOT_KEPT, agent=self._agent) from error

    def _note(self, wrong: int) -> None:
        """Count a try before it is made: a seat that is killed over it has made it."""
        self._wrong = wrong
        try:
            if wrong:
                identity.keep(self._tries, Tries(wrong))
            else:
                self._tries.unlink(missing_ok=True)
        except (Refused, OSError) as error:
            _log.error("a wrong password could not be counted on the disk: %s", error)


def _wait_s(wrong: int) -> float:
    """How long the next try waits after so many wrong ones."""
    if wrong < FREE_TRIES:
        return 0.0
    return min(LONGEST_WAIT_S, 2.0 ** min(wrong - FREE_TRIES, 10))


def _close(content: bytes, password: str, bound_to: bytes) -> Sealed:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    closed = AESGCM(_key(password, salt, COST)).encrypt(nonce, content, bound_to)
    return Sealed(salt.hex(), nonce.hex(), closed.hex(), COST)


def _open(sealed: Sealed, password: str, bound_to: bytes) -> bytes | None:
    """The content, or None when the password does not open it (or somebody changed the file)."""
    try:
        salt, nonce, closed = (
            bytes.fromhex(part) for part in (sealed.salt, sealed.nonce, sealed.content)
        )
        return AESGCM(_key(password, salt, sealed.cost)).decrypt(nonce, closed, bound_to)
    except (InvalidTag, ValueError):
        return None


def _key(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=1 << cost,
        r=BLOCK,
        p=1,
        maxmem=(128 * BLOCK << cost) + (1 << 20),
        dklen=32,
    )
