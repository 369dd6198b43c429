"""One place in the queue for breaks, from asking to its end: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.agent import Reason
from protocol.facts.breaks import BreakAsked, BreakEnded, BreakGranted, BreakOutcome
from protocol.facts.correction import ExceptionProposed

_LENGTH = 256
"""Of a call's name, which a seat gave."""


class PlaceRow(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    place: str
    """The exception that excuses the break has the same identity."""
    agent: str
    team: str
    reason: Reason
    after_call: str
    """The abusive call after which it is; empty: after none."""
    asked_ms: int
    until_ms: int | None = None
    """Until when the turn stands; null while there is none."""
    granted_by: str = ""
    outcome: BreakOutcome | None = None
    """Null while it waits."""
    began_ms: int | None = None
    """When the break began that was taken."""
    excused: bool = False
    """Whether the exception is on record."""
    position: int = 0
    """The last entry that changed this row."""

    @property
    def open(self) -> bool:
        """Whether it stands."""
        return self.outcome is None

    @property
    def granted(self) -> bool:
        """Whether it is the agent's turn."""
        return self.open and self.until_ms is not None

    @property
    def to_be_excused(self) -> bool:
        """Whether a break was taken that is still to be excused."""
        taken = self.outcome is BreakOutcome.TAKEN
        return taken and self.after_call != "" and not self.excused


def asked(entry: Entry, fact: BreakAsked) -> PlaceRow:
    """A new place."""
    return PlaceRow(
        fact.place,
        fact.agent,
        fact.team,
        fact.reason,
        fact.after_call[:_LENGTH],
        entry.received_ms,
        position=entry.position,
    )


def changed(
    row: PlaceRow, entry: Entry, fact: BreakGranted | BreakEnded | ExceptionProposed
) -> PlaceRow:
    """The place after a fact. What has ended stays ended, and the first turn stands."""
    if isinstance(fact, ExceptionProposed):
        return replace(row, excused=True, position=entry.position)
    if not row.open:
        return row
    if isinstance(fact, BreakEnded):
        return replace(row, outcome=fact.outcome, began_ms=fact.began_ms, position=entry.position)
    if row.granted:
        return row
    return replace(row, until_ms=fact.until_ms, granted_by=fact.actor, position=entry.position)
