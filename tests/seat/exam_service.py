"""What a floor service knows of one exam, for tests: the paper, turns, and what was saved."""

from collections.abc import Mapping

import msgspec

from protocol.facts.exam import QuestionType, SittingKind
from protocol.wire import codec
from protocol.wire.errors import Code
from protocol.wire.exams import (
    AnswersSaved,
    ExamResult,
    ExamRow,
    GetResult,
    IssueState,
    OwnExams,
    ResultState,
    SaveAnswers,
    SavedAnswer,
    Sheet,
    SheetQuestion,
    SittingRow,
    SittingStands,
    StartSitting,
    SubmitSitting,
)
from protocol.wire.session import Error
from tests.seat.service import SERVER_MS, FakeService

MINUTE = 60_000
ISSUE, SITTING = "i1", "s1"
QUESTIONS = (
    SheetQuestion("q1", QuestionType.SINGLE, "Which?", 4, ("red", "green"), ("B", "A")),
    SheetQuestion("q2", QuestionType.MULTI, "Which ones?", 4, ("a", "b", "c"), ("A", "C", "B")),
    SheetQuestion("q3", QuestionType.TRUE_FALSE, "Is it so?", 2),
    SheetQuestion("q4", QuestionType.ESSAY, "Why?", 20),
)
ROW = SittingRow(SITTING, ISSUE, "1001", ResultState.FINAL, SERVER_MS, SERVER_MS + 30 * MINUTE)
HANDED_IN = msgspec.structs.replace(
    ROW, submitted_ms=SERVER_MS + MINUTE, score=9.0, most=15.0, percent=60.0, passed=False
)


def exam(**more: object) -> ExamRow:
    """One that is open."""
    known = ExamRow(
        issue=ISSUE,
        paper="p1",
        version=1,
        name="November",
        state=IssueState.OPEN,
        sitting=SittingKind.FORMAL,
        start_ms=SERVER_MS - MINUTE,
        end_ms=SERVER_MS + 60 * MINUTE,
        duration_s=1800,
        actor="2001",
        issued_ms=SERVER_MS - 5 * MINUTE,
        agents=("1001",),
    )
    return msgspec.structs.replace(known, **more)


def answered(saved: Mapping[str, SavedAnswer]) -> tuple[SheetQuestion, ...]:
    """The questions with what is saved of them."""
    none = SavedAnswer("", (), 0)
    known = ((each, saved.get(each.question, none)) for each in QUESTIONS)
    return tuple(
        msgspec.structs.replace(each, answer=kept.answer, number=kept.number)
        for each, kept in known
    )


class ExamService:
    """Takes answers as the service would: by turn, by number, up to the deadline. What a test
    forbids it is in `code`."""

    def __init__(self, service: FakeService) -> None:
        self.saved: dict[str, SavedAnswer] = {}
        self.turn = 0
        self.deadline_ms = SERVER_MS + 30 * MINUTE
        self.code: Code | None = None
        """With which it refuses whatever is saved or handed in."""
        self.bad: set[str] = set()
        """Questions of which it takes no answer."""
        self.focus_left = 0
        self.handed_in = False
        self.silent = False
        service.answers |= {
            StartSitting: self._start,
            SaveAnswers: self._save,
            SubmitSitting: self._submit,
            GetResult: self._result,
        }

    @property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """What is saved, by question."""
        return {name: saved.answer for name, saved in self.saved.items()}

    @property
    def number(self) -> int:
        """Of the last answer."""
        return max((saved.number for saved in self.saved.values()), default=0)

    def other_desk(self, **answers: tuple[str, ...]) -> None:
        """It is gone on with at another desk, which answers these."""
        self.turn += 1
        for question, answer in answers.items():
            self.saved[question] = SavedAnswer(question, answer, self.number + 1)

    def _start(self, asked: codec.SeatMessage) -> codec.ServiceMessage:
        assert isinstance(asked, StartSitting)
        self.turn += 1
        return Sheet(
            asked.id,
            SITTING,
            self.turn,
            "November",
            SittingKind.FORMAL,
            answered(self.saved),
            30,
            SERVER_MS,
            self.deadline_ms,
            self.number,
        )

    def _save(self, asked: codec.SeatMessage) -> codec.ServiceMessage | None:
        assert isinstance(asked, SaveAnswers)
        if self.silent:
            return None
        if (code := self._take(asked)) is not None:
            return Error(code, {}, asked.id)
        self.focus_left = max(self.focus_left, asked.focus_left)
        return AnswersSaved(asked.id, self.number, SERVER_MS, self.deadline_ms)

    def _submit(self, asked: codec.SeatMessage) -> codec.ServiceMessage | None:
        assert isinstance(asked, SubmitSitting)
        if self.silent:
            return None
        if (code := self._take(asked)) is not None:
            return Error(code, {}, asked.id)
        self.handed_in = True
        return SittingStands(asked.id, HANDED_IN)

    def _take(self, asked: SaveAnswers | SubmitSitting) -> Code | None:
        if self.code is not None:
            return self.code
        if asked.turn != self.turn:
            return Code.NOT_YOUR_TURN
        if any(each.question in self.bad for each in asked.answers):
            return Code.BAD_ANSWER
        for each in asked.answers:
            before = self.saved.get(each.question)
            if before is None or before.number < each.number:
                self.saved[each.question] = each
        return None

    def _result(self, asked: codec.SeatMessage) -> codec.ServiceMessage:
        assert isinstance(asked, GetResult)
        return ExamResult(asked.id, HANDED_IN, "November", (), False, self.deadline_ms)


OWN = OwnExams((exam(),))
