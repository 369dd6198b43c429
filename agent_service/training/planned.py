"""Training that is planned: when a task may offer itself."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta, tzinfo

from agent_service.attendance.stand_ins import worked_between
from agent_service.reader import Reader
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.local_day import local_date

_KEPT_MS = 15_000
"""How long what was read is taken for what is planned."""
_DAY = timedelta(days=1)


class PlannedTraining:
    """Of those who were asked about. Lives in the event loop's thread."""

    def __init__(self, reader: Reader, where: tzinfo, now_ms: Callable[[], int]) -> None:
        self._reader = reader
        self._where = where
        self._now_ms = now_ms
        self._segments: dict[str, Sequence[PlannedSegment]] = {}
        self._read_ms = 0

    async def read(self, agents: Collection[str]) -> None:
        """Make sure that the plans of these people are known, as they are now or were a moment
        ago."""
        now_ms = self._now_ms()
        if not 0 <= now_ms - self._read_ms < _KEPT_MS:
            self._segments.clear()
            self._read_ms = now_ms
        lacking = frozenset(agents) - self._segments.keys()
        if not lacking:
            return
        today = local_date(now_ms, self._where)

        def read(connection: sqlite3.Connection) -> dict[str, list[PlannedSegment]]:
            found: dict[str, list[PlannedSegment]] = {agent: [] for agent in lacking}
            plans = worked_between(connection, today - _DAY, today, lacking)
            for (agent, _), segments in plans.items():
                training = (each for each in segments if each.activity is Activity.TRAINING)
                found[agent].extend(training)
            return found

        self._segments.update(await self._reader.run(read))

    def at(self, agent: str, ms: int) -> PlannedSegment | None:
        """The training that is planned for somebody at an instant."""
        segments = self._segments.get(agent, ())
        return next((each for each in segments if each.start_ms <= ms < each.end_ms), None)
