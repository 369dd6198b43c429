"""What the seat and the service tell of exams, for tests and pictures."""

from collections.abc import Callable

import msgspec

from protocol.facts.exam import QuestionType, SittingKind
from protocol.wire import desk
from protocol.wire.desk_exam import AnswerQuestion, BeginExam, DeskExams, HandIn
from protocol.wire.exams import (
    ExamResult,
    ExamRow,
    Exams,
    GetExams,
    GetResult,
    IssueState,
    OwnExams,
    ResultQuestion,
    ResultState,
    Sheet,
    SheetQuestion,
    SittingRow,
)
from tests.terminal.fake_seat import NOW, FakeSeat

NOW_MS = round(NOW.timestamp() * 1000)
MINUTE = 60_000
NAMES = {"1001": "王丽", "2001": "赵敏"}
QUESTIONS = (
    SheetQuestion(
        "q1",
        QuestionType.SINGLE,
        "客户要求退款，而订单已经发货超过七天。您首先做什么？\nThey want the money back [red]?",
        4,
        ("Transfer to finance at once", "核对订单与签收时间", "Promise a refund", "挂断电话"),
        ("C", "A", "D", "B"),
    ),
    SheetQuestion(
        "q2",
        QuestionType.MULTI,
        "Which of these belong in the wrap-up? 小结中应包含哪些内容？",
        4,
        ("客户诉求", "The customer's password", "处理结果"),
        ("A", "B", "C"),
        ("A",),
    ),
    SheetQuestion("q3", QuestionType.TRUE_FALSE, "座席可以承诺赔偿金额。", 2),
    SheetQuestion("q4", QuestionType.FILL_IN, "投诉应在几个工作日内回复？", 2),
    SheetQuestion("q5", QuestionType.ESSAY, "请写出安抚激动客户的步骤。", 20),
)
SHEET = Sheet(
    0,
    "s1",
    1,
    "十一月业务考试 November",
    SittingKind.FORMAL,
    QUESTIONS,
    32,
    NOW_MS,
    NOW_MS + 29 * MINUTE + 33_000,
    3,
)


def exam(issue: str, state: IssueState, **more: object) -> ExamRow:
    """One that was issued an hour ago, for a window of two hours."""
    known = ExamRow(
        issue=issue,
        paper="p1",
        version=3,
        name="十一月业务考试 November",
        state=state,
        sitting=SittingKind.FORMAL,
        start_ms=NOW_MS - 60 * MINUTE,
        end_ms=NOW_MS + 60 * MINUTE,
        duration_s=1800,
        actor="2001",
        issued_ms=NOW_MS - 120 * MINUTE,
        agents=("1001",),
    )
    return msgspec.structs.replace(known, **more)


OPEN = exam("i1", IssueState.OPEN)
ROWS = (
    exam(
        "i2",
        IssueState.PLANNED,
        name="Refunds, second try",
        retake_of="i0",
        start_ms=NOW_MS + 1440 * MINUTE,
        end_ms=NOW_MS + 1500 * MINUTE,
    ),
    OPEN,
    exam("i3", IssueState.OPEN, name="模拟：产品知识", sitting=SittingKind.MOCK, own_sitting="s3"),
    exam("i4", IssueState.OVER, name="Product knowledge [b]", own_sitting="s4", own_submitted=True),
    exam("i5", IssueState.OVER, name="Data protection"),
    exam("i6", IssueState.VOIDED, name="十月考试", own_sitting="s6", own_submitted=True),
)
EXAMS = Exams(0, ROWS, 1, 1, len(ROWS), NAMES)
OWN = OwnExams((OPEN,))
ROW = SittingRow(
    "s1",
    "i1",
    "1001",
    ResultState.FINAL,
    NOW_MS - 20 * MINUTE,
    NOW_MS + 10 * MINUTE,
    NOW_MS,
    12.5,
    16.0,
    78.13,
    False,
)
WAITS = msgspec.structs.replace(
    ROW, state=ResultState.AWAITING_MARKING, score=None, percent=None, passed=None
)


def _result(
    question: SheetQuestion, answer: str, score: float | None, *right: str
) -> ResultQuestion:
    return ResultQuestion(
        question.question,
        question.type,
        question.text,
        question.options,
        question.names,
        question.half_points,
        tuple(answer) if question.type is not QuestionType.ESSAY else (answer,),
        score,
        right,
    )


RESULT = ExamResult(
    0,
    ROW,
    "十一月业务考试 November",
    (
        _result(QUESTIONS[0], "A", 2.0, "A"),
        _result(QUESTIONS[1], "A", 1.0, "A", "C"),
        _result(QUESTIONS[2], "T", 0.0, "F"),
        _result(QUESTIONS[3], "", 0.0, "3", "三"),
        msgspec.structs.replace(
            _result(QUESTIONS[4], "先倾听，再道歉 [b]", 9.5), remark="Good, but say who calls back."
        ),
    ),
    keys_shown=True,
    keys_from_ms=NOW_MS - MINUTE,
)
UNSHOWN = msgspec.structs.replace(
    RESULT,
    row=WAITS,
    questions=(
        *(msgspec.structs.replace(each, right=(), remark="") for each in RESULT.questions[:4]),
        msgspec.structs.replace(RESULT.questions[4], score=None, remark=""),
    ),
    keys_shown=False,
    keys_from_ms=NOW_MS + 60 * MINUTE,
)


class Desk:
    """A seat that keeps a paper: what is answered is told back, as the seat would."""

    def __init__(self, seat: FakeSeat) -> None:
        self.seat = seat
        seat.exams = DeskExams(OWN)
        seat.react = self._react
        seat.service |= {GetExams: lambda _: EXAMS, GetResult: lambda _: RESULT}

    def lies_open(self, sheet: Sheet = SHEET, **more: object) -> None:
        """A paper lies open."""
        told = DeskExams(OWN, sheet, 0, sheet.deadline_ms)
        self.tell(msgspec.structs.replace(told, **more))

    def tell(self, told: DeskExams) -> None:
        """The seat tells, and whoever comes later is told, too."""
        self.seat.exams = told
        self.seat.send(told)

    def answers(self) -> dict[str, tuple[str, ...]]:
        """What was answered, the last one a question."""
        asked = [each for each in self.seat.asked if isinstance(each, AnswerQuestion)]
        return {each.question: each.answer for each in asked}

    def _react(self, request: desk.AnyRequest) -> None:
        act: dict[type, Callable[..., None]] = {
            BeginExam: lambda _: self.lies_open(),
            AnswerQuestion: self._answered,
            HandIn: lambda _: self.tell(DeskExams(OWN, over=ROW)),
        }
        act.get(type(request), lambda _: None)(request)

    def _answered(self, request: AnswerQuestion) -> None:
        told = self.seat.exams
        assert told is not None and told.sheet is not None
        questions = tuple(
            msgspec.structs.replace(each, answer=request.answer)
            if each.question == request.question
            else each
            for each in told.sheet.questions
        )
        self.lies_open(msgspec.structs.replace(told.sheet, questions=questions))
