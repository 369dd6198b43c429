"""One changed bit anywhere in the ledger or in a table made of it is found by `verify`."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service import tables
from agent_service.ledger.sessions import Sessions
from agent_service.ledger.verify import verify
from protocol.facts import (
    agent,
    attendance,
    breaks,
    call,
    correction,
    document,
    exam,
    handover,
    order,
    request,
    session,
    shift,
    staff,
    training,
    wrap_up,
)
from protocol.facts.record import AnyFact
from protocol.wire.errors import Refused
from tests.service.ledgers import new_ledger

LEDGER = "a ledger"
DAY = date(2026, 1, 2)
TABLES = ("entry", "session", *(each.table for each in tables.empty_projections()))
SERVICE: tuple[AnyFact, ...] = (
    staff.PersonAdded("1001", "王芳", ("agent",), "2001"),
    staff.MembershipSet("1001", staff.Group.TEAM, "A", date(2026, 1, 1), "2001"),
    order.OrderPlaced("o1", "1001", order.OrderKind.MESSAGE, "2001", "请看公告", 9_000, "g"),
    shift.ShiftPlanned("1001", DAY, 1, (), "2001", shift.PlanCause.ROSTER),
    shift.RosterPublished(1, DAY, DAY, 1, "2001", "一月"),
    shift.RulesAdopted("v", DAY, msgspec.Raw(b"{}")),
    shift.IncidentConfirmed("i1", 1_000, 2_000, "A", "3001", "断网"),
    shift.IncidentDecided("i1", True, "3002"),
    shift.IncidentWithdrawn("i1", "3001", "误报"),
    correction.PlanCorrectionProposed(
        "p1", (correction.PlanInstead("1001", DAY, (), (), "day"),), "2001", "换班", ("邮件",)
    ),
    correction.PlanCorrectionDecided("p1", True, "3001", "属实", 2),
    correction.ExceptionProposed(
        "e1", "1001", DAY, 1, 2, correction.Overlay.EXCUSE, "COACHING", "辅导", "1001", ("c1",)
    ),
    correction.ExceptionDecided("e1", True, "2001", "同意"),
    attendance.PresenceEvidenced("1001", DAY, 1_000, 2_000, "2001", "在场"),
    attendance.SubstituteNamed("1001", DAY, "1002", "2001", "代班"),
    attendance.MonthSigned("2026-01", "A", "digest", "2001"),
    attendance.MonthLocked("2026-01", "digest", "3001"),
    request.RequestMade(
        "r1", request.RosterRequest(request.RequestKind.LEAVE, "1001", DAY), "1001", "事假", 9_000
    ),
    request.HoursBooked("b1", "1001", request.Account.OVERTIME, 60, DAY, "2001", "加班"),
    handover.HandoverWritten("h1", "1001", "", "A", ()),
    document.DocumentPublished(
        "d1", 1, 1, document.TrainingType("业务培训", remark="r"), "5001", "digest"
    ),
    document.DocumentEnabled("d1", False, "5001"),
    document.DocumentRemoved("d1", "5001"),
    training.TrainingAssigned(
        "t1", "d2", 1, "1001", (training.TrainingItem("d3", 1),), 60, "5001", due_ms=9_000
    ),
    training.TrainingPushed("t1", "1001", "2001", 9_000),
    training.TrainingRecalled("1001", "2001", 9_000),
    exam.ExamIssued("x1", "d1", 1, ("1001",), 1, 9_000, 60, exam.SittingKind.FORMAL, "s", "5001"),
    exam.SittingStarted("y1", "x1", "1001", 1_000, 9_000),
    exam.SittingResumed("y1", "desk-1", 1),
    exam.AnswerSaved("y1", "q1", ("A",), 1, 2_000),
    exam.EssayMarked("y1", "q2", 3, "5001", "好"),
    breaks.BreakAsked("p1", "1001", "A", agent.Reason.REST),
)
SEAT: tuple[AnyFact, ...] = (
    session.PhoneUp("sip:1001@127.0.0.1"),
    agent.StateEntered(agent.State.READY, "ready", "1001"),
    call.CallOffered("c1", "13812345678", line="hotline"),
    call.CallAnswered("c1"),
    call.CallEnded("c1", call.EndCause.BYE, call.ReleasedBy.PEER),
    wrap_up.CallWrappedUp("c1", "hotline", "bill", "solved", (), "已退费"),
    order.OrderSettled("o1", order.OrderOutcome.SEEN),
    training.TrainingOpened("t1", "d3"),
    training.TrainingRead("t1", "d3", 10, 1),
    training.TrainingItemDone("t1", "d3"),
    session.PhoneDown("phone_died"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A ledger with a row in every table."""
    with new_ledger(tmp_path_factory.mktemp("tampering") / "data") as ledger:
        for number in ("1001", "1002"):
            ledger.begin(number, f"s{number}")
        for fact in SERVICE:
            ledger.record(fact)
        ledger.append("s1001", SEAT)
        ledger.append("s1002", [session.PhoneUp("sip:1002@127.0.0.1")], at_ms=None)
        yield ledger.connection


