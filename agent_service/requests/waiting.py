"""Requests that wait for somebody's word, or to be read. Lives in the event loop's thread and
follows the commits."""

from collections import Counter
from collections.abc import Callable, Iterable

from agent_service.requests.permits import Find, leads
from agent_service.requests.row import OPEN, AskedRow
from agent_service.rosters.stood_in import StandsIn, substitutes
from agent_service.rosters.whose import acting
from protocol.facts.request import RequestStanding
from protocol.rules.permissions import LEADS, has_site
from protocol.wire.handover import AnsweredRequest
from protocol.wire.session import Person, Role

Roles = frozenset[Role]
Concerned = frozenset[str]
"""Those whose plans a request is about, and who asked for it."""
Unread = dict[str, dict[str, AskedRow]]
"""Requests by whoever has not read what became of them, and by name."""


class WaitingRequests:
    """The open ones, and those whose outcome somebody has not read. `changed` is called when a
    commit changed some."""

    def __init__(self, find: Find, now_ms: Callable[[], int], stands_in: StandsIn) -> None:
        """`stands_in` follows the commits, too."""
        self.changed: Callable[[], None] = lambda: None
        self._find = find
        self._now_ms = now_ms
        self.stands_in = stands_in
        self._open: dict[str, AskedRow] = {}
        self._readers: dict[str, Concerned] = {}
        """Who has not read which request's outcome …"""
        self._unread: Unread = {}
        """… and the same by person: asked for every two seconds, of all who are here."""

    def take(self, rows: Iterable[AskedRow]) -> None:
        """Requests that a commit changed."""
        now_ms = self._now_ms()
        for row in rows:
            self._put(row, now_ms)
        self.changed()

    def counts(self) -> "RequestCounts":
        """How many wait for whom at this moment."""
        now_ms = self._now_ms()
        self._lapse(now_ms)
        rows = self._open.values()
        return RequestCounts(
            Counter(row.consenter for row in rows if row.waits_for(row.consenter, now_ms)),
            [row for row in rows if row.waits_for_lead(now_ms)],
            self._unread,
            self._find,
            self.stands_in,
            now_ms,
        )

    def unread_by(self, number: str) -> list[str]:
        """The names of those whose outcome a person has not read."""
        now_ms = self._now_ms()
        self._lapse(now_ms)
        return [row.request for row in _still_news(self._unread, number, now_ms)]

    def _put(self, row: AskedRow, now_ms: int) -> None:
        for number in self._readers.pop(row.request, ()):
            del self._unread[number][row.request]
        self._open.pop(row.request, None)
        if row.standing(now_ms) in OPEN:
            self._open[row.request] = row
        readers = row.unread_by(now_ms)
        if readers:
            self._readers[row.request] = readers
        for number in readers:
            self._unread.setdefault(number, {})[row.request] = row

    def _lapse(self, now_ms: int) -> None:
        """What nobody decided in time is news to whom it concerns."""
        for row in [each for each in self._open.values() if each.standing(now_ms) not in OPEN]:
            self._put(row, now_ms)


class RequestCounts:
    """Of one moment."""

    def __init__(
        self,
        consents: Counter[str],
        decisions: list[AskedRow],
        unread: Unread,
        find: Find,
        stands_in: StandsIn,
        now_ms: int,
    ) -> None:
        self._consents = consents
        self._decisions = decisions
        self._unread = unread
        self._find = find
        self._stands_in = stands_in
        self._now_ms = now_ms
        self._of_site: dict[Roles, list[Concerned]] = {}
        """What those decide who have the site: the same for all of the same roles."""
        self._of_team: dict[str, list[AskedRow]] = {}
        for row in decisions:
            person = find(row.agent)
            if person is not None:
                self._of_team.setdefault(person.team, []).append(row)

    def waiting(self, person: Person) -> int:
        """How many wait for a person's consent, or for the lead's decision."""
        count = self._consents[person.number]
        if self._decisions and not set(LEADS).isdisjoint(person.roles):
            rows = self._decided_by(person)
            count += sum(person.number not in people for people in rows)
        return count

    def answered(self, person: Person) -> tuple[int, AnsweredRequest | None]:
        """How many requests were answered that a person has not read, and the last of them."""
        rows = _still_news(self._unread, person.number, self._now_ms)
        if not rows:
            return 0, None
        last = max(rows, key=lambda row: row.stands_since_ms(self._now_ms))
        asked, standing = last.roster_request(), last.standing(self._now_ms)
        cancelled = standing is RequestStanding.WITHDRAWN and bool(last.approved)
        return len(rows), AnsweredRequest(asked.what, asked.day, standing, cancelled)

    def _decided_by(self, lead: Person) -> list[Concerned]:
        """Those that whoever leads the same people could decide: who has not the site leads
        nobody outside the own team."""
        if not has_site(lead):
            return self._decidable(lead, self._of_team.get(lead.team, []))
        roles = frozenset(lead.roles)
        if roles not in self._of_site:
            self._of_site[roles] = self._decidable(lead, self._decisions)
        return self._of_site[roles]

    def _decidable(self, lead: Person, rows: list[AskedRow]) -> list[Concerned]:
        anybody = Person("", "", lead.roles, lead.team)
        may_plan = acting(anybody, self._find).may_plan
        found = []
        for row in rows:
            people = {row.agent, row.partner} - {""}
            standing_in = substitutes(self._stands_in, row.days())
            if all(leads(anybody, who, self._find) for who in people) and all(
                map(may_plan, standing_in)
            ):
                found.append(frozenset(people | standing_in))
        return found


def _still_news(unread: Unread, number: str, now_ms: int) -> list[AskedRow]:
    """Of those that a person has not read, the ones that are not too old to be told."""
    rows = unread.get(number, {}).values()
    return [row for row in rows if number in row.unread_by(now_ms)]
