"""What waits for a decision, as leads are told of it: exceptions, corrections of plans, incidents.
Lives in the event loop's thread and follows the commits."""

from collections.abc import Callable, Iterable, Iterator

from agent_service.exceptions.incident_row import StoredIncident
from agent_service.exceptions.row import StoredException
from agent_service.plan_corrections.row import StoredCorrection
from agent_service.rosters.stood_in import StandsIn, forbidden
from agent_service.rosters.whose import acting
from protocol.rules.exception_decisions import Case, refusal
from protocol.rules.permissions import has_site, may_decide
from protocol.wire.session import Person


class PendingExceptions:
    """The open ones, by agent. `changed` is told of the agents whose exceptions a commit
    changed, whether they wait or not."""

    def __init__(
        self,
        rows: Iterable[StoredException],
        find: Callable[[str], Person | None],
        stands_in: StandsIn,
    ) -> None:
        """`stands_in` follows the commits, too."""
        self.changed: Callable[[frozenset[str]], None] = lambda agents: None
        self._find = find
        self._stands_in = stands_in
        self._open: dict[str, dict[str, StoredException]] = {}
        self._corrections: dict[str, StoredCorrection] = {}
        self._incidents: dict[str, StoredIncident] = {}
        for row in rows:
            self._note(row)

    def take(self, rows: Iterable[StoredException]) -> None:
        """Exceptions that a commit changed."""
        agents = set()
        for row in rows:
            self._note(row)
            agents.add(row.agent)
        self.changed(frozenset(agents))

    def take_corrections(self, rows: Iterable[StoredCorrection]) -> None:
        """Corrections of plans that a commit changed."""
        for row in rows:
            self._corrections.pop(row.correction, None)
            if row.open:
                self._corrections[row.correction] = row

    def take_incidents(self, rows: Iterable[StoredIncident]) -> None:
        """Incidents that a commit changed."""
        for row in rows:
            self._incidents.pop(row.incident, None)
            if row.open:
                self._incidents[row.incident] = row

    def waiting(self, lead: Person) -> int:
        """How much of it the lead can approve."""
        others: list[StoredCorrection | StoredIncident] = [
            *self._corrections.values(),
            *self._incidents.values(),
        ]
        return sum(_can_approve(lead, row.case()) for row in self._rows(lead)) + sum(
            self.undecidable(lead, row) is None for row in others
        )

    def undecidable(self, lead: Person, row: StoredCorrection | StoredIncident) -> str | None:
        """The code of why somebody can't approve it."""
        if isinstance(row, StoredIncident):
            return refusal(row.case(), lead.number, approved=True, leads=has_site(lead))
        leads = all(self._leads(lead, agent) for agent in row.people())
        return forbidden(self._stands_in, row.whose_days(), acting(lead, self._find)) or refusal(
            row.case(lead.number), lead.number, approved=True, leads=leads
        )

    def _rows(self, lead: Person) -> Iterator[StoredException]:
        """Of people whom the lead leads."""
        for agent, rows in self._open.items():
            if self._leads(lead, agent):
                yield from rows.values()

    def _leads(self, lead: Person, agent: str) -> bool:
        return may_decide(lead, subject_of(agent, self._find))

    def _note(self, row: StoredException) -> None:
        rows = self._open.setdefault(row.agent, {})
        if row.open:
            rows[row.exception] = row
        else:
            rows.pop(row.exception, None)
        if not rows:
            del self._open[row.agent]


def _can_approve(lead: Person, case: Case) -> bool:
    return refusal(case, lead.number, approved=True, leads=True) is None


def subject_of(number: str, find: Callable[[str], Person | None]) -> Person:
    """Whose exception it is. Somebody who has left is in no team, and is decided about by who has
    the site."""
    return find(number) or Person(number, "", ())
