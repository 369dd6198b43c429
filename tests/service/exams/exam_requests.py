"""Exams as the tests write them, and seats that ask for what there is to ask."""

from collections.abc import Sequence
from typing import TypeVar

import pytest
from msgspec.structs import replace

from agent_service import bootstrap
from protocol.facts.document import Paper, Question
from protocol.facts.exam import MultiMode, PaperItem, QuestionType, SittingKind
from protocol.wire.exams import (
    AnswersSaved,
    CorrectKey,
    EssayRow,
    Essays,
    ExamResult,
    ExamRow,
    Exams,
    ExamStands,
    ExamStatistics,
    ExtendTime,
    GetEssays,
    GetExams,
    GetExamStatistics,
    GetResult,
    GetSittings,
    IssueExam,
    MarkEssay,
    OwnExams,
    SaveAnswers,
    SavedAnswer,
    Sheet,
    SittingRow,
    Sittings,
    SittingStands,
    StartSitting,
    SubmitSitting,
    VoidExam,
    WithdrawExam,
)
from protocol.wire.session import FromSeat, FromService, Person, Role
from tests.service.client import Client
from tests.service.documents.written import enable, put

MINUTE_MS = 60_000
MARKER = Person("5002", "Tang Yi", (Role.TRAINER,))
SINGLE = Question("出行方式？", QuestionType.SINGLE, options=("步行", "公交", "驾车"), key=("C",))
MULTI = Question(
    "哪些要核对？",
    QuestionType.MULTI,
    options=("姓名", "电话", "卡号", "天气"),
    key=("A", "B", "C"),
)
TRUE_FALSE = Question("可以先挂机。", QuestionType.TRUE_FALSE, key=("F",))
FILL_IN = Question("热线号码？", QuestionType.FILL_IN, key=("12345",))
ESSAY = Question("怎样安抚客户？", QuestionType.ESSAY)

R = TypeVar("R", bound=FromService)


