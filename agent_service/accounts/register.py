"""Decisions about people, put into the ledger: by a command of the operator's, or by a lead.

Each is refused before anything is changed, or recorded whole. Facts come last, since nothing
takes them back within a transaction.
"""

import sqlite3
from datetime import date

import msgspec

from agent_service.accounts import credentials, tokens
from agent_service.accounts.credentials import Credential
from agent_service.accounts.memberships import Membership, Memberships
from agent_service.accounts.projector import MembershipProjector, StaffProjector, StaffRow
from agent_service.ledger.append import Appender
from protocol.facts.staff import (
    Group,
    MembershipEnded,
    MembershipSet,
    PasswordSet,
    PersonAdded,
    PersonChanged,
    PersonDisabled,
    PersonEnabled,
    ResetCodeIssued,
)
from protocol.wire.errors import Code, Refused


class Register:
    """The staff as the transaction sees it. Lives where the appender lives."""

    def __init__(
        self, appender: Appender, staff: StaffProjector, memberships: MembershipProjector
    ) -> None:
        self._appender = appender
        self._staff = staff
        self._memberships = memberships

    def person(self, number: str) -> StaffRow:
        """Somebody on the staff. Raises `Refused` with `unknown_agent`."""
        row = self._staff.of(number)
        if row is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=number)
        return row

    def knows(self, number: str) -> bool:
        """Whether the staff number is somebody's."""
        return self._staff.of(number) is not None

    def memberships(self, number: str) -> Memberships:
        """Somebody's teams and lines. Raises `Refused` with `unknown_agent`."""
        self.person(number)
        return self._memberships.of(number)

    def add(
        self, connection: sqlite3.Connection, row: StaffRow, credential: Credential, actor: str
    ) -> None:
        """A new member of staff. Raises `Refused` with `staff_exists`."""
        if self.knows(row.number):
            raise Refused(Code.STAFF_EXISTS, agent=row.number)
        credentials.put(connection, credential)
        self._appender.record(connection, PersonAdded(row.number, row.name, row.roles, actor))
        if credential.password_hash:
            fact = PasswordSet(row.number, actor, credential.to_be_changed)
            self._appender.record(connection, fact)

    def change(self, connection: sqlite3.Connection, row: StaffRow, actor: str) -> None:
        """Another name or other roles, if they are others. Raises `Refused` with
        `unknown_agent`."""
        known = self.person(row.number)
        if (known.name, known.roles) != (row.name, row.roles):
            fact = PersonChanged(row.number, row.name, row.roles, actor)
            self._appender.record(connection, fact)

    def set_phone(
        self, connection: sqlite3.Connection, number: str, sip_user: str, sip_password: str
    ) -> None:
        """Another account of the phone at the exchange; that is no fact. Raises `Refused` with
        `unknown_agent`."""
        self.person(number)
        credential = credentials.find(connection, number)
        credentials.put(
            connection,
            msgspec.structs.replace(credential, sip_user=sip_user, sip_password=sip_password),
        )

    def disable(self, connection: sqlite3.Connection, number: str, actor: str) -> None:
        """May not sign in, from now on; what stands for a sign-in ends. Raises `Refused` with
        `unknown_agent`."""
        known = self.person(number)
        tokens.revoke_all(connection, number)
        credentials.drop_code(connection, number)
        if not known.disabled:
            self._appender.record(connection, PersonDisabled(number, actor))

    def enable(self, connection: sqlite3.Connection, number: str, actor: str) -> None:
        """May sign in again. Raises `Refused` with `unknown_agent`."""
        if self.person(number).disabled:
            self._appender.record(connection, PersonEnabled(number, actor))

    def join(
        self, connection: sqlite3.Connection, number: str, membership: Membership, actor: str
    ) -> None:
        """A member of a team or a line for some time. Raises `Refused` with `unknown_agent`, or
        `bad_dates` when it would end before it begins."""
        self.person(number)
        since, until = membership.since, membership.until
        _check_dates(since, until)
        group, name = membership.group, membership.name
        fact = MembershipSet(number, group, name, since, actor, until)
        self._appender.record(connection, fact)

    def leave(
        self,
        connection: sqlite3.Connection,
        number: str,
        group: Group,
        name: str,
        since: date,
        actor: str,
        until: date | None = None,
    ) -> None:
        """No member any more, from a day on; with `until`, only before that day. Who is none
        anyway stays as they are. Raises `Refused` with `unknown_agent` or `bad_dates`."""
        _check_dates(since, until)
        known = [
            each
            for each in self.memberships(number)
            if (each.group, each.name) == (group, name) and each.lasts_beyond(since)
        ]
        if not known:
            return
        self._appender.record(connection, MembershipEnded(number, group, name, since, actor))
        for each in known:
            if until is not None and each.lasts_beyond(until):
                again = max(until, each.since)
                fact = MembershipSet(number, group, name, again, actor, each.until)
                self._appender.record(connection, fact)

    def set_password(
        self,
        connection: sqlite3.Connection,
        number: str,
        password_hash: str,
        actor: str,
        to_be_changed: bool = False,
    ) -> None:
        """Another password, and the end of a code for the old one. Raises `Refused` with
        `unknown_agent`."""
        self.person(number)
        credentials.set_password(connection, number, password_hash, to_be_changed)
        self._appender.record(connection, PasswordSet(number, actor, to_be_changed))

    def issue_code(
        self, connection: sqlite3.Connection, number: str, expires_ms: int, actor: str
    ) -> str:
        """A one-time code that stands for the password; all sign-ins of the person end. Raises
        `Refused` with `unknown_agent`, or `staff_closed`."""
        if self.person(number).disabled:
            raise Refused(Code.STAFF_CLOSED, agent=number)
        code = credentials.issue_code(connection, number, expires_ms)
        tokens.revoke_all(connection, number)
        self._appender.record(connection, ResetCodeIssued(number, actor, expires_ms))
        return code


def _check_dates(since: date, until: date | None) -> None:
    """Raises `Refused` with `bad_dates` for an end that does not come after the beginning."""
    if until is not None and until <= since:
        raise Refused(Code.BAD_DATES, since=since.isoformat(), until=until.isoformat())
