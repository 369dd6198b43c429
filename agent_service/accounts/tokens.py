"""Session tokens: random, bound to a desk and a person, stored as hashes."""

import secrets
import sqlite3
from hashlib import sha256

_BYTES = 32


def issue(connection: sqlite3.Connection, desk: str, agent: str, expires_ms: int) -> str:
    """A new token (hexadecimal). All earlier ones of the person end with it. The transaction is
    the caller's."""
    revoke_all(connection, agent)
    token = secrets.token_hex(_BYTES)
    connection.execute(
        "INSERT INTO token (hash, desk, agent, expires_ms) VALUES (?, ?, ?, ?)",
        (hash_token(token), desk, agent, expires_ms),
    )
    return token


def holder(connection: sqlite3.Connection, token: str, desk: str, now_ms: int) -> str | None:
    """The staff number that a token speaks for at this desk, if it still does."""
    row = connection.execute(
        "SELECT agent FROM token WHERE hash = ? AND desk = ? AND expires_ms > ?",
        (hash_token(token), desk, now_ms),
    ).fetchone()
    return None if row is None else str(row[0])


def stands(connection: sqlite3.Connection, token_hash: bytes) -> bool:
    """Whether nobody has ended it."""
    query = "SELECT 1 FROM token WHERE hash = ?"
    return connection.execute(query, (token_hash,)).fetchone() is not None


def revoke(connection: sqlite3.Connection, token_hash: bytes) -> None:
    """End one token."""
    connection.execute("DELETE FROM token WHERE hash = ?", (token_hash,))


def revoke_all(connection: sqlite3.Connection, agent: str) -> None:
    """End all tokens of a person."""
    connection.execute("DELETE FROM token WHERE agent = ?", (agent,))


def revoke_others(connection: sqlite3.Connection, agent: str, token_hash: bytes) -> None:
    """End all tokens of a person but one."""
    connection.execute("DELETE FROM token WHERE agent = ? AND hash <> ?", (agent, token_hash))


def hash_token(token: str) -> bytes:
    """Tokens are random, so a fast hash is enough."""
    return sha256(b"seatline token " + token.encode()).digest()
