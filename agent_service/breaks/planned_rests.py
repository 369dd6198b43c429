"""Breaks and meals that are planned: their time is the agents' own, and how long each is."""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta, tzinfo

from agent_service.attendance.stand_ins import worked_between
from agent_service.reader import Reader
from protocol.facts.agent import Reason
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.local_day import local_date

_KEPT_MS = 30_000
"""How long what was read is taken for what is planned."""
_DAY = timedelta(days=1)
_RESTS = {Reason.REST: Activity.BREAK, Reason.MEAL: Activity.MEAL}


class PlannedRests:
    """Of those who were asked about. Lives in the event loop's thread."""

    def __init__(self, reader: Reader, where: tzinfo, now_ms: Callable[[], int]) -> None:
        self._reader = reader
        self._where = where
        self._now_ms = now_ms
        self._rests: dict[str, Sequence[PlannedSegment]] = {}
        self._read_ms = 0

    async def read(self, agents: Collection[str]) -> None:
        """Make sure that the plans of these people are known, as they are now or were a moment
        ago."""
        now_ms = self._now_ms()
        if not 0 <= now_ms - self._read_ms < _KEPT_MS:
            self._rests.clear()
            self._read_ms = now_ms
        lacking = frozenset(agents) - self._rests.keys()
        if lacking:
            self._rests.update(dict.fromkeys(lacking, ()))
            today = local_date(now_ms, self._where)

            def read(connection: sqlite3.Connection) -> dict[str, list[PlannedSegment]]:
                found: dict[str, list[PlannedSegment]] = {}
                plans = worked_between(connection, today - _DAY, today + _DAY, lacking)
                for (agent, _), segments in plans.items():
                    found.setdefault(agent, []).extend(_rests(segments))
                return found

            self._rests.update(await self._reader.run(read))

    def at(self, agent: str, ms: int) -> PlannedSegment | None:
        """The break or meal that is planned for somebody at an instant."""
        rests = self._rests.get(agent, ())
        return next((each for each in rests if each.start_ms <= ms < each.end_ms), None)

    def length_s(self, agent: str, reason: Reason) -> int | None:
        """How long such a break of somebody's is by the plan; null where none is planned."""
        activity = _RESTS.get(reason)
        rests = [each for each in self._rests.get(agent, ()) if each.activity is activity]
        if not rests:
            return None
        nearest = min(rests, key=lambda each: abs(each.start_ms - self._now_ms()))
        return (nearest.end_ms - nearest.start_ms) // 1000


def _rests(segments: Sequence[PlannedSegment]) -> list[PlannedSegment]:
    return [each for each in segments if each.activity in _RESTS.values()]
