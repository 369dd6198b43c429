"""Places in the queue for breaks that stand, breaks that are still to be excused, and the calls
that make the service level. Lives in the event loop's thread and follows the commits."""

from collections.abc import Callable, Iterable

from agent_service.breaks.row import PlaceRow
from agent_service.breaks.service_level import ServiceLevels
from agent_service.calls.row import CallRow


class BreakPlaces:
    """By agent and by place. `changed` is called when a commit may have changed whose turn it
    is."""

    def __init__(self, calls: Iterable[CallRow]) -> None:
        self.levels = ServiceLevels(calls)
        self.changed: Callable[[], None] = lambda: None
        self.open: dict[str, PlaceRow] = {}
        """By agent, who has one at most."""
        self.to_be_excused: dict[str, PlaceRow] = {}

    def take(self, rows: Iterable[PlaceRow]) -> None:
        """Places that a commit changed."""
        for row in rows:
            known = self.open.get(row.agent)
            if row.open:
                self.open[row.agent] = row
            elif known is not None and known.place == row.place:
                del self.open[row.agent]
            if row.to_be_excused:
                self.to_be_excused[row.place] = row
            else:
                self.to_be_excused.pop(row.place, None)
        self.changed()

    def presence_changed(self) -> None:
        """A commit changed somebody's state."""
        self.changed()
