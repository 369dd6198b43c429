"""The staff as the event loop sees it: who works here today, and in which team.

Follows the commits of this process and of others, and the site's calendar: a change of team that
was decided for a day takes effect when that day begins.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import date

import msgspec

from agent_service.accounts.memberships import Memberships, team_on
from agent_service.accounts.projector import StaffRow
from protocol.wire.session import Person, Role

_LOOK_EVERY_S = 1.0


class News(msgspec.Struct, frozen=True):
    """What changed at once."""

    people: tuple[Person, ...]
    """Who is new or another than before."""
    gone: frozenset[str]
    """Staff numbers of those who may not sign in any more."""
    ended: frozenset[str]
    """Staff numbers of those whose sign-ins somebody else has ended."""
    moved: bool
    """Whether somebody known left a team or the staff, so that not all that was shown to a lead
    is the lead's to see any more."""


class Directory:
    """Everybody who may sign in. `changed` is told of every change."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.people: dict[str, Person] = {}
        self.changed: Callable[[News], None] = lambda news: None
        self._today = today
        self._day = today()
        self._rows: dict[str, StaffRow] = {}
        self._memberships: dict[str, Memberships] = {}

    def find(self, number: str) -> Person | None:
        """Somebody as they are today."""
        return self.people.get(number)

    def names(self, numbers: Iterable[str]) -> dict[str, str]:
        """Of those of them who may sign in, by staff number."""
        people = map(self.find, set(numbers))
        return {person.number: person.name for person in people if person is not None}

    def ended(self, number: str) -> int:
        """The last entry by which somebody else ended all sign-ins of a person; 0 without any."""
        row = self._rows.get(number)
        return 0 if row is None else row.ended

    def members(self, team: str) -> list[Person]:
        """Who is in a team today."""
        return [person for person in self.people.values() if person.team == team]

    def take_staff(self, rows: Iterable[StaffRow]) -> None:
        """Rows that a commit changed."""
        new = {row.number: row for row in rows}
        ended = frozenset(number for number in new if new[number].ended > self.ended(number))
        self._rows.update(new)
        self._look_again(new, ended)

    def take_memberships(self, changed: Mapping[str, Memberships]) -> None:
        """Memberships that a commit changed."""
        self._memberships.update(changed)
        self._look_again(changed)

    def turn(self) -> None:
        """If another day has begun, see who belongs where on it."""
        day = self._today()
        if day != self._day:
            self._day = day
            self._look_again(self._rows)

    async def run(self) -> None:
        """Follow the calendar until cancelled. The clock may be set, so it is looked at often."""
        while True:
            self.turn()
            await asyncio.sleep(_LOOK_EVERY_S)

    def _look_again(self, numbers: Iterable[str], ended: frozenset[str] = frozenset()) -> None:
        people: list[Person] = []
        gone: set[str] = set()
        moved = False
        for number in numbers:
            before, after = self.people.get(number), self._person(number)
            if before == after:
                continue
            if after is None:
                self.people.pop(number)
                gone.add(number)
                moved = True
            else:
                self.people[number] = after
                people.append(after)
                moved = moved or (before is not None and not _stays_visible(before, after))
        if people or gone or ended:
            self.changed(News(tuple(people), frozenset(gone), ended, moved))

    def _person(self, number: str) -> Person | None:
        row = self._rows.get(number)
        if row is None or row.disabled:
            return None
        return as_person(row, self._memberships.get(number, ()), self._day)


def as_person(row: StaffRow, memberships: Memberships, day: date) -> Person:
    """A member of staff as of a day. Roles that this version does not know are left out."""
    known = tuple(Role(role) for role in sorted(row.roles) if role in set(Role))
    return Person(row.number, row.name, known, team_on(memberships, day))


def _stays_visible(before: Person, after: Person) -> bool:
    """Whether everybody who saw the person still does, and the person still sees the same."""
    return (before.team, before.roles) == (after.team, after.roles)
