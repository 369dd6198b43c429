"""Aiken, line by line."""

import pytest

from agent_service.question_files.aiken import holds, read
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType

FILE = """\
先问什么？
A. 姓名
B) 电话
ANSWER: B

And then?
A. a
B. A. b
answer: a
"""
SINGLE = Question("先问什么？", QuestionType.SINGLE, options=("姓名", "电话"), key=("B",))


def test_questions_are_read_with_their_lines() -> None:
    reading = read(FILE)
    assert (reading.faults, reading.notes) == ([], [])
    assert [(each.line, each.question) for each in reading.questions] == [
        (1, SINGLE),
        (6, Question("And then?", QuestionType.SINGLE, options=("a", "A. b"), key=("A",))),
    ]


@pytest.mark.parametrize(
    ("lines", "line", "code"),
    [
        (["Q", "A. a", "C. c", "ANSWER: A"], 3, "option_gap"),
        (["Q", "B. a", "ANSWER: A"], 2, "option_gap"),
        (["Q", "A. a", "B. b", "and more", "ANSWER: A"], 4, "line_not_expected"),
        (["Q", "A. a", "B. b"], 1, "answer_missing"),
        (["", "Only words"], 2, "answer_missing"),
    ],
)
def test_a_bad_line_is_named(lines: list[str], line: int, code: str) -> None:
    reading = read("\n".join(lines))
    assert [(each.line, each.code) for each in reading.faults] == [(line, code)]
    assert reading.questions == []


def test_a_bad_question_does_not_take_the_next_one_with_it() -> None:
    reading = read("Q\nA. a\nC. c\nANSWER: A\n" + FILE)
    assert [each.line for each in reading.questions] == [5, 10]


@pytest.mark.parametrize(
    "question",
    [
        Question("Why?", QuestionType.ESSAY),
        Question("1\n2", QuestionType.SINGLE, options=("a", "b"), key=("A",)),
        Question("1", QuestionType.SINGLE, options=("a\nb", "b"), key=("A",)),
        Question("A. 1", QuestionType.SINGLE, options=("a", "b"), key=("A",)),
        Question("ANSWER: A", QuestionType.SINGLE, options=("a", "b"), key=("A",)),
        Question("1", QuestionType.MULTI, options=("a", "b"), key=("A",)),
    ],
)
def test_what_aiken_can_not_say_is_known(question: Question) -> None:
    assert not holds(question)
    assert holds(SINGLE)
