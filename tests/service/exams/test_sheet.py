"""Whatever a paper asks: no key is in what a candidate is told of it."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent_service.exams.papers import ExamPaper, ExamQuestion
from agent_service.exams.result_shown import keys_shown, result_questions
from agent_service.exams.results import graded, told
from agent_service.exams.row import StoredIssue, StoredSitting
from agent_service.exams.sheet import sheet
from agent_service.exams.sitting import Sat
from protocol.facts.document import Paper, Question
from protocol.facts.exam import QuestionType, SittingKind
from protocol.wire import codec
from protocol.wire.exams import ExamResult
from protocol.wire.session import Person, Role

CANDIDATE = Person("1001", "王芳", (Role.AGENT,), "A")
KEY, REMARK = "钥匙", "出题人的话"
END_MS = 9_000
ISSUE = StoredIssue("i", "p", 1, 0, END_MS, 60, SittingKind.FORMAL, "s", "5001", 0, "", '["1001"]')
SITTING = StoredSitting("s", "i", "1001", 1, 8_000, turn=1)
kinds = st.sampled_from(QuestionType)
names = st.lists(st.sampled_from("ABC"), unique=True).map(lambda each: tuple(sorted(each)))


@st.composite
def questions(draw: st.DrawFn) -> ExamQuestion:
    """Of any kind; texts of keys are found again."""
    kind = draw(kinds)
    choice = kind in (QuestionType.SINGLE, QuestionType.MULTI)
    key = draw(names.filter(bool)) if choice else (KEY,)
    options = ("甲", "乙", "丙") if choice else ()
    body = Question(
        draw(st.sampled_from(["问", "答？"])),
        kind,
        options=options,
        key=() if kind is QuestionType.ESSAY else key,
        remark=REMARK,
    )
    return ExamQuestion(draw(st.uuids()).hex, draw(st.integers(1, 40)), body)


papers = st.builds(
    lambda asked, shuffled: ExamPaper(
        Paper("月考", shuffled=shuffled, remark=REMARK), tuple(asked)
    ),
    st.lists(questions(), max_size=6),
    st.booleans(),
)


@st.composite
def sat(draw: st.DrawFn) -> Sat:
    """A paper with some answers, handed in or not."""
    paper = draw(papers)
    answers = {
        each.question: (1, draw(names) if each.names else ("不知道",))
        for each in paper.questions
        if draw(st.booleans())
    }
    row = replace(
        SITTING,
        answers=msgspec.json.encode(answers).decode(),
        submitted_ms=draw(st.sampled_from([None, 5_000])),
    )
    corrected = {each.question: (KEY,) for each in paper.questions[:1]}
    issue = replace(ISSUE, corrected=msgspec.json.encode(corrected).decode())
    return Sat(issue, paper, row)


@given(sat())
def test_no_key_and_no_remark_is_in_a_sheet_or_an_early_result(found: Sat) -> None:
    issue, paper, row = found
    given = sheet(1, paper, issue, row, 2)
    assert {each.question for each in given.questions} == {
        each.question for each in paper.questions
    }
    done = graded(paper, issue, row)
    shown = result_questions(found, done, CANDIDATE, with_keys=False)
    result = ExamResult(1, told(issue, row, done), "月考", shown, False, END_MS)
    for frame in (codec.encode(given), codec.encode(result)):
        assert KEY not in frame.decode()
        assert REMARK not in frame.decode()
    assert all(each.right == () for each in shown)
    assert all(each.score is None or each.type is QuestionType.ESSAY for each in shown)


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_keys_are_shown_once_nobody_can_answer_any_more(from_ms: int, now_ms: int) -> None:
    trainer = Person("5001", "Zhou Lan", (Role.TRAINER,))
    assert keys_shown(CANDIDATE, ISSUE, from_ms, now_ms) is (now_ms > from_ms + 5_000)
    assert keys_shown(trainer, ISSUE, from_ms, now_ms)
    one_of_them = replace(trainer, number="1001")
    assert keys_shown(one_of_them, ISSUE, from_ms, now_ms) is (now_ms > from_ms + 5_000)
