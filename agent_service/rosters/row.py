"""One revision of one person's plan of a day: pure."""

from datetime import date

import msgspec

from agent_service.ledger.chain import Entry
from protocol.facts.shift import PlanCause, PlannedSegment, ShiftPlanned
from protocol.wire.roster import DayPlan

_segments = msgspec.json.Decoder(tuple[PlannedSegment, ...])


class PlannedDay(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    agent: str
    day: str
    """ISO 8601."""
    revision: int
    segments: str
    """As JSON."""
    pattern: str
    cause: str
    request: str
    actor: str
    planned_ms: int
    position: int
    """The entry that it comes of: what a locked month goes by."""

    def planned_segments(self) -> tuple[PlannedSegment, ...]:
        """What is planned, in order."""
        return decode_segments(self.segments)

    def plan(self) -> DayPlan:
        """As people are told of it."""
        return DayPlan(
            self.agent,
            date.fromisoformat(self.day),
            decode_segments(self.segments),
            self.pattern,
            self.revision,
            PlanCause(self.cause),
            self.request,
            self.actor,
            self.planned_ms,
        )


def planned(entry: Entry, fact: ShiftPlanned) -> PlannedDay:
    """The row of a fact."""
    return PlannedDay(
        fact.agent,
        fact.day.isoformat(),
        fact.revision,
        encode_segments(fact.segments),
        fact.pattern,
        fact.cause,
        fact.request,
        fact.actor,
        entry.received_ms,
        entry.position,
    )


def encode_segments(segments: tuple[PlannedSegment, ...]) -> str:
    """As JSON."""
    return msgspec.json.encode(segments).decode()


def decode_segments(stored: str) -> tuple[PlannedSegment, ...]:
    """From JSON."""
    return _segments.decode(stored)
