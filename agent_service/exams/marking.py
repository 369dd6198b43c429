"""Marks for essays, put into the ledger. Lives where the appender lives: all of it is called inside
a transaction of the writer's, checks first and records last."""

import sqlite3
from fractions import Fraction
from typing import NamedTuple

from agent_service.exams import store
from agent_service.exams.essays import essay_name
from agent_service.exams.permits import permit_marking, permit_teaching
from agent_service.exams.row import IssueStanding, Mark
from agent_service.exams.scoring import is_mark
from agent_service.exams.sitting import Sat, SittingRegister
from agent_service.ledger.append import Appender
from protocol.facts.exam import EssayMarked
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import MarkEssay
from protocol.wire.session import Person


class _Found(NamedTuple):
    sat: Sat
    question: str
    half_points: int


class MarkRegister:
    """Essays as the transaction sees them."""

    def __init__(self, appender: Appender, sittings: SittingRegister) -> None:
        self._appender = appender
        self._sittings = sittings

    def mark(
        self, connection: sqlite3.Connection, asked: MarkEssay, actor: Person, text: str
    ) -> Sat:
        """In place of what the marker gave it before. Raises `Refused` with `not_permitted`,
        `unknown_essay`, `own_case` or `bad_mark`."""
        permit_teaching(actor)
        sat, question, most = self._find(connection, asked.issue, asked.essay)
        permit_marking(actor, sat.row)
        if not is_mark(Fraction(asked.half_points, 2), Fraction(most, 2)):
            raise Refused(Code.BAD_MARK, most=f"{most / 2:g}")
        before = sat.row.marked().get(question, {}).get(actor.number)
        if before != Mark(asked.half_points, text):
            fact = EssayMarked(sat.row.sitting, question, asked.half_points, actor.number, text)
            self._appender.record(connection, fact)
        return self._sittings.found(connection, sat.row.sitting)

    def _find(self, connection: sqlite3.Connection, issue: str, essay: str) -> _Found:
        """Among what was handed in."""
        for name in store.submitted(connection, issue):
            sat = self._sittings.found(connection, name)
            if sat.issue.standing is not IssueStanding.GIVEN:
                break
            for each in sat.paper.essays:
                if essay_name(sat.issue, name, each.question) == essay:
                    return _Found(sat, each.question, each.half_points)
        raise Refused(Code.UNKNOWN_ESSAY)
