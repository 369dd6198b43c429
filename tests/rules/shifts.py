"""Shifts in short: what was planned, what was, and the exceptions, in seconds from 09:00 UTC."""

from datetime import UTC, datetime

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence import Adherence, adherence
from protocol.rules.adherence_marks import marked
from protocol.rules.adherence_slices import Slice
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException, ExceptionKind, ExceptionStatus

NINE = int(datetime(2025, 3, 3, 9, tzinfo=UTC).timestamp())
RULES = AdherenceRules()


def planned(start: float, end: float, activity: Activity) -> PlannedSegment:
    return PlannedSegment(_ms(start), _ms(end), activity)


def was(
    start: float, end: float, doing: State | Reason | None, call: str | None = None
) -> DaySegment:
    """A reason is NOT_READY for that reason; null is what nobody knows."""
    state = State.NOT_READY if isinstance(doing, Reason) else doing
    reason = doing if isinstance(doing, Reason) else None
    return DaySegment(_ms(start), _ms(end), state, reason, call_id=call)


def excepted(
    start: float,
    end: float,
    kind: ExceptionKind = ExceptionKind.EXCUSE,
    status: ExceptionStatus = ExceptionStatus.APPROVED,
) -> DayException:
    return DayException(_ms(start), _ms(end), kind, "TEST", status)


def figures(
    plan: list[PlannedSegment],
    actual: list[DaySegment],
    *exceptions: DayException,
    rules: AdherenceRules = RULES,
) -> Adherence:
    return adherence(plan, actual, exceptions, rules, UTC)


def slices(
    plan: list[PlannedSegment], actual: list[DaySegment], *exceptions: DayException
) -> tuple[Slice, ...]:
    return marked(plan, actual, exceptions, RULES)


def _ms(seconds: float) -> int:
    return round((NINE + seconds) * 1000)
