"""Questions that are asked of a year's tables find their rows by an index."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agent_service.accounts.membership_decisions import memberships_as_of
from agent_service.documents import store as documents
from agent_service.exams import store as exams
from agent_service.exceptions.store import decided_late, of_day
from agent_service.requests.store import booked_after_lock
from protocol.facts.document import DocumentKind
from protocol.facts.request import Account
from tests.service.shifts import shifts

Ask = Callable[[sqlite3.Connection], object]


@pytest.mark.parametrize(
    ("table", "ask"),
    [
        ("membership_decision", lambda base: memberships_as_of(base, 7, "1001")),
        ("day_exception", lambda base: decided_late(base, 1, 2)),
        ("day_exception", lambda base: of_day(base, "1001", date(2026, 11, 2))),
        ("hours_booking", lambda base: list(booked_after_lock(base, Account.OVERTIME, 1, 2))),
        ("document", lambda base: documents.named(base, DocumentKind.PAPER, "月考", None)),
        ("document", lambda base: documents.enabled_contents(base, "t")),
        ("document", lambda base: documents.by_kind(base, DocumentKind.QUESTION)),
        ("document", lambda base: documents.last_number(base, DocumentKind.QUESTION)),
        ("document_version", lambda base: documents.version(base, "d", 1)),
        ("exam_issue", lambda base: exams.is_issued(base, "p", 1)),
        ("exam_sitting", lambda base: exams.sittings_of(base, "i")),
        ("exam_sitting", lambda base: exams.of_agent(base, "i", "1001")),
        ("exam_sitting", lambda base: exams.running(base, "1001", 1)),
        ("exam_sitting", lambda base: exams.handed_in_since(base, "1001", 1)),
        ("exam_sitting", lambda base: exams.latest_deadline(base, "i")),
        ("exam_sitting", lambda base: exams.submitted(base, "i")),
        ("exam_sitting", lambda base: exams.overdue(base, 1)),
    ],
)
def test_rows_are_found_by_an_index(tmp_path: Path, table: str, ask: Ask) -> None:
    asked: list[str] = []
    with shifts(tmp_path / "data") as floor:
        floor.connection.set_trace_callback(asked.append)
        ask(floor.connection)
        floor.connection.set_trace_callback(None)
        steps = [
            str(step[-1])
            for query in asked
            for step in floor.connection.execute(f"EXPLAIN QUERY PLAN {query}")
        ]
    found = [step for step in steps if table in step]
    assert found
    assert all(step.startswith(f"SEARCH {table} USING ") for step in found), steps
