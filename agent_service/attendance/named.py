"""Who stands in for whose shift, as of the last commit. Lives in the event loop's thread."""

from collections.abc import Iterable
from datetime import date

from agent_service.attendance.row import Substitute
from protocol.rules.roster_requests import PersonDay


class NamedSubstitutes:
    """Those in force: a few a day."""

    def __init__(self) -> None:
        self.in_force: dict[PersonDay, str] = {}
        """The substitute's staff number, by whose shift of which business date it is."""

    def take(self, rows: Iterable[Substitute]) -> None:
        """What a commit told."""
        for row in rows:
            key = row.agent, date.fromisoformat(row.day)
            self.in_force.pop(key, None)
            if row.substitute:
                self.in_force[key] = row.substitute
