"""How many of the calls that were offered to seats were answered in time, in the last half hour.

It is what the seats saw: a caller who gave up in the exchange's queue, before any seat rang, is not
among them. Lives in the event loop's thread and follows the commits.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from agent_service.calls.row import CallRow
from protocol.facts.call import Direction
from protocol.rules.break_queue import Level

SPAN_MS = 1_800_000


class _Offered(NamedTuple):
    agent: str
    at_ms: int
    answered_ms: int | None


class ServiceLevels:
    """The offered calls of the last half hour."""

    def __init__(self, rows: Iterable[CallRow]) -> None:
        self._calls: dict[tuple[str, str], _Offered] = {}
        self.take(rows)

    def take(self, rows: Iterable[CallRow]) -> None:
        """Calls that a commit changed, or that were on the disk at the start. A call whose
        instant nobody knows does not count."""
        for row in rows:
            if row.direction is Direction.INBOUND and row.at_ms is not None:
                call = _Offered(row.agent, row.at_ms, row.answered_ms)
                self._calls[(row.agent, row.call_id)] = call

    def forget(self, now_ms: int) -> None:
        """Keep no call that was offered before the last half hour."""
        since_ms = now_ms - SPAN_MS
        self._calls = {key: call for key, call in self._calls.items() if call.at_ms > since_ms}

    def of(self, agents: Collection[str], within_s: int, now_ms: int) -> Level:
        """Of the calls offered to these agents. One that rings in time still is not decided."""
        offered = in_time = 0
        for call in self._calls.values():
            if call.agent not in agents or call.at_ms <= now_ms - SPAN_MS:
                continue
            ends_ms = now_ms if call.answered_ms is None else call.answered_ms
            if ends_ms - call.at_ms > within_s * 1000:
                offered += 1
            elif call.answered_ms is not None:
                offered += 1
                in_time += 1
        return Level(offered, in_time)
