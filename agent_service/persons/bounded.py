"""What of a long list fits into one answer: pure."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)

_encoder = msgspec.json.Encoder()


def newest_within(rows: Sequence[R], most_bytes: int) -> tuple[R, ...]:
    """The last of the rows, as many as are no longer than `most_bytes` together on the wire."""
    left = most_bytes
    for number, row in enumerate(reversed(rows)):
        left -= len(_encoder.encode(row)) + 1  # with its comma
        if left < 0:
            return tuple(rows[len(rows) - number :])
    return tuple(rows)
