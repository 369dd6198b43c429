"""What a request would make of the plans in force. Called inside a transaction of the writer's."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec
from msgspec.structs import replace

from agent_service.rosters.projector import PlanProjector
from protocol.facts.request import RequestKind, RosterRequest
from protocol.facts.shift import PlanCause, PlannedSegment
from protocol.rules import roster_requests
from protocol.rules.roster_requests import (
    PersonDay,
    Segments,
    Unfulfillable,
    dates_of,
    people_of,
    work_s,
    work_within_s,
)
from protocol.wire.errors import Code, Refused

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN = "%Y-%m-%d %H:%M"

CAUSES: Mapping[RequestKind, PlanCause] = {
    RequestKind.LEAVE: PlanCause.LEAVE,
    RequestKind.SWAP: PlanCause.SWAP,
    RequestKind.MOVE: PlanCause.MOVE,
    RequestKind.OVERTIME: PlanCause.OVERTIME,
    RequestKind.RELEASE: PlanCause.RELEASE,
}
"""Why a plan is another after each."""


class Effect(msgspec.Struct, frozen=True):
    """What would come of a request."""

    changes: tuple[tuple[str, date, Segments, str], ...]
    """Person, business date, the whole other plan, and the pattern that it was made with."""
    before: Mapping[PersonDay, Segments]
    """The plans that change, as they are in force."""
    deadline_ms: int
    work_s: int
    """Planned work that is added, or (negative) taken away."""

    def added_s(self, agent: str, start_ms: int, end_ms: int) -> int:
        """The same, of one person inside [start, end)."""
        before = (plan for (who, _), plan in self.before.items() if who == agent)
        after = (plan for who, _, plan, _ in self.changes if who == agent)
        removed_s = sum(work_within_s(plan, start_ms, end_ms) for plan in before)
        return sum(work_within_s(plan, start_ms, end_ms) for plan in after) - removed_s


def effect(
    connection: sqlite3.Connection, plans: PlanProjector, asked: RosterRequest, where: tzinfo
) -> Effect:
    """Raises `Refused` with `no_shift` or `bad_interval`."""
    try:
        rows = plans.in_force(connection, *dates_of(asked, where), people_of(asked))
        known = {key: row.planned_segments() for key, row in rows.items()}
        changed = roster_requests.changed_plans(asked, known, where)
        deadline_ms = roster_requests.deadline_ms(asked, known, where)
    except Unfulfillable as fault:
        raise _refusal(asked, fault, where) from fault
    patterns = {row.planned_segments(): row.pattern for row in rows.values()}
    return Effect(
        tuple(
            (agent, day, plan, patterns.get(plan, "") if plan else "")
            for (agent, day), plan in changed.items()
        ),
        {key: known.get(key, ()) for key in changed},
        deadline_ms,
        _added_s(known, changed),
    )


def from_now_on(asked: RosterRequest, now_ms: int) -> RosterRequest:
    """As it can be carried out at this moment: an early release begins when it is approved, at
    the earliest."""
    if asked.what is not RequestKind.RELEASE:
        return asked
    return replace(asked, start_ms=max(asked.start_ms, -(-now_ms // 1000) * 1000))


def shown(ms: int, where: tzinfo) -> str:
    """An instant as it stands in a refusal: local date and time."""
    try:
        return (_EPOCH + timedelta(milliseconds=ms)).astimezone(where).strftime(_SHOWN)
    except (OverflowError, ValueError):
        return str(ms)


def _added_s(
    known: Mapping[PersonDay, Segments], changed: Mapping[PersonDay, tuple[PlannedSegment, ...]]
) -> int:
    return sum(work_s(plan) - work_s(known.get(key, ())) for key, plan in changed.items())


def _refusal(asked: RosterRequest, fault: Unfulfillable, where: tzinfo) -> Refused:
    code = Code(fault.fault)
    if code is Code.NO_SHIFT:
        return Refused(code, agent=fault.agent, day=fault.day.isoformat())
    start_ms, end_ms = asked.start_ms, asked.end_ms
    return Refused(code, start=shown(start_ms, where), end=shown(end_ms, where))
