"""Handovers with something open. Lives in the event loop's thread and follows the commits."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable

from agent_service.handover.row import KEPT_MS, StoredHandover
from protocol.wire.session import Person

_NOBODY = ""


class WaitingHandovers:
    """How many wait for whom. Until it is confirmed, a handover waits for whom it names, else for
    the whole team but its writer; then for whoever took it over, until nothing of it is open; and
    no longer than `KEPT_MS`. `changed` is called when a commit changed some."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._now_ms = now_ms
        self._rows: dict[str, StoredHandover] = {}
        self._ends: list[tuple[int, str]] = []
        """A heap: when each of them waits no more."""
        self._named: Counter[str] = Counter()
        self._of_team: Counter[tuple[str, str]] = Counter()
        """By team and writer; the whole team's with nobody as the writer."""

    def take(self, rows: Iterable[StoredHandover]) -> None:
        """Handovers that a commit changed."""
        now_ms = self._now_ms()
        for row in rows:
            self._drop(row.handover)
            end_ms = row.written_ms + KEPT_MS
            if row.open and now_ms < end_ms:
                self._rows[row.handover] = row
                self._count(row, 1)
                heapq.heappush(self._ends, (end_ms, row.handover))
        self.changed()

    def lapse(self) -> None:
        """Forget those that have waited for too long."""
        now_ms = self._now_ms()
        while self._ends and self._ends[0][0] <= now_ms:
            self._drop(heapq.heappop(self._ends)[1])

    def waiting(self, person: Person) -> int:
        """How many wait for a person, of those that `lapse` left."""
        named = self._named[person.number]
        if not person.team:
            return named
        of_team = self._of_team[person.team, _NOBODY]
        return named + of_team - self._of_team[person.team, person.number]

    def _drop(self, handover: str) -> None:
        row = self._rows.pop(handover, None)
        if row is not None:
            self._count(row, -1)

    def _count(self, row: StoredHandover, by: int) -> None:
        taker = row.confirmed_by or row.recipient
        if taker:
            self._named[taker] += by
        else:
            self._of_team[row.team, _NOBODY] += by
            self._of_team[row.team, row.agent] += by
