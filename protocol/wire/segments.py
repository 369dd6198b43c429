"""Segments of a day as the wire tells of them: pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

from protocol.rules.day_segments import DaySegment
from protocol.wire.desk import MAX_SIGN_OUT_TEXT
from protocol.wire.person import Segment

_CAUSE_LENGTH = 64
"""What a seat sends is unchecked."""


def told_segments(segments: Iterable[DaySegment], as_of_ms: int) -> tuple[Segment, ...]:
    """In order. One that reaches `as_of_ms` is not over: it has no end."""
    return tuple(
        Segment(
            told_instant(each.from_ms),
            None if each.until_ms == as_of_ms else told_instant(each.until_ms),
            each.state,
            each.reason,
            each.trigger[:_CAUSE_LENGTH],
            each.actor[:_CAUSE_LENGTH],
            each.text[:MAX_SIGN_OUT_TEXT],
        )
        for each in segments
    )


def told_instant(ms: int) -> datetime:
    """To the millisecond."""
    return datetime.fromtimestamp(ms / 1000, UTC)
