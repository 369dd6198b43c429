"""Exceptions that wait for a decision, as leads are told of them. Lives in the event loop's
thread and follows the commits."""

from collections.abc import Callable, Iterable

from agent_service.exceptions.row import StoredException
from protocol.rules.exception_decisions import refusal
from protocol.rules.permissions import may_decide
from protocol.wire.session import Person


class PendingExceptions:
    """The open ones, by agent. `changed` is told of the agents whose exceptions a commit
    changed, whether they wait or not."""

    def __init__(
        self, rows: Iterable[StoredException], find: Callable[[str], Person | None]
    ) -> None:
        self.changed: Callable[[frozenset[str]], None] = lambda agents: None
        self._find = find
        self._open: dict[str, dict[str, StoredException]] = {}
        for row in rows:
            self._note(row)

    def take(self, rows: Iterable[StoredException]) -> None:
        """Exceptions that a commit changed."""
        agents = set()
        for row in rows:
            self._note(row)
            agents.add(row.agent)
        self.changed(frozenset(agents))

    def waiting(self, lead: Person) -> int:
        """How many of them the lead can approve."""
        return sum(
            refusal(row.case(), lead.number, approved=True, leads=True) is None
            for agent, rows in self._open.items()
            if may_decide(lead, subject_of(agent, self._find))
            for row in rows.values()
        )

    def _note(self, row: StoredException) -> None:
        rows = self._open.setdefault(row.agent, {})
        if row.open:
            rows[row.exception] = row
        else:
            rows.pop(row.exception, None)
        if not rows:
            del self._open[row.agent]


def subject_of(number: str, find: Callable[[str], Person | None]) -> Person:
    """Whose exception it is. Somebody who has left is in no team, and is decided about by who has
    the site."""
    return find(number) or Person(number, "", ())
