"""Making another plan: in the writer's thread, checked first, then recorded whole.

Every change of anybody's plan goes through here, whether a planner publishes a draft, or a request
or a correction was approved, so that the same rules hold for all.
"""

import sqlite3
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from agent_service.attendance.projector import SubstituteProjector
from agent_service.identity import name_of
from agent_service.ledger.append import Appender
from agent_service.rosters.begun import ahead, check_time, check_times
from agent_service.rosters.book import RosterBook
from agent_service.rosters.checking import (
    Change,
    after_changes,
    differing,
    findings_about,
    findings_of,
    refuse,
    window,
)
from agent_service.rosters.plan_check import check_plan
from agent_service.rosters.projector import PlanProjector, Revision, RevisionProjector
from agent_service.rosters.row import PlannedDay
from agent_service.rosters.stood_in import Actor, forbidden, involved, worked
from protocol.facts.shift import PlanCause, PlannedSegment, RosterPublished, ShiftPlanned
from protocol.rules.roster_requests import PersonDay
from protocol.wire.errors import Refused
from protocol.wire.roster import Finding


class Act(NamedTuple):
    """Who makes the change, and why."""

    name: str
    """The same when the same act comes again; empty: each is another."""
    actor: Actor
    cause: PlanCause
    request: str = ""
    note: str = ""


