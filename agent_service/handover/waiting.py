"""Handovers with something open. Lives in the event loop's thread and follows the commits."""

from collections import Counter
from collections.abc import Callable, Iterable

from agent_service.handover.row import StoredHandover
from protocol.wire.session import Person

_NOBODY = ""


class WaitingHandovers:
    """How many wait for whom. Until it is confirmed, a handover waits for whom it names, else for
    the whole team but its writer; then for whoever took it over, until nothing of it is open,
    however long that takes. `changed` is called when a commit changed some."""

    def __init__(self) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._rows: dict[str, StoredHandover] = {}
        self._named: Counter[str] = Counter()
        self._of_team: Counter[tuple[str, str]] = Counter()
        """By team and writer; the whole team's with nobody as the writer."""
        self._unconfirmed: Counter[str] = Counter()
        """By writer."""

    def take(self, rows: Iterable[StoredHandover]) -> None:
        """Handovers that a commit changed."""
        for row in rows:
            self._drop(row.handover)
            if row.open:
                self._rows[row.handover] = row
                self._count(row, 1)
        self.changed()

    def waiting(self, person: Person) -> int:
        """How many wait for a person."""
        named = self._named[person.number]
        if not person.team:
            return named
        of_team = self._of_team[person.team, _NOBODY]
        return named + of_team - self._of_team[person.team, person.number]

    def unconfirmed(self, number: str) -> int:
        """How many that a person wrote nobody has confirmed."""
        return self._unconfirmed[number]

    def _drop(self, handover: str) -> None:
        row = self._rows.pop(handover, None)
        if row is not None:
            self._count(row, -1)

    def _count(self, row: StoredHandover, by: int) -> None:
        if not row.confirmed_by:
            self._unconfirmed[row.agent] += by
        taker = row.confirmed_by or row.recipient
        if taker:
            self._named[taker] += by
        else:
            self._of_team[row.team, _NOBODY] += by
            self._of_team[row.team, row.agent] += by