class StillTime:
    """The service's clocks, which stand still but for what a test lets go by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ms = bootstrap.now_ms()
        monkeypatch.setattr(bootstrap, "now_ms", self.now_ms)
        monkeypatch.setattr(bootstrap, "mono_ms", self.now_ms)

    def now_ms(self) -> int:
        return self._ms

    def passes(self, ms: int) -> None:
        self._ms += ms


async def asked(client: Client, message: FromSeat, kind: type[R]) -> R:
    """The answer, which is of this kind. Raises `Refused`."""
    reply = await client.request(message)  # type: ignore[arg-type]  # any of a seat's
    assert isinstance(reply, kind)
    return reply


async def paper_of(
    client: Client,
    *questions: tuple[Question, int],
    name: str = "月考",
    mode: MultiMode = MultiMode.ALL_OR_NOTHING,
    shuffled: bool = True,
) -> tuple[str, list[str]]:
    """An enabled paper of questions with their half points; their names in its order."""
    documents = []
    for number, (question, _) in enumerate(questions):
        body = replace(question, remark=f"{name} {number}")
        documents.append((await put(client, body)).document)
    items = tuple(
        PaperItem(document, 1, half_points)
        for document, (_, half_points) in zip(documents, questions, strict=True)
    )
    row = await put(client, Paper(name, "月度", items, mode, shuffled=shuffled))
    await enable(client, *documents, row.document)
    return row.document, documents


async def issue(
    client: Client,
    paper: str,
    agents: Sequence[str] = ("1001",),
    *,
    start_ms: int = 0,
    minutes: int = 120,
    duration_s: int = 1_800,
    **more: object,
) -> ExamRow:
    """From `start_ms` from now on, for so many minutes. Raises `Refused`."""
    begin_ms = bootstrap.now_ms() + start_ms
    message = IssueExam(
        client.next_id(),
        "",
        paper,
        tuple(agents),
        (),
        begin_ms,
        begin_ms + minutes * MINUTE_MS,
        duration_s,
    )
    return (await asked(client, replace(message, **more), ExamStands)).row


async def mock(client: Client, paper: str, agents: Sequence[str] = ("1001",)) -> ExamRow:
    """For practice."""
    return await issue(client, paper, agents, sitting=SittingKind.MOCK)


async def start(client: Client, issue: str) -> Sheet:
    """Raises `Refused`."""
    return await asked(client, StartSitting(client.next_id(), issue), Sheet)


def answers(first: int = 1, **given: Sequence[str]) -> tuple[SavedAnswer, ...]:
    """Answers by question, numbered from `first`."""
    return tuple(
        SavedAnswer(question, tuple(answer), number)
        for number, (question, answer) in enumerate(given.items(), first)
    )


async def save(
    client: Client, sheet: Sheet, *given: SavedAnswer, focus_left: int = 0
) -> AnswersSaved:
    """Raises `Refused`."""
    message = SaveAnswers(client.next_id(), sheet.sitting, sheet.turn, given, focus_left)
    return await asked(client, message, AnswersSaved)


async def submit(client: Client, sheet: Sheet, *given: SavedAnswer) -> SittingRow:
    """Raises `Refused`."""
    message = SubmitSitting(client.next_id(), sheet.sitting, sheet.turn, given)
    return (await asked(client, message, SittingStands)).row


async def sat(client: Client, issue: str, **given: Sequence[str]) -> SittingRow:
    """A whole sitting: begun, answered, handed in."""
    sheet = await start(client, issue)
    return await submit(client, sheet, *answers(**given))


async def extend(
    client: Client, sitting: str, seconds: int, key: str = "", text: str = "断电"
) -> SittingRow:
    """Raises `Refused`."""
    message = ExtendTime(client.next_id(), key, sitting, seconds, text)
    return (await asked(client, message, SittingStands)).row


async def result(client: Client, sitting: str) -> ExamResult:
    """Raises `Refused`."""
    return await asked(client, GetResult(client.next_id(), sitting), ExamResult)


async def sittings(client: Client, issue: str) -> tuple[SittingRow, ...]:
    """Raises `Refused`."""
    return (await asked(client, GetSittings(client.next_id(), issue), Sittings)).rows


async def essays(client: Client, issue: str, *, open_only: bool = True) -> tuple[EssayRow, ...]:
    """Raises `Refused`."""
    return (await asked(client, GetEssays(client.next_id(), issue, open_only), Essays)).rows


async def mark(
    client: Client, issue: str, essay: str, half_points: int, text: str = ""
) -> EssayRow:
    """The essay with the mark, after which come those that wait. Raises `Refused`."""
    message = MarkEssay(client.next_id(), issue, essay, half_points, text)
    row, *left = (await asked(client, message, Essays)).rows
    assert {each.marked for each in left} <= {None}
    return row


async def exams(client: Client, **more: object) -> tuple[ExamRow, ...]:
    """Raises `Refused`."""
    return (await asked(client, replace(GetExams(client.next_id()), **more), Exams)).rows


async def withdraw(client: Client, issue: str, text: str = "有误") -> ExamRow:
    """Raises `Refused`."""
    return (await asked(client, WithdrawExam(client.next_id(), issue, text), ExamStands)).row


async def void(client: Client, issue: str, text: str = "泄题") -> ExamRow:
    """Raises `Refused`."""
    return (await asked(client, VoidExam(client.next_id(), issue, text), ExamStands)).row


async def correct(
    client: Client, issue: str, question: str, *right: str, text: str = "答案有误"
) -> ExamRow:
    """Raises `Refused`."""
    message = CorrectKey(client.next_id(), "", issue, question, right, text)
    return (await asked(client, message, ExamStands)).row


async def statistics(client: Client, **more: object) -> ExamStatistics:
    """Raises `Refused`."""
    return await asked(client, replace(GetExamStatistics(client.next_id()), **more), ExamStatistics)


async def own(client: Client, until: str) -> OwnExams:
    """The next push of which a field is not empty."""
    reply = await client.take(
        lambda each: isinstance(each, OwnExams) and bool(getattr(each, until))
    )
    assert isinstance(reply, OwnExams)
    return reply