class Planner:
    """Records plans. Lives where the appender lives: all of it is called inside a transaction,
    such as in `writer.run(lambda connection: …)`."""

    def __init__(
        self,
        book: RosterBook,
        appender: Appender,
        plans: PlanProjector,
        revisions: RevisionProjector,
        substitutes: SubstituteProjector,
        now_ms: Callable[[], int],
    ) -> None:
        self.book = book
        self._appender = appender
        self._plans = plans
        self._revisions = revisions
        self._substitutes = substitutes
        self._now_ms = now_ms

    def plan(
        self,
        connection: sqlite3.Connection,
        changes: Sequence[tuple[str, date, Sequence[PlannedSegment], str]],
        cause: PlanCause,
        request: str,
        actor: Actor,
        now_ms: int,
        note: str = "",
    ) -> int:
        """Carry out what an approved request asks, all of it or nothing: each of `changes` is the
        whole other plan of one person's business date, as (agent, day, segments, pattern), with
        no segments for a day off. Records one `shift.planned` for each that differs from what is
        in force, and one `shift.roster_published`, under a revision of their own. Returns that
        revision; for a request that was carried out before, the one of then; 0 if nothing
        differs, and then nothing is recorded.

        `now_ms` is the moment that `changes` were made for: a plan that ends now would be one
        changed in the past a second later.

        Warnings of the check stand with the publication as accepted by the actor: whoever
        approves has seen what is asked. Nothing is recorded before all checks are through, so
        call it before recording facts of your own, within the same job of the writer's.

        Raises `Refused`, having changed nothing, with
        - `own_case`, `not_permitted`: see `check_others`;
        - `bad_plan`: segments that are no plan of that date;
        - `shift_begun`: the date is past (a locked month always is), or its shift, the old or the
          other one, has begun. OVERTIME, MOVE and RELEASE may change what is still to come of a
          shift under way, CORRECTION what is past;
        - `roster_refused`: the change breaks a rule of work and rest that can't be accepted. Of a
          shift that is over a CORRECTION says what was, which is no reason to refuse it.
        """
        act = Act(name_of("request", request) if request else "", actor, cause, request, note)
        earlier = self._revisions.of_act(connection, act.name) if request else None
        if earlier is not None:
            return earlier.revision
        asked = [Change(agent, day, tuple(parts), name) for agent, day, parts, name in changes]
        other = differing(self.known(connection, asked), asked)
        if not other:
            return 0
        found = self.check(connection, other, actor, now_ms, cause)
        days = [each.day for each in other]
        accepted = tuple(each.name() for each in found)
        return self.record(connection, other, (min(days), max(days)), act, accepted)

    def known(
        self, connection: sqlite3.Connection, changes: Sequence[Change]
    ) -> dict[tuple[str, date], PlannedDay]:
        """What is in force on these days."""
        if not changes:
            return {}
        days, agents = [each.day for each in changes], {each.agent for each in changes}
        return self._plans.in_force(connection, min(days), max(days), agents)

    def stands_in(
        self, connection: sqlite3.Connection, first: date, last: date
    ) -> dict[PersonDay, str]:
        """Who works whose shifts of these dates."""
        known = self._substitutes.in_force(connection, first, last)
        return {key: row.substitute for key, row in known.items()}

    def check_others(
        self, connection: sqlite3.Connection, days: Collection[PersonDay], actor: Actor
    ) -> None:
        """Whether the actor has a say in the plans of these people's days, as far as somebody
        stands in for them. Raises `Refused` with `own_case` where that is the actor, and with
        `not_permitted` where the actor may not plan the substitute's shifts."""
        if not days:
            return
        dates = [day for _, day in days]
        reason = forbidden(self.stands_in(connection, min(dates), max(dates)), days, actor)
        if reason is not None:
            raise Refused(reason)

    def last_position(self, connection: sqlite3.Connection, changes: Sequence[Change]) -> int:
        """The ledger's entry that said last what is found with these changes: a plan, or who
        stands in."""
        span, keys = self._looked_at(changes)
        people = involved(self.stands_in(connection, *span), keys)
        return max(
            self._plans.last_position(connection, *span, people),
            self._substitutes.last_position(connection, *span),
        )

    def published(self, connection: sqlite3.Connection, act: str) -> Revision | None:
        """What an act published, if it has come before."""
        return self._revisions.of_act(connection, act)

    def check(
        self,
        connection: sqlite3.Connection,
        changes: Sequence[Change],
        actor: Actor,
        now_ms: int,
        cause: PlanCause = PlanCause.ROSTER,
    ) -> list[Finding]:
        """What would come of changes that differ from what is in force: findings of the rules of
        work and rest, the gravest first. Raises `Refused` with `own_case`, `not_permitted`,
        `bad_plan`, `shift_begun` or `roster_refused`."""
        span, keys = self._looked_at(changes)
        self.check_others(connection, keys, actor)
        stands_in = self.stands_in(connection, *span)
        rows = self._plans.in_force(connection, *span, involved(stands_in, keys))
        before = {key: row.planned_segments() for key, row in rows.items()}
        for each in changes:
            check_plan(each.agent, each.day, each.segments, self.book.zone)
            known = before.get((each.agent, each.day), ())
            check_time(each, known, now_ms, self.book.zone, cause)
        found = findings_of(before, changes, self.book, stands_in)
        after = worked(after_changes(before, changes), stands_in)
        refuse(ahead(found, after, now_ms) if cause is PlanCause.CORRECTION else found)
        return found

    def check_substitute(
        self, connection: sqlite3.Connection, shift: PersonDay, substitute: str
    ) -> None:
        """Whether somebody can work the shift beside what they have to work; empty: its owner
        again. Warnings are nobody's to accept here, and pass. Raises `Refused` with
        `roster_refused`."""
        agent, day = shift
        span = window(day, day, self.book.rules)
        known = self.stands_in(connection, *span)
        other = {**known, shift: substitute or agent}
        people = involved(known, [shift]) | involved(other, [shift])
        rows = self._plans.in_force(connection, *span, people)
        plans = {key: row.planned_segments() for key, row in rows.items()}
        changed = [(other[shift], day)]
        before, after = worked(plans, known), worked(plans, other)
        refuse(findings_about(changed, before, after, self.book))

    def check_begun(
        self, connection: sqlite3.Connection, changes: Sequence[Change], actor: Actor
    ) -> None:
        """Raises `Refused` with `own_case` or `not_permitted`, and with `shift_begun` for
        changes of days that are past, or of shifts that have begun."""
        self.check_others(connection, [(each.agent, each.day) for each in changes], actor)
        check_times(self.known(connection, changes), changes, self._now_ms(), self.book.zone)

    def record(
        self,
        connection: sqlite3.Connection,
        changes: Sequence[Change],
        span: tuple[date, date],
        act: Act,
        accepted: tuple[str, ...],
    ) -> int:
        """Put changes that were checked into the ledger, under the next revision, and return
        that."""
        revision = self._revisions.last(connection) + 1
        published = RosterPublished(
            revision, *span, len(changes), act.actor.number, act.note, accepted, act.name
        )
        self._appender.record(connection, published)
        for each in changes:
            fact = ShiftPlanned(
                each.agent,
                each.day,
                revision,
                each.segments,
                act.actor.number,
                act.cause,
                each.pattern,
                act.request,
            )
            self._appender.record(connection, fact)
        return revision

    def _looked_at(self, changes: Sequence[Change]) -> tuple[tuple[date, date], list[PersonDay]]:
        """The dates that say what is found with changes, and whose days are changed."""
        days = [each.day for each in changes]
        keys = [(each.agent, each.day) for each in changes]
        return window(min(days), max(days), self.book.rules), keys
