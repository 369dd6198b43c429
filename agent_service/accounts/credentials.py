"""What people sign in with: the tables `credential` and `one_time_code`. Secrets are no facts, so
they are no projection; passwords and codes are kept as hashes. Transactions are the caller's."""

import hmac
import sqlite3

import msgspec

from agent_service.accounts import codes

_PURPOSE = "sign-in"


class Credential(msgspec.Struct, frozen=True):
    """A person's; the fields in the order of the columns."""

    number: str
    password_hash: str = ""
    """Empty: there is none yet, only a one-time code."""
    to_be_changed: bool = False
    """The password was chosen by somebody else, and is good for one sign-in."""
    sip_user: str = ""
    """Empty: the staff number."""
    sip_password: str = ""


def find(connection: sqlite3.Connection, number: str) -> Credential:
    """A person's credential; an empty one, that nothing fits, where there is none."""
    row = connection.execute(
        "SELECT number, password_hash, to_be_changed, sip_user, sip_password FROM credential"
        " WHERE number = ?",
        (number,),
    ).fetchone()
    if row is None:
        return Credential(number)
    return Credential(row[0], row[1], bool(row[2]), row[3], row[4])


def put(connection: sqlite3.Connection, credential: Credential) -> None:
    """Store it in place of the one before."""
    connection.execute(
        "INSERT OR REPLACE INTO credential VALUES (?, ?, ?, ?, ?)",
        (
            credential.number,
            credential.password_hash,
            int(credential.to_be_changed),
            credential.sip_user,
            credential.sip_password,
        ),
    )


def set_password(
    connection: sqlite3.Connection, number: str, password_hash: str, to_be_changed: bool
) -> None:
    """Another password, and the end of a code that was given out for the old one."""
    connection.execute(
        "INSERT INTO credential VALUES (?, ?, ?, '', '') ON CONFLICT (number) DO UPDATE"
        " SET password_hash = excluded.password_hash, to_be_changed = excluded.to_be_changed",
        (number, password_hash, int(to_be_changed)),
    )
    drop_code(connection, number)


def issue_code(connection: sqlite3.Connection, number: str, expires_ms: int) -> str:
    """A one-time code that stands for the person's password until then. An earlier one ends."""
    code = codes.make()
    connection.execute(
        "INSERT OR REPLACE INTO one_time_code VALUES (?, ?, ?)",
        (number, codes.hash_of(code, _PURPOSE), expires_ms),
    )
    return code


def code_fits(connection: sqlite3.Connection, number: str, code: str, now_ms: int) -> bool:
    """Whether it is the person's code, and still good."""
    row = connection.execute(
        "SELECT hash FROM one_time_code WHERE number = ? AND expires_ms > ?", (number, now_ms)
    ).fetchone()
    return row is not None and hmac.compare_digest(row[0], codes.hash_of(code, _PURPOSE))


def drop_code(connection: sqlite3.Connection, number: str) -> None:
    """End the person's code, if there is one."""
    connection.execute("DELETE FROM one_time_code WHERE number = ?", (number,))
