"""Desks: a one-time code lets a desk hand in its public key, which is its identity from then on."""

import sqlite3
import uuid

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agent_service.accounts import codes
from agent_service.printable import printable
from protocol.wire.errors import Code, Refused
from protocol.wire.session import proof_text

_PURPOSE = "enrolment"
_NAME_MOST = 64
_DESK = "SELECT desk, public_key, name FROM desk"


class Desk(msgspec.Struct, frozen=True):
    """An enrolled desk."""

    desk: str
    public_key: bytes
    name: str


class Enrolled(msgspec.Struct, frozen=True):
    """A desk as the operator sees it."""

    desk: str
    name: str
    enrolled_ms: int
    people: tuple[str, ...]
    """Who could go on there without a password."""


def new_code(connection: sqlite3.Connection, expires_ms: int) -> str:
    """A code such as `K7QM-2XWP-9FBD`, good once. Only its hash is stored; the transaction is
    the caller's."""
    code = codes.make()
    connection.execute(
        "INSERT INTO enrolment_code (hash, expires_ms) VALUES (?, ?)",
        (codes.hash_of(code, _PURPOSE), expires_ms),
    )
    return code


def enrol(
    connection: sqlite3.Connection, code: str, public_key: str, name: str, now_ms: int
) -> Desk:
    """Use a code up and take in the desk, with an identity of its own. The transaction is the
    caller's.

    A desk that asks again with the key that it was taken in with did not hear the answer: it gets
    the same one, and no code is used up. Raises `Refused` with `bad_enrolment_code`, or
    `bad_desk_proof` for what is no key.
    """
    key = _read_key(public_key)
    known = connection.execute(f"{_DESK} WHERE public_key = ?", (key,)).fetchone()
    if known is not None:
        return Desk(*known)
    used = connection.execute(
        "DELETE FROM enrolment_code WHERE hash = ? RETURNING expires_ms",
        (codes.hash_of(code, _PURPOSE),),
    ).fetchone()
    if used is None or used[0] <= now_ms:
        raise Refused(Code.BAD_ENROLMENT_CODE)
    desk = Desk(str(uuid.uuid4()), key, printable(name[:_NAME_MOST])[:_NAME_MOST])
    connection.execute(
        "INSERT INTO desk (desk, public_key, name, enrolled_ms) VALUES (?, ?, ?, ?)",
        (*msgspec.structs.astuple(desk), now_ms),
    )
    return desk


def may_enrol(connection: sqlite3.Connection, code: str, public_key: str) -> bool:
    """Whether it is worth the writer's time: the code is one, or the key is known. Raises
    `Refused` with `bad_desk_proof` for what is no key."""
    query = """SELECT 1 FROM enrolment_code WHERE hash = ?
               UNION ALL SELECT 1 FROM desk WHERE public_key = ?"""
    values = (codes.hash_of(code, _PURPOSE), _read_key(public_key))
    return connection.execute(query, values).fetchone() is not None


def find_desk(connection: sqlite3.Connection, desk: str) -> Desk | None:
    """An enrolled desk."""
    row = connection.execute(f"{_DESK} WHERE desk = ?", (desk,)).fetchone()
    return None if row is None else Desk(*row)


def desks(connection: sqlite3.Connection, now_ms: int) -> list[Enrolled]:
    """All enrolled desks by name, of one name the oldest first."""
    people: dict[str, list[str]] = {}
    holders = "SELECT desk, agent FROM token WHERE expires_ms > ? ORDER BY agent"
    for desk, agent in connection.execute(holders, (now_ms,)):
        people.setdefault(desk, []).append(agent)
    query = "SELECT desk, name, enrolled_ms FROM desk ORDER BY name, enrolled_ms, desk"
    return [
        Enrolled(desk, name, enrolled_ms, tuple(people.get(desk, ())))
        for desk, name, enrolled_ms in connection.execute(query)
    ]


def check_proof(desk: Desk | None, nonce: str, proof: str) -> Desk:
    """The desk, if the proof is its key's over this connection's nonce. Raises `Refused` with
    `bad_desk_proof`, whatever it is that fails."""
    if desk is None:
        raise Refused(Code.BAD_DESK_PROOF)
    try:
        key = Ed25519PublicKey.from_public_bytes(desk.public_key)
        key.verify(bytes.fromhex(proof), proof_text(nonce, desk.desk))
    except (InvalidSignature, ValueError) as error:
        raise Refused(Code.BAD_DESK_PROOF) from error
    return desk


def _read_key(public_key: str) -> bytes:
    try:
        key = bytes.fromhex(public_key)
        Ed25519PublicKey.from_public_bytes(key)
    except ValueError as error:
        raise Refused(Code.BAD_DESK_PROOF) from error
    return key
