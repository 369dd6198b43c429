"""What the service tells those who teach of questions, papers and exams, for tests and pictures."""

from base64 import b64encode

from msgspec.structs import replace

from protocol.facts.document import Difficulty, DocumentKind, Paper, Question
from protocol.facts.exam import Generation, PaperItem, QuestionType
from protocol.wire import documents, exams, training
from protocol.wire.documents import Documents, DocumentsDone, DocumentStands
from protocol.wire.exams import (
    AnswerStatistics,
    EssayRow,
    Essays,
    Exams,
    ExamStands,
    ExamStatistics,
    Generated,
    IssueState,
    PaperStatistics,
    ResultState,
    SittingRow,
    Sittings,
    SittingStands,
)
from protocol.wire.relayed import RelayedRequest
from tests.terminal.exam_scenes import MINUTE, NOW_MS, RESULT, ROW, exam
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.requests_scenes import NAMES
from tests.terminal.training_scenes import PEOPLE, TEAMS, row

QUESTIONS = (
    row(
        "qu3",
        3,
        Question("请写出安抚激动客户的步骤 [b]。", QuestionType.ESSAY, "服务", Difficulty.HARD, 20),
        5,
    ),
    row(
        "qu2",
        2,
        Question(
            "Which of these belong in the wrap-up?",
            QuestionType.MULTI,
            "服务",
            Difficulty.GENERAL,
            4,
            ("客户诉求", "The customer's password", "处理结果"),
            ("A", "C"),
            "2026 edition",
        ),
        9,
    ),
    row(
        "qu1",
        1,
        Question("座席可以承诺赔偿金额。", QuestionType.TRUE_FALSE, "财务", key=("F",)),
        30,
        enabled=False,
    ),
)
ITEMS = (PaperItem("qu2", 3, 4), PaperItem("qu3", 3, 20))
PAPERS = (
    row("pa2", 2, Paper("十一月业务考试 November", "月考", ITEMS, remark="for all lines"), 3),
    row(
        "pa1",
        1,
        Paper("Data protection", "", ITEMS[:1], generated=Generation("seed-7", ())),
        20,
        enabled=False,
    ),
)
AGENTS = ("1001", "1002", "1003")
ISSUES = Exams(
    0,
    (
        exam("i1", IssueState.OPEN, agents=AGENTS, begun=2, submitted=1, waiting=1, paper="pa2"),
        exam("i2", IssueState.PLANNED, name="Refunds", agents=AGENTS[:1], paper="pa2"),
        exam("i3", IssueState.OVER, name="十月考试", agents=AGENTS, submitted=3, paper="pa2"),
    ),
    1,
    1,
    3,
    NAMES,
)
RUNS = SittingRow(
    "s2", "i1", "1002", ResultState.RUNNING, NOW_MS - 5 * MINUTE, NOW_MS + 25 * MINUTE,
    focus_left=2, extended_s=600,
)  # fmt: skip
SITTINGS = Sittings(0, (ROW, RUNS), NAMES)
ESSAYS = Essays(
    0,
    (
        EssayRow("es1", "qu3", "如何安抚客户 [b]？", "先倾听，\nthen [red]apologise[/red]", 20),
        EssayRow("es2", "qu3", "如何安抚客户 [b]？", "", 20),
    ),
)
STATISTICS = ExamStatistics(
    0,
    (
        PaperStatistics("i3", "十月考试", 40, 38, 2, 30, 81.25, 20.0, 100.0,
                        (0, 0, 1, 0, 2, 3, 4, 9, 12, 7)),
        PaperStatistics("i0", "Refunds", 3, 0, 0, 0, None, None, None),
    ),
    (
        AnswerStatistics("十月考试", "qu2", "Which of these belong in the wrap-up?",
                         36, 9, 25.0, 27, 75.0),
        AnswerStatistics("十月考试", "qu1", "座席可以承诺赔偿金额。", 0, 0, None, 0, None),
    ),
)  # fmt: skip


def answer_examining(seat: FakeSeat) -> None:
    """Let the service know all of this, and take what is sent to it."""
    seat.service |= {
        documents.GetDocuments: _documents,
        documents.GetDocument: _document,
        documents.PutDocument: lambda _: DocumentStands(0, QUESTIONS[0]),
        documents.EnableDocuments: lambda _: DocumentsDone(0, ("qu1",), {}),
        training.GetTrainees: lambda _: training.Trainees(0, PEOPLE, TEAMS),
        exams.GeneratePaper: lambda _: Generated(0, ITEMS[:1], Generation("seed-9", ())),
        exams.IssueExam: lambda _: ExamStands(0, ISSUES.rows[0]),
        exams.WithdrawExam: lambda _: ExamStands(0, ISSUES.rows[1]),
        exams.VoidExam: lambda _: ExamStands(0, ISSUES.rows[0]),
        exams.CorrectKey: lambda _: ExamStands(0, ISSUES.rows[0]),
        exams.GetExams: lambda _: ISSUES,
        exams.GetSittings: lambda _: SITTINGS,
        exams.ExtendTime: lambda _: SittingStands(0, RUNS),
        exams.GetResult: lambda _: RESULT,
        exams.GetEssays: lambda _: ESSAYS,
        exams.MarkEssay: _mark,
        exams.GetExamStatistics: _statistics,
    }


def _documents(asked: RelayedRequest) -> Documents:
    assert isinstance(asked, documents.GetDocuments)
    kinds = {DocumentKind.QUESTION: QUESTIONS, DocumentKind.PAPER: PAPERS}
    rows = tuple(each for each in kinds[asked.what] if each.enabled or not asked.enabled_only)
    return Documents(0, rows, 1, 1, len(rows), NAMES, {"服务": "服务", "财务": "财务"})


def _document(asked: RelayedRequest) -> DocumentStands:
    assert isinstance(asked, documents.GetDocument)
    (found,) = (each for each in (*QUESTIONS, *PAPERS) if each.document == asked.document)
    return DocumentStands(0, found)


def _mark(asked: RelayedRequest) -> Essays:
    assert isinstance(asked, exams.MarkEssay)
    rows = tuple(
        replace(each, marked=asked.half_points) if each.essay == asked.essay else each
        for each in ESSAYS.rows
    )
    return Essays(0, rows)


def _statistics(asked: RelayedRequest) -> ExamStatistics:
    assert isinstance(asked, exams.GetExamStatistics)
    workbook = b64encode(b"an Excel file").decode() if asked.file else ""
    return replace(STATISTICS, workbook=workbook)
