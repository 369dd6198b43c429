"""What acts are called: one that comes again has the same name, and is done once."""

import uuid
from hashlib import sha256

from protocol.wire.errors import Code, Refused

_ID_LENGTH = 32
_KEY_LENGTH = 64


def name_of(*parts: str) -> str:
    """An identity, the same for the same parts."""
    return sha256("\0".join(parts).encode()).hexdigest()[:_ID_LENGTH]


def name_of_act(*whose: str, key: str) -> str:
    """The same for the same key of the same actor; without a key, each is another. Raises
    `Refused` as `check_key` does."""
    check_key(key)
    return name_of(*whose, key) if key else uuid.uuid4().hex


def check_key(key: str) -> None:
    """Raises `Refused` with `malformed_message` for one that is too long."""
    if len(key) > _KEY_LENGTH:
        raise Refused(Code.MALFORMED_MESSAGE, detail="key")