def names_of(connection: sqlite3.Connection, table: str) -> list[str]:
    """A table's columns."""
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def changed(value: object, bit: int) -> object:
    """A value with one bit (or, of a text, one character) changed; something for nothing."""
    match value:
        case bool() | int():
            return value ^ (1 << (bit % 62))
        case bytes():
            where = bit // 8 % len(value)
            return value[:where] + bytes([value[where] ^ 1 << bit % 8]) + value[where + 1 :]
        case str() if value:
            where = bit % len(value)
            return value[:where] + chr(ord(value[where]) ^ 1) + value[where + 1 :]
        case _:
            return "1"


def refusal_of(connection: sqlite3.Connection) -> str:
    """What `verify` says of a ledger that was tampered with."""
    with pytest.raises(Refused) as refused:
        verify(connection, LEDGER, tables.empty_projections())
    return refused.value.code


def copied(whole: sqlite3.Connection) -> sqlite3.Connection:
    """A copy in memory that may be spoilt."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    whole.backup(copy)
    return copy


def test_an_untouched_ledger_has_a_row_in_every_table(whole: sqlite3.Connection) -> None:
    for table in TABLES:
        assert whole.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, table
    verify(whole, LEDGER, tables.empty_projections())
    assert {"session", *TABLES} == {"entry", Sessions.table, *TABLES}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=st.sampled_from(TABLES),
    which=st.integers(0, 1_000),
    column=st.integers(0, 1_000),
    bit=st.integers(0, 8_191),
)
def test_one_changed_bit_is_found(
    whole: sqlite3.Connection, table: str, which: int, column: int, bit: int
) -> None:
    names = names_of(whole, table)
    name = names[column % len(names)]
    with closing(copied(whole)) as copy:
        rows = copy.execute(f"SELECT * FROM {table}").fetchall()
        row = rows[which % len(rows)]
        same = " AND ".join(f"{each} IS ?" for each in names)
        value = changed(row[names.index(name)], bit)
        spoil = copy.execute(
            f"UPDATE OR REPLACE {table} SET {name} = ? WHERE {same}", (value, *row)
        )
        assert spoil.rowcount == 1
        found = {"entry": {"ledger_broken"}}.get(table, {"projection_differs"})
        assert refusal_of(copy) in found


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_is_gone_is_found(whole: sqlite3.Connection, table: str) -> None:
    (count,) = whole.execute(f"SELECT count(*) FROM {table}").fetchone()
    names = names_of(whole, table)
    same = " AND ".join(f"{each} IS ?" for each in names)
    for row in whole.execute(f"SELECT * FROM {table}").fetchall():
        with closing(copied(whole)) as copy:
            copy.execute(f"DELETE FROM {table} WHERE {same}", row)
            assert copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == count - 1
            assert refusal_of(copy) in ("ledger_broken", "projection_differs")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=st.integers(1, 13), other=st.integers(1, 12))
def test_two_entries_that_changed_places_are_found(
    whole: sqlite3.Connection, one: int, other: int
) -> None:
    other += other >= one
    with closing(copied(whole)) as copy:
        for old, new in ((one, -1), (other, one), (-1, other)):
            copy.execute("UPDATE entry SET position = ? WHERE position = ?", (new, old))
        assert refusal_of(copy) == "ledger_broken"
