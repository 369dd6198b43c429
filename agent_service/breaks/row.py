"""One place in the queue for breaks, from asking to its end: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from agent_service.ledger.timing import occurred_ms
from protocol.facts.agent import Reason, State, StateEntered
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
    seen_ms: int | None = None
    """When the agent went, as the seat tells: perhaps long afterwards."""
    left_ms: int | None = None
    """When the agent did something else again."""
    asked: int = 0
    """The entry by which it was asked for."""
    rest_due: bool = False
    """Whether the agent had worked for so long that a break is offered."""

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
        owed = self.after_call != "" or self.rest_due
        return self.taken and owed and not self.excused

    @property
    def taken(self) -> bool:
        """Whether the agent went, also where that became known when the turn had passed."""
        return self.outcome is BreakOutcome.TAKEN or (not self.open and self.seen_ms is not None)

    @property
    def went_ms(self) -> int | None:
        """When the break began."""
        return self.seen_ms if self.began_ms is None else self.began_ms


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
        asked=entry.position,
    )


def seen(row: PlaceRow, entry: Entry, fact: StateEntered) -> PlaceRow:
    """The place after its agent's seat told of a state: facts come late, and a whole break may
    lie in one batch of them."""
    at_ms = occurred_ms(entry)
    if at_ms is None or entry.agent != row.agent:
        return row
    if row.seen_ms is None:
        if not _is_break(row, fact) or not _is_in_time(row, at_ms):
            return row
        return replace(row, seen_ms=at_ms, position=entry.position)
    if row.left_ms is not None or at_ms < row.seen_ms or _is_break(row, fact):
        return row
    return replace(row, left_ms=at_ms, position=entry.position)


def _is_break(row: PlaceRow, fact: StateEntered) -> bool:
    return fact.state is State.NOT_READY and fact.reason is row.reason


def _is_in_time(row: PlaceRow, at_ms: int) -> bool:
    """While the place stands; of one that has ended otherwise, in the turn that nobody heard the
    agent take."""
    if at_ms < row.asked_ms or row.outcome is BreakOutcome.WITHDRAWN:
        return False
    return row.open or (row.until_ms is not None and at_ms <= row.until_ms)


def changed(
    row: PlaceRow, entry: Entry, fact: BreakGranted | BreakEnded | ExceptionProposed
) -> PlaceRow:
    """The place after a fact. What has ended stays ended, and the first turn stands; that a rest
    is due may be said of it later."""
    if isinstance(fact, ExceptionProposed):
        return replace(row, excused=True, position=entry.position)
    if not row.open:
        return row
    if isinstance(fact, BreakEnded):
        return replace(row, outcome=fact.outcome, began_ms=fact.began_ms, position=entry.position)
    rest_due = row.rest_due or fact.rest_due
    if row.granted:
        if rest_due == row.rest_due:
            return row
        return replace(row, rest_due=rest_due, position=entry.position)
    return replace(
        row,
        until_ms=fact.until_ms,
        granted_by=fact.actor,
        rest_due=rest_due,
        position=entry.position,
    )
