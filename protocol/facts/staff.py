"""Facts about people: who they are, what they may do, and which team and lines they belong to.

They are the service's own. Passwords are no facts; that one was set is.
"""

from datetime import date
from enum import StrEnum

from protocol.facts.base import Fact


class Role(StrEnum):
    """What a person may be; several at once."""

    AGENT = "agent"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    TRAINER = "trainer"
    COMPLAINTS = "complaints"
    KNOWLEDGE = "knowledge"
    STATISTICS = "statistics"
    HR = "hr"
    MANAGER = "manager"
    CLIENT = "client"
    ADMIN = "admin"


class Group(StrEnum):
    """What a person can be a member of."""

    TEAM = "team"
    """The group that a leader leads; one at a time."""
    LINE = "line"
    """A line of business whose calls the person takes; several at once."""


class PersonAdded(Fact, frozen=True, tag="staff.person_added"):
    """Somebody joined the staff."""

    agent: str
    name: str
    roles: tuple[str, ...]
    actor: str
    """Staff number of who did it, or `operator` for the command line."""


class PersonChanged(Fact, frozen=True, tag="staff.person_changed"):
    """Name or roles are others from now on."""

    agent: str
    name: str
    roles: tuple[str, ...]
    actor: str


class PersonDisabled(Fact, frozen=True, tag="staff.person_disabled"):
    """May not sign in any more; nothing recorded is touched."""

    agent: str
    actor: str


class PersonEnabled(Fact, frozen=True, tag="staff.person_enabled"):
    """May sign in again."""

    agent: str
    actor: str


class MembershipSet(Fact, frozen=True, tag="staff.membership_set"):
    """From `since` on (the site's local date) the person belongs to `name`, and until the day
    before `until`; null: for good. A team takes the place of the team before it from that day."""

    agent: str
    group: Group
    name: str
    since: date
    actor: str
    until: date | None = None


class MembershipEnded(Fact, frozen=True, tag="staff.membership_ended"):
    """The person belongs to `name` no more, from `since` on."""

    agent: str
    group: Group
    name: str
    since: date
    actor: str


class PasswordSet(Fact, frozen=True, tag="staff.password_set"):
    """The person has another password (never what it is)."""

    agent: str
    actor: str
    to_be_changed: bool = False
    """Whether it has to be changed at the next sign-in."""


class ResetCodeIssued(Fact, frozen=True, tag="staff.reset_code_issued"):
    """A one-time code was given out in place of a forgotten password."""

    agent: str
    actor: str
    expires_ms: int
