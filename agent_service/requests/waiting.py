"""Requests that wait for somebody's word. Lives in the event loop's thread and follows the
commits."""

from collections import Counter
from collections.abc import Callable, Iterable

from agent_service.requests.permits import Find, leads
from agent_service.requests.row import AskedRow
from protocol.rules.permissions import LEADS, has_site
from protocol.wire.session import Person


class WaitingRequests:
    """The open ones. `changed` is called when a commit changed some."""

    def __init__(self, find: Find, now_ms: Callable[[], int]) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._find = find
        self._now_ms = now_ms
        self._rows: dict[str, AskedRow] = {}

    def take(self, rows: Iterable[AskedRow]) -> None:
        """Requests that a commit changed."""
        now_ms = self._now_ms()
        for row in rows:
            if _is_open(row, now_ms):
                self._rows[row.request] = row
            else:
                self._rows.pop(row.request, None)
        self.changed()

    def counts(self) -> "RequestCounts":
        """How many wait for whom at this moment."""
        now_ms = self._now_ms()
        self._rows = {key: row for key, row in self._rows.items() if _is_open(row, now_ms)}
        rows = self._rows.values()
        return RequestCounts(
            Counter(row.consenter for row in rows if row.waits_for(row.consenter, now_ms)),
            [row for row in rows if row.waits_for_lead(now_ms)],
            self._find,
        )


class RequestCounts:
    """Of one moment."""

    def __init__(self, consents: Counter[str], decisions: list[AskedRow], find: Find) -> None:
        self._consents = consents
        self._decisions = decisions
        self._find = find
        self._of_site: list[AskedRow] | None = None
        """What those decide who have the site: the same for all of them."""
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
            count += sum(person.number not in (row.agent, row.partner) for row in rows)
        return count

    def _decided_by(self, lead: Person) -> list[AskedRow]:
        """Those that whoever leads the same people could decide: who has not the site leads
        nobody outside the own team."""
        if not has_site(lead):
            return self._decidable(lead, self._of_team.get(lead.team, []))
        if self._of_site is None:
            self._of_site = self._decidable(lead, self._decisions)
        return self._of_site

    def _decidable(self, lead: Person, rows: list[AskedRow]) -> list[AskedRow]:
        anybody = Person("", "", lead.roles, lead.team)
        return [
            row
            for row in rows
            if all(leads(anybody, who, self._find) for who in (row.agent, row.partner) if who)
        ]


def _is_open(row: AskedRow, now_ms: int) -> bool:
    return row.waits_for(row.consenter, now_ms) or row.waits_for_lead(now_ms)
