"""One-time codes that people read to one another and type: `K7QM-2XWP-9FBD`."""

import secrets
from hashlib import sha256

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are taken for one another."""
_GROUPS, _GROUP = 3, 4


def make() -> str:
    """A code of 60 random bits."""
    letters = [secrets.choice(ALPHABET) for _ in range(_GROUPS * _GROUP)]
    groups = ["".join(letters[at : at + _GROUP]) for at in range(0, len(letters), _GROUP)]
    return "-".join(groups)


def hash_of(code: str, purpose: str) -> bytes:
    """What is stored of it: codes are random enough for a fast hash. Case, spaces and dashes
    are nobody's fault."""
    letters = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return sha256(f"seatline {purpose} {letters}".encode()).digest()
