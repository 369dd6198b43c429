"""Exams: the tables are what a rebuild makes of the ledger, whatever was recorded in whatever
order and groups, and acts of one commit see one another."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_service import tables
from agent_service.documents.register import DocumentRegister
from agent_service.exams import store
from agent_service.exams.issuing import IssueRegister
from agent_service.exams.papers import Papers
from agent_service.exams.sitting import SittingRegister, Turn
from agent_service.ledger import replay
from protocol.facts.document import Paper, Question
from protocol.facts.exam import (
    AnswerSaved,
    EssayMarked,
    ExamIssued,
    ExamVoided,
    ExamWithdrawn,
    FocusLeft,
    KeyCorrected,
    PaperItem,
    QuestionType,
    ResultSeen,
    SittingKind,
    SittingResumed,
    SittingStarted,
    SittingSubmitted,
    SubmittedBy,
    TimeExtended,
)
from protocol.facts.record import AnyFact
from protocol.wire.errors import Refused
from protocol.wire.exams import SavedAnswer
from protocol.wire.session import Person, Role
from tests.service.exams.exam_requests import SINGLE
from tests.service.ledgers import Ledger, new_ledger

TRAINER = Person("5001", "Zhou Lan", (Role.TRAINER,))
NOW_MS = 5_000
ISSUED = ExamIssued(
    "i1", "p", 1, ("1001", "1002"), 0, 100_000, 60, SittingKind.FORMAL, "seed", "5001"
)
STARTED = SittingStarted("s1", "i1", "1001", 1_000, 61_000)
FACTS: tuple[AnyFact, ...] = (
    ISSUED,
    replace(ISSUED, issue="i2", retake_of="i1", sitting=SittingKind.MOCK),
    STARTED,
    replace(STARTED, sitting="s2", agent="1002"),
    SittingResumed("s1", "d1", 1),
    SittingResumed("s2", "d2", 1),
    SittingResumed("s1", "d2", 2),
    AnswerSaved("s1", "q1", ("A",), 1, 2_000),
    AnswerSaved("s1", "q1", ("B",), 3, 3_000),
    AnswerSaved("s1", "q1", ("C",), 2, 4_000),
    AnswerSaved("s1", "q2", ("写了",), 4, 4_000),
    AnswerSaved("s2", "q2", ("也写了",), 1, 4_000),
    TimeExtended("s1", 60, "5001", "断电", "x1"),
    TimeExtended("s1", 30, "5001", "断电"),
    FocusLeft("s1", 3),
    FocusLeft("s1", 2),
    SittingSubmitted("s1", 5_000, SubmittedBy.CANDIDATE),
    SittingSubmitted("s1", 6_000, SubmittedBy.SERVER),
    SittingSubmitted("s2", 6_000, SubmittedBy.SERVER),
    EssayMarked("s1", "q2", 3, "5001"),
    EssayMarked("s1", "q2", 5, "5002", "好"),
    EssayMarked("s1", "q2", 4, "5001"),
    ResultSeen("s1"),
    KeyCorrected("i1", "q1", ("B",), "5001", "有误"),
    ExamWithdrawn("i2", "5001", "有误"),
    ExamVoided("i1", "5001", "泄题"),
)
facts = st.lists(st.sampled_from(FACTS), min_size=5, max_size=40)
GENTLE = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tables_after(told: Sequence[AnyFact], sizes: Sequence[int]) -> list[object]:
    """The rows of both tables, with the facts in groups of these sizes; verified."""
    with tempfile.TemporaryDirectory() as folder, new_ledger(Path(folder) / "data") as ledger:
        left, turn = list(told), 0
        while left:
            size = sizes[turn % len(sizes)]
            with ledger.committed():
                for fact in left[:size]:
                    ledger.appender.record(ledger.connection, fact)
            left, turn = left[size:], turn + 1
        ledger.verify()
        return [
            ledger.connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("exam_issue", "exam_sitting")
        ]


@GENTLE
@given(facts, st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_any_order_in_any_groups_leaves_what_a_rebuild_makes(
    told: list[AnyFact], sizes: list[int]
) -> None:
    assert tables_after(told, sizes) == tables_after(told, [1])


def test_facts_are_folded_once_and_in_their_sense(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        for fact in FACTS:
            ledger.record(fact)
        issue, sitting = (
            store.issue(ledger.connection, "i1"),
            store.sitting(ledger.connection, "s1"),
        )
        assert issue is not None
        assert sitting is not None
        assert (issue.begun, issue.standing, issue.keys()) == (2, "voided", {"q1": ("B",)})
        assert {name: kept.answer for name, kept in sitting.kept().items()} == {
            "q1": ("B",),
            "q2": ("写了",),
        }
        assert (sitting.number, sitting.focus_left, sitting.turn) == (4, 3, 2)
        assert (sitting.deadline_ms, sitting.extended_s) == (61_000 + 90_000, 90)
        assert (sitting.submitted_ms, sitting.submitted_by) == (5_000, "candidate")
        marks = {who: mark.half_points for who, mark in sitting.marked()["q2"].items()}
        assert marks == {"5001": 4, "5002": 5}
        assert sitting.seen > sitting.changed
        ledger.verify()


def test_nobody_but_the_service_speaks_of_exams(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        for fact in (ISSUED, STARTED):
            ledger.record(fact)
        others = tables.empty_projections()
        for entry, fact in zip(replay.entries(ledger.connection), (ISSUED, STARTED), strict=True):
            others.exam_issues.fold(replace(entry, agent="1001"), fact)
            others.exam_sittings.fold(replace(entry, agent="1001"), fact)
        ledger.connection.execute("DELETE FROM exam_issue")
        ledger.connection.execute("DELETE FROM exam_sitting")
        assert others.exam_issues.find(ledger.connection, "i1") is None
        assert others.exam_sittings.find(ledger.connection, "s1") is None


class Room:
    """The registers of a ledger, with an enabled paper `p` of one question `q`."""

    def __init__(self, ledger: Ledger) -> None:
        kept, self.connection = ledger.projections, ledger.connection
        papers = Papers()
        self.issues = IssueRegister(ledger.appender, kept.exam_issues, kept.documents, papers)
        self.sittings = SittingRegister(
            ledger.appender, kept.exam_issues, kept.exam_sittings, papers
        )
        documents = DocumentRegister(ledger.appender, kept.documents)
        bodies: dict[str, Question | Paper] = {
            "q": SINGLE,
            "p": Paper("月考", items=(PaperItem("q", 1, 2),)),
        }
        with ledger.committed():
            for name, body in bodies.items():
                documents.publish(self.connection, name, body, "5001")
            documents.enable(self.connection, ["q", "p"], True, "5001")


def test_acts_of_one_commit_see_one_another(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        room, connection = Room(ledger), ledger.connection
        with ledger.committed():
            room.issues.give(connection, ISSUED)
            sat = room.sittings.start(connection, "i1", "1001", "d1", NOW_MS)
            with pytest.raises(Refused, match="exam_begun"):
                room.issues.withdraw(connection, "i1", TRAINER, "有误")
            assert room.sittings.start(connection, "i1", "1001", "d2", NOW_MS).row.turn == 2
            old, turn = (Turn(sat.row.sitting, "1001", each, NOW_MS) for each in (1, 2))
            answer = SavedAnswer("q", ("A",), 1)
            with pytest.raises(Refused, match="not_your_turn"):
                room.sittings.save(connection, old, [answer])
            room.sittings.save(connection, turn, [answer, answer])
            room.sittings.save(connection, turn, [answer])
            room.sittings.submit(connection, turn, [])
            assert room.sittings.close(connection, [sat.row.sitting], 1_000_000) == 0
        kinds = [str(entry.kind) for entry in replay.entries(connection)]
        assert kinds.count("exam.answer_saved") == kinds.count("exam.submitted") == 1
        ledger.verify()


def test_mock_sittings_of_one_commit_are_told_apart(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        room, connection = Room(ledger), ledger.connection
        names = []
        for _ in range(2):
            with ledger.committed():
                room.issues.give(connection, replace(ISSUED, sitting=SittingKind.MOCK))
                for _ in range(3):
                    row = room.sittings.start(connection, "i1", "1001", "d1", NOW_MS).row
                    names.append(row.sitting)
                    turn = Turn(row.sitting, "1001", row.turn, NOW_MS)
                    room.sittings.submit(connection, turn, [])
        assert len(set(names)) == len(store.sittings_of(connection, "i1")) == 6
        ledger.verify()


def test_an_essay_is_as_long_as_it_may_be(tmp_path: Path) -> None:
    essay = Question("为什么？", QuestionType.ESSAY)
    with new_ledger(tmp_path / "data") as ledger:
        room, connection = Room(ledger), ledger.connection
        documents = DocumentRegister(ledger.appender, ledger.projections.documents)
        with ledger.committed():
            documents.publish(connection, "e", essay, "5001")
            documents.publish(connection, "p2", Paper("二", items=(PaperItem("e", 1, 2),)), "5001")
            documents.enable(connection, ["e", "p2"], True, "5001")
        with ledger.committed():
            room.issues.give(connection, replace(ISSUED, paper="p2"))
            row = room.sittings.start(connection, "i1", "1001", "d1", NOW_MS).row
            turn = Turn(row.sitting, "1001", 1, NOW_MS)
            room.sittings.save(connection, turn, [SavedAnswer("e", ("字" * 20_000,), 1)])
            with pytest.raises(Refused, match="bad_answer"):
                room.sittings.save(connection, turn, [SavedAnswer("e", ("字" * 20_001,), 2)])
        ledger.verify()
