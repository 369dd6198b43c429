"""Whose days changed by a commit. Lives in the event loop's thread."""

from collections.abc import Callable, Collection, Iterable

from agent_service.attendance.row import Substitute
from agent_service.exceptions.incident_row import StoredIncident
from agent_service.exceptions.row import StoredException
from agent_service.locking.projector import LockedMonth
from agent_service.rosters.row import PlannedDay

Listener = Callable[[Collection[str] | None], None]
"""Told of staff numbers; None: everybody's."""


class DayNews:
    """Follows the commits, and tells whoever listens."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []

    def take_plans(self, rows: Iterable[PlannedDay]) -> None:
        """Plans that a commit changed."""
        self._tell({row.agent for row in rows})

    def take_substitutes(self, rows: Iterable[Substitute]) -> None:
        """Shifts that others worked. Listeners know by themselves who had been named before."""
        self._tell({who for row in rows for who in (row.agent, row.substitute) if who})

    def take_exceptions(self, rows: Iterable[StoredException]) -> None:
        """Exceptions that a commit changed."""
        self._tell({row.agent for row in rows})

    def take_incidents(self, rows: Iterable[StoredIncident]) -> None:
        """A fault strikes a team, or the site: any day may be another."""
        self._tell(None)

    def take_locks(self, rows: Iterable[LockedMonth]) -> None:
        """Everybody's first day after a locked month begins where the lock has it."""
        self._tell(None)

    def _tell(self, agents: Collection[str] | None) -> None:
        for listener in self.listeners:
            listener(agents)
