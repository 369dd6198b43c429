"""Who may see, ask and help whom. Pure: roles and today's teams in, yes or no out.

A leader leads the own team as it is today; supervisors, managers and administrators have the
whole site; nobody decides about themselves.
"""

from collections.abc import Collection
from typing import Protocol

import msgspec

from protocol.facts.order import OrderKind
from protocol.facts.staff import Role

LEADS = (Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
"""Who may see more than themselves, from the narrowest to the widest."""
TEACHERS = (Role.TRAINER, Role.KNOWLEDGE, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
"""Who writes what is taught and asked, and gives it to anybody of the site."""
_SITE = frozenset(LEADS) - {Role.LEADER}


class Member(Protocol):
    """What the rules need to know of a person."""

    @property
    def number(self) -> str:
        """The staff number."""

    @property
    def roles(self) -> Collection[str]:
        """The roles, by their names."""

    @property
    def team(self) -> str:
        """The team today; empty: in none."""


class Scope(msgspec.Struct, frozen=True):
    """Whom a lead may see, as a value: those with an equal one may see the same."""

    team: str | None
    """One team, and those who are in none; null: the whole site."""

    def covers(self, team: str) -> bool:
        """Whether the people of a team are in it. An empty name: those who are in none."""
        return self.team is None or team in ("", self.team)


def scope(actor: Member) -> Scope | None:
    """Whom the actor may see; None: nobody but themselves."""
    if not _SITE.isdisjoint(actor.roles):
        return Scope(None)
    return Scope(actor.team) if Role.LEADER in actor.roles else None


def may_see(actor: Member, subject: Member) -> bool:
    """Whether the actor may see where the subject is and what their day was: their own, and
    that of all in their scope."""
    if actor.number == subject.number:
        return True
    seen = scope(actor)
    return seen is not None and seen.covers(subject.team)


def may_order(actor: Member, subject: Member, what: OrderKind) -> bool:
    """Whether the actor may ask this of the subject. Never of oneself. A message may go to
    whoever is seen; what concerns a state only to whoever is led."""
    if actor.number == subject.number:
        return False
    if what is OrderKind.MESSAGE:
        return may_see(actor, subject)
    return _leads(actor, subject)


def may_reset_password(actor: Member, subject: Member) -> bool:
    """Whether the actor may give out a code in place of the subject's password. Whoever holds
    the code can be the subject, so the subject may hold nothing that the actor does not: a
    leader helps agents of the own team, the others whoever stands below them, an administrator
    everybody else."""
    if actor.number == subject.number or not _leads(actor, subject):
        return False
    if Role.ADMIN in actor.roles:
        return True
    if _SITE.isdisjoint(actor.roles):
        return set(subject.roles) <= {Role.AGENT}
    return _rank(subject) < _rank(actor)


def _leads(actor: Member, subject: Member) -> bool:
    if not _SITE.isdisjoint(actor.roles):
        return True
    return Role.LEADER in actor.roles and actor.team != "" and actor.team == subject.team


def _rank(person: Member) -> int:
    return max((rank for rank, role in enumerate(LEADS, 1) if role in person.roles), default=0)


def may_plan(actor: Member, subject: Member) -> bool:
    """Whether the actor may plan the subject's shifts, decide their requests and name their
    substitutes: as `may_decide`."""
    return may_decide(actor, subject)


def may_decide(actor: Member, subject: Member) -> bool:
    """Whether the actor may decide about the subject's time. Never about the own. A leader
    decides about agents of the own team; about leads those decide who stand above them, or, where
    nobody does, another of the highest."""
    if actor.number == subject.number or not _leads(actor, subject):
        return False
    if _SITE.isdisjoint(actor.roles):
        return set(subject.roles).isdisjoint(LEADS)
    return _rank(subject) < _rank(actor) or Role.ADMIN in actor.roles or Role.MANAGER in actor.roles


def teaches(actor: Member) -> bool:
    """Whether the actor writes contents, questions and papers, sees keys, and marks."""
    return not set(TEACHERS).isdisjoint(actor.roles)


def may_assign(actor: Member, subject: Member) -> bool:
    """Whether the actor may give the subject tasks and exams, and sees what became of them: who
    teaches, of everybody; a leader, of the own team. Oneself may be given what everybody gets."""
    return teaches(actor) or _leads(actor, subject)


def may_mark(actor: Member, candidate: Member) -> bool:
    """Whether the actor may mark what the candidate wrote, and give them time. Never the own."""
    return actor.number != candidate.number and teaches(actor)


def may_sign_month(actor: Member, team: str) -> bool:
    """Whether the actor may sign a team's month of attendance: its leader, or who has the site."""
    if not _SITE.isdisjoint(actor.roles):
        return True
    return Role.LEADER in actor.roles and team != "" and actor.team == team


def has_site(actor: Member) -> bool:
    """Whether the actor has the whole site: may confirm an incident, lock a month, and see what
    each lead has decided."""
    return not _SITE.isdisjoint(actor.roles)


def may_book_hours(actor: Member, subject: Member) -> bool:
    """Whether the actor may put hours into the subject's accounts. Never into one's own."""
    if actor.number == subject.number:
        return False
    return Role.HR in actor.roles or may_decide(actor, subject)
