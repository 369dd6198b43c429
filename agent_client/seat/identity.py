"""Who this desk is, and who is signed in at it: two files that only their owner can read."""

import logging
import secrets
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_client.seat.place import make_private, write_first, write_private
from protocol.wire.errors import Code, Refused
from protocol.wire.session import proof_text

T = TypeVar("T", bound=msgspec.Struct)

_log = logging.getLogger(__name__)


class DeskIdentity(msgspec.Struct, frozen=True):
    """The desk's name at the service and its Ed25519 key (hexadecimal)."""

    desk: str
    key: str

    def prove(self, nonce: str) -> str:
        """The signature (hexadecimal) that the service asks for on each connection."""
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.key))
        return key.sign(proof_text(nonce, self.desk)).hex()


class PendingKey(msgspec.Struct, frozen=True):
    """The key (hexadecimal) of a desk that the service has yet to name."""

    key: str


class SignInRecord(msgspec.Struct, frozen=True):
    """The sign-in that is in force: what a seat that starts again goes on with."""

    token: str


def new_key() -> str:
    """A fresh key (hexadecimal)."""
    return secrets.token_bytes(32).hex()


def public_half(key: str) -> str:
    """What the service may know of a key (hexadecimal)."""
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))
    return private.public_key().public_bytes_raw().hex()


def read(file: Path, kind: type[T]) -> T | None:
    """What a file holds, or None when there is none or it can't be read as that."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError):
        return None


def keep(file: Path, content: msgspec.Struct) -> None:
    """Write a file that only its owner can read. Raises `Refused(DISK_FAILED)`."""
    try:
        make_private(file.parent)
        write_private(file, msgspec.json.encode(content))
    except OSError as failed:
        raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed


def keep_first(file: Path, content: T) -> T | None:
    """Write a file like `keep`, unless somebody was first. Returns what it holds, or None when
    that can't be read. Raises `Refused(DISK_FAILED)`."""
    try:
        make_private(file.parent)
        if write_first(file, msgspec.json.encode(content)):
            return content
    except OSError as failed:
        raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed
    return read(file, type(content))


def forget(file: Path) -> None:
    """Take a file away. One that can't be is worth no more than what the service makes of it."""
    try:
        file.unlink(missing_ok=True)
    except OSError as failed:
        _log.error("%s could not be taken away: %s", file.name, failed)
