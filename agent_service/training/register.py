"""Assignments, put into the ledger. Lives where the appender lives: all of it is called inside a
transaction of the writer's, checks first and records last."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from agent_service.documents.projector import DocumentProjector
from agent_service.identity import name_of
from agent_service.ledger.append import Appender
from agent_service.training.projector import AssignmentProjector
from agent_service.training.row import StoredAssignment
from agent_service.training.syllabus import Syllabus, syllabus
from protocol.facts.training import (
    AssignCause,
    TrainingAssigned,
    TrainingItem,
    TrainingPushed,
    TrainingRecalled,
    TrainingRedrawn,
    TrainingWithdrawn,
)
from protocol.wire.errors import Code, Refused

Permit = Callable[[str], None]
"""Raises `Refused` for somebody whose assignments the actor may not touch."""
_SHOWN = 64


class Outcome(NamedTuple):
    """The assignments (of people: staff numbers) that it was done to, and how many it was not."""

    done: tuple[str, ...]
    kept: int


class Given(NamedTuple):
    """Who got a task, and who was passed over, by staff number."""

    assigned: tuple[str, ...]
    passed_over: tuple[str, ...]


class TrainingRegister:
    """Assignments as the transaction sees them."""

    def __init__(
        self,
        appender: Appender,
        assignments: AssignmentProjector,
        documents: DocumentProjector,
        now_ms: Callable[[], int],
    ) -> None:
        self._appender = appender
        self._assignments = assignments
        self._documents = documents
        self._now_ms = now_ms

    def assign(
        self,
        connection: sqlite3.Connection,
        act: str,
        task: str,
        agents: Iterable[str],
        actor: str,
        due_ms: int | None = None,
    ) -> Given:
        """Everybody gets what is drawn for them, but who has the task and has not completed it.
        The same act again changes nothing, whatever became of the task. Raises `Refused` as
        `syllabus` does."""
        names = {agent: name_of(act, agent) for agent in agents}
        known = self._assignments.find
        given = [agent for agent, name in names.items() if known(connection, name) is not None]
        if not given:
            studied = syllabus(connection, self._documents, task)
            busy = self._assignments.open_of(connection, task)
            given = [agent for agent in names if agent not in busy]
            for agent in given:
                items = studied.items(agent, names[agent])
                fact = self._fact(studied, names[agent], agent, items, actor, due_ms)
                self._appender.record(connection, fact)
        return Given(tuple(given), tuple(agent for agent in names if agent not in given))

    def assign_by_rule(
        self,
        connection: sqlite3.Connection,
        name: str,
        task: str,
        agent: str,
        actor: str,
        cause: AssignCause,
        items: tuple[TrainingItem, ...] = (),
    ) -> bool:
        """One assignment of this name, once, unless the person has the task: with these contents,
        else with what is drawn. Raises `Refused` as `syllabus` does."""
        if self._assignments.find(connection, name) is not None:
            return False
        if self._assignments.open_of(connection, task, agent):
            return False
        studied = syllabus(connection, self._documents, task, items)
        items = items or studied.items(agent, name)
        fact = self._fact(studied, name, agent, items, actor, None, cause)
        self._appender.record(connection, fact)
        return True

    def redraw(
        self,
        connection: sqlite3.Connection,
        task: str,
        names: Sequence[str],
        actor: str,
        permit: Permit,
    ) -> Outcome:
        """From the task's present version, for those who have not begun. Raises `Refused` with
        `unknown_assignment`, as `syllabus` does, and as `permit`."""
        rows = self._rows(connection, names, permit)
        if task:
            there = self._assignments.open_of(connection, task).values()
            rows += [row for row in there if row not in rows and _permitted(permit, row.agent)]
        idle = [row for row in rows if row.open and row.started_ms is None]
        known = {
            each: syllabus(connection, self._documents, each)
            for each in dict.fromkeys(row.task for row in idle)
        }
        for row in idle:
            self._redraw(connection, row, known[row.task], actor)
        return _outcome(rows, idle)

    def withdraw(
        self,
        connection: sqlite3.Connection,
        names: Sequence[str],
        actor: str,
        text: str,
        permit: Permit,
    ) -> Outcome:
        """They need not be done. Those that are, stay. Raises `Refused` with
        `unknown_assignment`, `own_case`, and as `permit`."""
        rows = self._rows(connection, names, permit)
        if any(row.agent == actor for row in rows):
            raise Refused(Code.OWN_CASE)
        for row in rows:
            if row.open:
                fact = TrainingWithdrawn(row.assignment, actor, text)
                self._appender.record(connection, fact)
        return _outcome(rows, [row for row in rows if row.done_ms is None])

    def push(
        self,
        connection: sqlite3.Connection,
        names: Sequence[str],
        actor: str,
        until_ms: int,
        permit: Permit,
        is_there: Callable[[str], bool],
    ) -> Outcome:
        """They offer themselves at the desks of those who are signed in. Raises `Refused` with
        `unknown_assignment`, `own_order`, as `permit`, and with `agent_signed_out` where nobody
        is there of those who would have something to do."""
        rows = self._rows(connection, names, permit)
        if any(row.agent == actor for row in rows):
            raise Refused(Code.OWN_ORDER)
        waiting = [row for row in rows if row.open]
        there = [row for row in waiting if is_there(row.agent)]
        if waiting and not there:
            raise Refused(Code.AGENT_SIGNED_OUT, agent=waiting[0].agent)
        for row in there:
            fact = TrainingPushed(row.assignment, row.agent, actor, until_ms)
            self._appender.record(connection, fact)
        return _outcome(rows, there)

    def recall(
        self, connection: sqlite3.Connection, agents: Iterable[str], actor: str, until_ms: int
    ) -> None:
        """Somebody asks people back to the line."""
        for agent in agents:
            self._appender.record(connection, TrainingRecalled(agent, actor, until_ms))

    def _fact(
        self,
        studied: Syllabus,
        name: str,
        agent: str,
        items: tuple[TrainingItem, ...],
        actor: str,
        due_ms: int | None,
        cause: AssignCause = AssignCause.MANUAL,
    ) -> TrainingAssigned:
        return TrainingAssigned(
            name,
            studied.task,
            studied.version,
            agent,
            items,
            studied.body.min_seconds,
            actor,
            cause,
            studied.due_ms(self._now_ms()) if due_ms is None else due_ms,
        )

    def _redraw(
        self, connection: sqlite3.Connection, row: StoredAssignment, new: Syllabus, actor: str
    ) -> None:
        """The same draw again is no other one."""
        items, least_s = new.items(row.agent, row.assignment), new.body.min_seconds
        before = tuple(TrainingItem(each.content, each.version) for each in row.study())
        if (items, new.version, least_s) != (before, row.version, row.min_seconds):
            fact = TrainingRedrawn(row.assignment, new.version, items, actor, least_s)
            self._appender.record(connection, fact)

    def _rows(
        self, connection: sqlite3.Connection, names: Iterable[str], permit: Permit
    ) -> list[StoredAssignment]:
        found = []
        for name in dict.fromkeys(names):
            row = self._assignments.find(connection, name)
            if row is None:
                raise Refused(Code.UNKNOWN_ASSIGNMENT, assignment=name[:_SHOWN])
            permit(row.agent)
            found.append(row)
        return found


def _permitted(permit: Permit, agent: str) -> bool:
    try:
        permit(agent)
    except Refused:
        return False
    return True


def _outcome(rows: Sequence[StoredAssignment], done: Sequence[StoredAssignment]) -> Outcome:
    return Outcome(tuple(row.assignment for row in done), len(rows) - len(done))
