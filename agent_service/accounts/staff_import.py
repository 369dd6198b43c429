"""Putting a table of staff into the ledger: new people are added, known ones become what the
table says, and a second time changes nothing."""

from collections.abc import Iterable
from datetime import date

import msgspec

from agent_service.accounts import credentials
from agent_service.accounts.credentials import Credential
from agent_service.accounts.memberships import Membership, Memberships, lines_on, team_on
from agent_service.accounts.projector import StaffRow
from agent_service.accounts.staff import OPERATOR
from agent_service.accounts.staff_sheet import StaffLine
from agent_service.appending import Books
from protocol.facts.staff import Group


class Newcomer(msgspec.Struct, frozen=True):
    """Somebody who was added, with the code that stands for a first password."""

    number: str
    name: str
    code: str


def bring_in(
    books: Books, people: Iterable[StaffLine], today: date, expires_ms: int
) -> list[Newcomer]:
    """Record what the table says; the codes are good until `expires_ms`."""
    newcomers = []
    for person in people:
        if books.register.knows(person.number):
            _change(books, person)
        else:
            newcomers.append(_add(books, person, expires_ms))
        _place(books, person, person.since or today)
    return newcomers


def _add(books: Books, person: StaffLine, expires_ms: int) -> Newcomer:
    row = StaffRow(person.number, person.name, person.roles)
    credential = Credential(person.number, sip_user=person.sip_user)
    books.register.add(books.connection, row, credential, OPERATOR)
    code = books.register.issue_code(books.connection, person.number, expires_ms, OPERATOR)
    return Newcomer(person.number, person.name, code)


def _change(books: Books, person: StaffLine) -> None:
    row = StaffRow(person.number, person.name, person.roles)
    books.register.change(books.connection, row, OPERATOR)
    known = credentials.find(books.connection, person.number)
    if person.sip_user not in ("", known.sip_user):
        books.register.set_phone(
            books.connection, person.number, person.sip_user, known.sip_password
        )


def _place(books: Books, person: StaffLine, since: date) -> None:
    """The team and the lines from that day on, where they are others than before."""
    known = books.register.memberships(person.number)
    wanted = [(Group.TEAM, person.team)] if person.team else []
    wanted += [(Group.LINE, name) for name in person.lines]
    for group, name in wanted:
        new = Membership(group, name, since, person.until)
        if not _is_so(known, new):
            books.register.join(books.connection, person.number, new, OPERATOR)
    left = set(lines_on(known, since)) - set(person.lines) if person.lines else set()
    for name in sorted(left):
        books.register.leave(books.connection, person.number, Group.LINE, name, since, OPERATOR)


def _is_so(known: Memberships, new: Membership) -> bool:
    """Whether nothing would change."""
    if new.until is not None:
        return new in known
    if new.group is Group.TEAM:
        return team_on(known, new.since) == new.name
    return new.name in lines_on(known, new.since)
