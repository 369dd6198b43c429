"""Where somebody is in the plan at a moment: what is planned now, what comes next, and how long
until then. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.fatigue import WORK_REASONS, WORK_STATES
from protocol.wire.person import Segment

SOON_S = 300
"""So near, what comes next is said with emphasis."""
RESTS = frozenset({Activity.BREAK, Activity.MEAL})


@dataclass(frozen=True)
class Moment:
    """A moment of a shift."""

    now: PlannedSegment | None
    """Null off duty: before, between, after."""
    next: PlannedSegment | None
    """Null in the last segment, and after it."""
    over: bool
    """The shift is over."""
    left_s: int | None
    """Until the present segment ends, or off duty until the next one begins."""


def moment(plan: Sequence[PlannedSegment], now_ms: int) -> Moment:
    """Where a moment lies. What follows without a gap is next as soon as the present one ends."""
    now = next((each for each in plan if each.start_ms <= now_ms < each.end_ms), None)
    later = next((each for each in plan if each.start_ms > now_ms), None)
    ends = now.end_ms if now is not None else later.start_ms if later is not None else None
    left_s = None if ends is None else -((now_ms - ends) // 1000)
    return Moment(now, later, now is None and later is None, left_s)


def works(state: State, reason: Reason | None) -> bool:
    """Whether a state adds to a run of work."""
    return reason in WORK_REASONS if state is State.NOT_READY else state in WORK_STATES


def ran_over(was: Sequence[Segment], start_ms: int) -> bool:
    """Whether a call was going on when a planned rest began."""
    return any(
        each.state in _IN_CALL
        and each.start.timestamp() * 1000 <= start_ms
        and (each.end is None or each.end.timestamp() * 1000 > start_ms)
        for each in was
    )


_IN_CALL = frozenset(
    {State.RINGING, State.DIALING, State.TALK, State.HOLD, State.CONSULT, State.ACW}
)
