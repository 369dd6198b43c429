"""The hash chain: each entry's hash covers the one before it, so that no entry can be changed,
taken out or put in between without breaking all that follow.

    hash = sha256(previous hash ‖ header ‖ sha256(salt ‖ payload))

The payload is hashed by itself under a random salt, so that it can one day be erased, and only
its digest kept, without breaking the chain and without its content being guessed from the digest.
"""

import os
import struct
from collections.abc import Iterator
from hashlib import sha256

import msgspec

SALT_BYTES = 16

_fixed = struct.Struct(">QQ?qqqqIII")


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of the ledger, its fields in the order of the table's columns."""

    position: int
    """1, 2, 3 … without a gap."""
    session: str
    seq: int
    agent: str
    """Whom the session belongs to; empty for the service itself."""
    kind: str
    occurred_ms: int | None
    """As the seat said; readers hold it against `received_ms`."""
    wall_ms: int
    mono_ms: int
    received_ms: int
    salt: bytes
    payload: bytes
    """The fact, in the bytes in which it came."""
    hash: bytes


class Salts:
    """Random salts. Drawn many at a time: each draw lets another thread in, and has to wait for
    it."""

    _AT_ONCE = 1024

    def __init__(self) -> None:
        self._drawn: Iterator[bytes] = iter(())

    def next(self) -> bytes:
        """One that was never given before."""
        salt = next(self._drawn, None)
        if salt is None:
            drawn = os.urandom(SALT_BYTES * self._AT_ONCE)
            self._drawn = iter(
                [drawn[at : at + SALT_BYTES] for at in range(0, len(drawn), SALT_BYTES)]
            )
            salt = next(self._drawn)
        return salt


def genesis(ledger: str) -> bytes:
    """What the first entry's hash covers in place of one before it: the ledger's identity."""
    return sha256(f"seatline ledger {ledger}".encode()).digest()


def header(entry: Entry) -> bytes:
    """All of an entry but its payload, in one unambiguous encoding: fixed fields, then the
    lengths of the texts, then the texts. An unknown time is zero with its flag false."""
    session, agent, kind = entry.session.encode(), entry.agent.encode(), entry.kind.encode()
    occurred = entry.occurred_ms
    fixed = _fixed.pack(
        entry.position,
        entry.seq,
        occurred is not None,
        0 if occurred is None else occurred,
        entry.wall_ms,
        entry.mono_ms,
        entry.received_ms,
        len(session),
        len(agent),
        len(kind),
    )
    return b"".join((fixed, session, agent, kind))


def link(previous: bytes, entry: Entry) -> bytes:
    """The hash that the entry should have after `previous`; its own `hash` is not read."""
    payload = sha256(entry.salt + entry.payload).digest()
    return sha256(previous + header(entry) + payload).digest()
