"""The staff: who they are and what they may be, checked and read."""

import re
import sqlite3
from collections.abc import Iterable

import msgspec

from agent_service.accounts import credentials, projector
from agent_service.accounts.credentials import Credential
from agent_service.accounts.projector import StaffRow
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Role

_number = re.compile(r"[A-Za-z0-9._-]{1,32}")
_sip_user = re.compile(r"[^\s\"'@<>:;,]{1,64}")
NAME_MOST = 64

OPERATOR = "operator"
"""Who acts at the command line: in the ledger in place of a staff number."""
SYSTEM = "system"
"""What seats write of an act that is nobody's."""


class Member(msgspec.Struct, frozen=True):
    """A member of staff with what only the service knows."""

    row: StaffRow
    credential: Credential


def check_number(number: str) -> str:
    """The number. Raises `Refused` with `bad_staff_number`: also for what stands in place of one
    in the ledger."""
    if not _number.fullmatch(number) or number in (OPERATOR, SYSTEM):
        raise Refused(Code.BAD_STAFF_NUMBER)
    return number


def check_name(name: str) -> str:
    """The name of a person, a team or a line. Raises `Refused` with `bad_name`."""
    if not (name.strip() and name.isprintable() and len(name) <= NAME_MOST):
        raise Refused(Code.BAD_NAME, most=NAME_MOST)
    return name


def check_sip_user(user: str) -> str:
    """The name of a phone's account. Raises `Refused` with `bad_sip_user`."""
    if not (_sip_user.fullmatch(user) and user.isprintable()):
        raise Refused(Code.BAD_SIP_USER, most=NAME_MOST)
    return user


def check_roles(names: Iterable[str]) -> tuple[Role, ...]:
    """The roles by their names, each once, in alphabetical order. Raises `Refused` with
    `unknown_role`."""
    roles = []
    for name in sorted(set(names)):
        try:
            roles.append(Role(name))
        except ValueError as error:
            raise Refused(Code.UNKNOWN_ROLE, role=name, roles=", ".join(Role)) from error
    return tuple(roles)


def find(connection: sqlite3.Connection, number: str) -> Member | None:
    """A member by staff number."""
    rows = projector.staff_rows(connection, number)
    return Member(rows[0], credentials.find(connection, number)) if rows else None
