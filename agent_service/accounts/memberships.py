"""Which team and lines somebody belongs to on a day. Pure.

A person's memberships never overlap within teams, nor within one line, so that each day has one
answer whatever was decided before: the latest decision about a day is the one that holds.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from protocol.facts.staff import Group, MembershipEnded, MembershipSet


class Membership(msgspec.Struct, frozen=True):
    """Somebody belongs to `name` from `since` on, until the day before `until`."""

    group: Group
    name: str
    since: date
    until: date | None = None
    """Null: for good."""

    def holds_on(self, day: date) -> bool:
        """Whether it covers a day."""
        return self.since <= day and self.lasts_beyond(day)

    def lasts_beyond(self, day: date) -> bool:
        """Whether it covers that day or a later one."""
        return self.until is None or day < self.until


Memberships = tuple[Membership, ...]
"""One person's, in order."""


def team_on(memberships: Iterable[Membership], day: date) -> str:
    """The team on a day; empty: none."""
    return next(iter(_names_on(memberships, Group.TEAM, day)), "")


def lines_on(memberships: Iterable[Membership], day: date) -> tuple[str, ...]:
    """The lines on a day, in alphabetical order."""
    return tuple(sorted(_names_on(memberships, Group.LINE, day)))


def _names_on(memberships: Iterable[Membership], group: Group, day: date) -> list[str]:
    return [each.name for each in memberships if each.group is group and each.holds_on(day)]


def after(memberships: Memberships, fact: MembershipSet | MembershipEnded) -> Memberships:
    """The memberships once a decision is taken in. Days that it does not speak of stay as they
    were: a team until a day gives way to the one that was there for after it."""
    if isinstance(fact, MembershipEnded):
        return _without(memberships, fact.group, fact.name, fact.since, None)
    if fact.until is not None and fact.until <= fact.since:
        return memberships
    replaced = fact.name if fact.group is Group.LINE else None
    kept = _without(memberships, fact.group, replaced, fact.since, fact.until)
    new = Membership(fact.group, fact.name, fact.since, fact.until)
    return tuple(sorted((*kept, new), key=_order))


def _without(
    memberships: Memberships, group: Group, name: str | None, since: date, until: date | None
) -> Memberships:
    """All but the days from `since` to before `until` of one name; None: of the whole group."""
    kept: list[Membership] = []
    for each in memberships:
        if each.group is not group or name not in (None, each.name):
            kept.append(each)
            continue
        before = min(since, each.until) if each.until is not None else since
        if each.since < before:
            kept.append(msgspec.structs.replace(each, until=before))
        if until is not None and (each.until is None or until < each.until):
            kept.append(msgspec.structs.replace(each, since=max(until, each.since)))
    return tuple(sorted(kept, key=_order))


def _order(membership: Membership) -> tuple[str, date, str]:
    return membership.group, membership.since, membership.name
