"""The calls of this seat as they are listed: who waits for a call first, then the day's."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

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


def missed_by_cause(calls: Sequence[CallRow]) -> dict[str, int]:
    """How many were missed for which cause, the commonest first."""
    return dict(Counter(row.missed for row in calls if row.missed).most_common())
