"""Looking round, a few times in the period after which a silent seat is OFFLINE."""

import asyncio

from agent_service.calls.day_counts import DayCounts
from agent_service.connections import Connections
from agent_service.presence.watch import Watch

_IN_THE_PERIOD = 5
_AT_MOST_S = 1.0


class Rounds:
    """Links, connections and the calendar, one after the other."""

    def __init__(
        self, watch: Watch, connections: Connections, counts: DayCounts, silence_s: float
    ) -> None:
        self._watch = watch
        self._connections = connections
        self._counts = counts
        self._every_s = min(_AT_MOST_S, silence_s / _IN_THE_PERIOD)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every_s)
            self._connections.look()
            self._watch.look()
            self._counts.turn()
