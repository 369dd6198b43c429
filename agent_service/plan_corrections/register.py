"""Corrections of plans: in the writer's thread, checks first and records last."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from agent_service.ledger.append import Appender
from agent_service.locking.adjusting import Adjusting
from agent_service.plan_corrections.projector import CorrectionProjector
from agent_service.plan_corrections.row import StoredCorrection
from agent_service.rosters.begun import has_begun
from agent_service.rosters.checking import Change, differing
from agent_service.rosters.plan_check import check_plan
from agent_service.rosters.planning import Planner
from agent_service.rosters.stood_in import Actor
from protocol.facts.correction import PlanCorrectionDecided, PlanCorrectionProposed, PlanInstead
from protocol.facts.shift import PlanCause
from protocol.rules.exception_decisions import refusal, repeats
from protocol.wire.errors import Code, Refused

_SHOWN = 64


class Verdict(NamedTuple):
    """What somebody says about one."""

    actor: Actor
    approved: bool
    text: str = ""


class Said(NamedTuple):
    """Why a plan was not as agreed, and what shows it."""

    text: str
    evidence: tuple[str, ...] = ()


class CorrectionRegister:
    """Corrections as the transaction sees them."""

    def __init__(
        self,
        appender: Appender,
        corrections: CorrectionProjector,
        planner: Planner,
        adjusting: Adjusting,
        now_ms: Callable[[], int],
    ) -> None:
        self._appender = appender
        self._corrections = corrections
        self._planner = planner
        self._adjusting = adjusting
        self._now_ms = now_ms

    def propose(
        self,
        connection: sqlite3.Connection,
        name: str,
        asked: Sequence[Change],
        actor: Actor,
        said: Said,
    ) -> StoredCorrection:
        """A new one, or the one that was proposed under this name before. What can't be approved
        as it is now is refused: with `own_case`, `not_permitted`, `bad_plan`, `same_plan`,
        `not_begun` or `roster_refused`."""
        known = self._corrections.find(connection, name)
        if known is not None:
            return known
        self._planner.check_others(connection, [(each.agent, each.day) for each in asked], actor)
        days = self._days(connection, asked, actor)
        fact = PlanCorrectionProposed(name, days, actor.number, *said)
        self._appender.record(connection, fact)
        return self._found(connection, name)

    def decide(
        self, connection: sqlite3.Connection, name: str, does_lead: bool, verdict: Verdict
    ) -> StoredCorrection:
        """As it stands then; the same again gets the same answer. `does_lead`: whether the actor
        leads all of its people. Raises `Refused` with `unknown_correction`, why the actor can't
        decide it, `plan_changed` or `roster_refused`."""
        row = self._found(connection, name)
        actor, approved = verdict.actor.number, verdict.approved
        case = row.case(actor)
        if does_lead and repeats(case, actor, approved):
            return row
        self._planner.check_others(connection, row.whose_days(), verdict.actor)
        reason = refusal(case, actor, approved, does_lead)
        if reason is not None:
            raise Refused(reason)
        revision = self._plan(connection, row, verdict.actor) if approved else 0
        adjusts = self._adjusts(connection, row) if approved else ""
        fact = PlanCorrectionDecided(name, approved, actor, verdict.text, revision, adjusts)
        self._appender.record(connection, fact)
        return self._found(connection, name)

    def _days(
        self, connection: sqlite3.Connection, asked: Sequence[Change], actor: Actor
    ) -> tuple[PlanInstead, ...]:
        """Raises `Refused`."""
        now_ms, where = self._now_ms(), self._planner.book.zone
        for each in asked:
            check_plan(each.agent, each.day, each.segments, where)
        known = self._planner.known(connection, asked)
        other = differing(known, asked)
        if not other:
            raise Refused(Code.SAME_PLAN)
        before = {key: row.planned_segments() for key, row in known.items()}
        days = tuple(
            PlanInstead(agent, day, before.get((agent, day), ()), segments, pattern)
            for agent, day, segments, pattern in other
        )
        begun = zip(other, days, strict=True)
        if not any(has_begun(each, day.before, now_ms, where) for each, day in begun):
            raise Refused(Code.NOT_BEGUN)
        self._planner.check(connection, other, actor, now_ms, PlanCause.CORRECTION)
        return days

    def _plan(self, connection: sqlite3.Connection, row: StoredCorrection, actor: Actor) -> int:
        """The revision that it becomes. Raises `Refused`."""
        changes = [
            Change(each.agent, each.day, each.segments, each.pattern) for each in row.plans()
        ]
        known = self._planner.known(connection, changes)
        for each in row.plans():
            plan = known.get((each.agent, each.day))
            if (plan.planned_segments() if plan is not None else ()) != each.before:
                raise Refused(Code.PLAN_CHANGED, agent=each.agent, day=each.day.isoformat())
        return self._planner.plan(
            connection,
            changes,
            PlanCause.CORRECTION,
            row.correction,
            actor,
            self._now_ms(),
            row.text,
        )

    def _adjusts(self, connection: sqlite3.Connection, row: StoredCorrection) -> str:
        months = (self._adjusting.month_for(connection, each.day) for each in row.plans())
        return next((month for month in months if month), "")

    def _found(self, connection: sqlite3.Connection, name: str) -> StoredCorrection:
        row = self._corrections.find(connection, name)
        if row is None:
            raise Refused(Code.UNKNOWN_CORRECTION, correction=name[:_SHOWN])
        return row
