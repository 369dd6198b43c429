"""People put on the staff without a command line, with passwords that need not be changed."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from agent_service import bootstrap
from agent_service.accounts.credentials import Credential
from agent_service.accounts.memberships import Membership
from agent_service.accounts.projector import StaffRow
from agent_service.accounts.staff import OPERATOR
from agent_service.appending import appending
from agent_service.ledger.append import Clock
from protocol.facts.staff import Group
from protocol.wire.session import Person

CLOCK = Clock(bootstrap.now_ms, bootstrap.mono_ms)
LONG_AGO = date(2020, 1, 1)
"""Since when everybody is in their team."""


def hire(
    folder: Path,
    people: Iterable[Person],
    password_hash: str,
    sip_password: str = "",
    to_be_changed: bool = False,
) -> None:
    """Add them, in one transaction."""
    with appending(folder, CLOCK) as books:
        for person in people:
            row = StaffRow(person.number, person.name, person.roles)
            credential = Credential(
                person.number, password_hash, to_be_changed, sip_password=sip_password
            )
            books.register.add(books.connection, row, credential, OPERATOR)
            if person.team:
                member = Membership(Group.TEAM, person.team, LONG_AGO)
                books.register.join(books.connection, person.number, member, OPERATOR)


def move(folder: Path, number: str, team: str, since: date = LONG_AGO) -> None:
    """Put somebody into another team."""
    with appending(folder, CLOCK) as books:
        member = Membership(Group.TEAM, team, since)
        books.register.join(books.connection, number, member, OPERATOR)


def disable(folder: Path, number: str) -> None:
    """Close a staff number."""
    with appending(folder, CLOCK) as books:
        books.register.disable(books.connection, number, OPERATOR)
