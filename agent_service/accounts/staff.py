"""The staff: who they are and what they may be."""

import re
import sqlite3
from collections.abc import Iterable

import msgspec

from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person, Role

_number = re.compile(r"[A-Za-z0-9._-]{1,32}")
_NAME_MOST = 64


class Member(msgspec.Struct, frozen=True):
    """A member of staff with what only the service knows."""

    person: Person
    password_hash: str
    sip_user: str = ""
    """Empty: the staff number."""
    sip_password: str = ""


def check_number(number: str) -> str:
    """The number. Raises `Refused` with `bad_staff_number`."""
    if not _number.fullmatch(number):
        raise Refused(Code.BAD_STAFF_NUMBER)
    return number


def check_name(name: str) -> str:
    """The name of a person or a team. Raises `Refused` with `bad_name`."""
    if not (name.strip() and name.isprintable() and len(name) <= _NAME_MOST):
        raise Refused(Code.BAD_NAME, most=_NAME_MOST)
    return name


def check_roles(names: Iterable[str]) -> tuple[Role, ...]:
    """The roles by their names, each once. Raises `Refused` with `unknown_role`."""
    roles = []
    for name in dict.fromkeys(names):
        try:
            roles.append(Role(name))
        except ValueError as error:
            raise Refused(Code.UNKNOWN_ROLE, role=name, roles=", ".join(Role)) from error
    return tuple(roles)


def add(connection: sqlite3.Connection, member: Member) -> None:
    """Add a member. The transaction is the caller's. Raises `Refused` with `staff_exists`."""
    person = member.person
    try:
        connection.execute(
            "INSERT INTO staff (number, name, team, password_hash, sip_user, sip_password)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                person.number,
                person.name,
                person.team,
                member.password_hash,
                member.sip_user,
                member.sip_password,
            ),
        )
    except sqlite3.IntegrityError as error:
        raise Refused(Code.STAFF_EXISTS, agent=person.number) from error
    connection.executemany(
        "INSERT INTO staff_role (number, role) VALUES (?, ?)",
        [(person.number, role) for role in person.roles],
    )


def find(connection: sqlite3.Connection, number: str) -> Member | None:
    """A member by staff number."""
    row = connection.execute(
        "SELECT number, name, team, password_hash, sip_user, sip_password FROM staff"
        " WHERE number = ?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    roles = connection.execute(
        "SELECT role FROM staff_role WHERE number = ? ORDER BY role", (number,)
    )
    person = Person(row[0], row[1], tuple(Role(role) for (role,) in roles), row[2])
    return Member(person, row[3], row[4], row[5])


def newer_than(connection: sqlite3.Connection, last: int) -> tuple[int, list[Person]]:
    """The people added after row `last`, and the row to ask from the next time."""
    rows = connection.execute(
        "SELECT s.id, s.number, s.name, s.team, coalesce(group_concat(r.role), '')"
        " FROM staff s LEFT JOIN staff_role r ON r.number = s.number"
        " WHERE s.id > ? GROUP BY s.id ORDER BY s.id",
        (last,),
    ).fetchall()
    people = [
        Person(number, name, tuple(Role(role) for role in sorted(roles.split(",")) if role), team)
        for _, number, name, team, roles in rows
    ]
    return (rows[-1][0] if rows else last), people
