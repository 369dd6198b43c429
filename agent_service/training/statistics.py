"""What the assignments of a training task come to (domain §6). Pure."""

from collections.abc import Iterable

import msgspec


class Assigned(msgspec.Struct, frozen=True):
    """What a statistic reads of an assignment that was not withdrawn."""

    completed: bool
    trained_s: int


class TaskTally(msgspec.Struct, frozen=True):
    """Of one task's assignments."""

    participants: int = 0
    done: int = 0
    trained_s: int = 0

    @property
    def not_done(self) -> int:
        """Participants who have not completed it."""
        return self.participants - self.done


def tally(assigned: Iterable[Assigned]) -> TaskTally:
    """The sum of assignments."""
    rows = list(assigned)
    return TaskTally(
        len(rows), sum(row.completed for row in rows), sum(row.trained_s for row in rows)
    )
