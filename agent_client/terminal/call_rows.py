"""The calls of this seat as they are listed: who waits for a call first, then the day's."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from agent_client.terminal.clock import zone_of
from protocol.facts.call import Direction
from protocol.wire.desk_call import CallRow

_NEVER = datetime.max.replace(tzinfo=UTC)


def owed(calls: Sequence[CallRow]) -> list[CallRow]:
    """Whoever waits for a call, in the order in which they were to be called: a promise at its
    time, one who was cut off or missed since then."""
    return sorted((row for row in calls if row.owed), key=lambda row: row.due or row.at or _NEVER)


def settled(calls: Sequence[CallRow]) -> list[CallRow]:
    """The others, the newest first."""
    return sorted(
        (row for row in calls if not row.owed), key=lambda row: row.at or _NEVER, reverse=True
    )


def of_today(calls: Sequence[CallRow], now: datetime | None, zone: str) -> list[CallRow]:
    """Those of the present day at the site; who waits for a call may do so since another one."""
    if now is None:
        return list(calls)
    site = zone_of(zone)
    today = now.astimezone(site).date()
    return [row for row in calls if row.at is None or row.at.astimezone(site).date() == today]


def taken(calls: Sequence[CallRow]) -> int:
    """How many customers' calls the agent answered."""
    return sum(row.answered and row.direction == Direction.INBOUND for row in calls)


def made(calls: Sequence[CallRow]) -> int:
    """How many calls the agent made."""
    return sum(row.direction == Direction.OUTBOUND for row in calls)


def missed_by_cause(calls: Sequence[CallRow]) -> dict[str, int]:
    """How many were missed for which cause, the commonest first."""
    return dict(Counter(row.missed for row in calls if row.missed).most_common())
