"""Who on a floor needs help, and from which second on: worked out once a row, not once a paint."""

from datetime import datetime
from enum import IntEnum

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind
from protocol.rules.agent_state import Limits
from protocol.wire.sync import FloorRow

RING_TARGET_S = 15
"""Three rings: a call that rings longer is about to be missed."""
LONG_CALL_S = 480
"""Eight minutes, the longest that a call is meant to take."""
ACW_LIMIT_S = Limits().acw_limit_s
"""Where the service does not tell the line's own."""


class Need(IntEnum):
    """Why somebody needs help, the most urgent first."""

    UNKNOWN = 0
    """The service can't hear the seat."""
    LONG_ACW = 1
    FAULT = 2
    NO_ANSWER = 3
    AWAY = 4
    LONG_RING = 5
    LONG_CALL = 6
    NO_REST = 7
    """The organisation has let somebody work for hours without a rest."""
    WAITING = 8
    """Something was asked of the seat, and it has not settled it."""
    NONE = 9


_REASONS: dict[Reason | None, Need] = {
    Reason.SYSTEM_FAULT: Need.FAULT,
    Reason.NO_ANSWER: Need.NO_ANSWER,
    Reason.AWAY: Need.AWAY,
}
_SETTLED_BY_SEAT = frozenset({OrderKind.FORCE_NOT_READY, OrderKind.FORCE_SIGN_OUT})
"""What a seat settles by itself; whatever else waits for a person to read it."""
_IN_CALL = frozenset({State.TALK, State.HOLD, State.CONSULT})


class Outlook(msgspec.Struct, frozen=True, gc=False):
    """What a row needs already, and what it is going to need if it stays as it is. There are
    thousands: looking through them for circles would hold up a screen."""

    present: Need
    later: Need
    due_s: int | None
    """The first second (since 1970) of `later`; null where nothing will change by itself."""
    since_s: int | None
    """The second in which the state began."""

    def at(self, second: int | None) -> Need:
        """What is needed at a second; null does not know the time."""
        if self.due_s is None or second is None or second < self.due_s:
            return self.present
        return self.later


def outlook(row: FloorRow) -> Outlook:
    """What follows from a row for whoever looks after the floor."""
    since_s = second_of(row.since)
    present = _present(row)
    if present is not Need.NONE:
        return Outlook(present, present, None, since_s)
    present = _standing(row)
    later, limit_s, start_s = _ahead(row, since_s)
    due_s = None if start_s is None else start_s + limit_s + 1
    return Outlook(present, later, due_s if later is not Need.NONE else None, since_s)


def second_of(instant: datetime | None) -> int | None:
    """The whole second (since 1970) that an instant lies in."""
    return None if instant is None else int(instant.timestamp())


def _present(row: FloorRow) -> Need:
    if row.state is State.OFFLINE:
        return Need.UNKNOWN
    if row.state is State.NOT_READY and row.reason in _REASONS:
        return _REASONS[row.reason]
    return Need.NONE


def _standing(row: FloorRow) -> Need:
    """What waits whatever the state."""
    if rest_is_due(row):
        return Need.NO_REST
    waiting = row.order in _SETTLED_BY_SEAT and row.order_outcome is None
    return Need.WAITING if waiting else Need.NONE


def rest_is_due(row: FloorRow) -> bool:
    """Whether somebody at work has had no rest for as long as the site's rules begin to mind."""
    return bool(row.fatigue) and row.state is not State.LOGGED_OFF


def _ahead(row: FloorRow, since_s: int | None) -> tuple[Need, int, int | None]:
    """What will be needed, after how many seconds, counted from which."""
    if row.state is State.ACW:
        return Need.LONG_ACW, row.acw_limit_s or ACW_LIMIT_S, since_s
    if row.state is State.RINGING:
        return Need.LONG_RING, RING_TARGET_S, since_s
    if row.state in _IN_CALL:
        return Need.LONG_CALL, LONG_CALL_S, _call_began_s(row, since_s)
    return Need.NONE, 0, None


def _call_began_s(row: FloorRow, since_s: int | None) -> int | None:
    """Since when both sides could speak, through every hold; else the best that is known."""
    if row.call is None:
        return since_s
    return second_of(row.call.answered or row.call.since)
