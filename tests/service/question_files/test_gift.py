"""GIFT as people and Moodle write it, and what of it would be another question here."""

import pytest

from agent_service.question_files.gift_read import read
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType

FILE = r"""// question: 1  name: who
$CATEGORY: $course$/top/礼仪/电话
::先问::[html]<p>先问<b>什么</b>？</p>{
    =姓名
    // 注释
    ~电话 \= 号码
}

$CATEGORY: $course$/top

哪些\:可以？{~%50%a ~%50%b ~%-100%c}

One of one {~%100%yes ~no}

热线？{=12345 =%100%一二三四五}

1 + 1 \= 2{TRUE}

天是绿的。{f}

怎样安抚\n客户？
分两行。{}
"""


def only(text: str) -> Question:
    reading = read(text)
    assert (reading.faults, len(reading.questions)) == ([], 1)
    return reading.questions[0].question


def test_every_kind_is_read_with_its_category_and_line() -> None:
    reading = read(FILE)
    assert (reading.faults, reading.notes) == ([], [])
    single, multi = QuestionType.SINGLE, QuestionType.MULTI
    assert [(each.line, each.question) for each in reading.questions] == [
        (
            3,
            Question(
                *("先问什么？", single, "礼仪/电话"), options=("姓名", "电话 = 号码"), key=("A",)
            ),
        ),
        (11, Question("哪些:可以？", multi, options=("a", "b", "c"), key=("A", "B"))),
        (13, Question("One of one", multi, options=("yes", "no"), key=("A",))),
        (15, Question("热线？", QuestionType.FILL_IN, key=("12345", "一二三四五"))),
        (17, Question("1 + 1 = 2", QuestionType.TRUE_FALSE, key=("T",))),
        (19, Question("天是绿的。", QuestionType.TRUE_FALSE, key=("F",))),
        (21, Question("怎样安抚\n客户？\n分两行。", QuestionType.ESSAY)),
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(line_end: str) -> None:
    assert only(line_end.join(["Who?{", "=a", "~b", "}"])).options == ("a", "b")


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("How many? {#5}", "unsupported_question"),
        ("How many? {#1..5}", "unsupported_question"),
        ("Which? {=a -> b =c -> d =e -> f}", "unsupported_question"),
        ("It is {=a ~b} here.", "unsupported_question"),
        ("Which? {=a ~b}\nand {=c ~d}", "unsupported_question"),
        ("Which? {=a ~b", "answers_unreadable"),
        ("Which? =a ~b}", "answers_unreadable"),
        ("Which? } {", "answers_unreadable"),
        ("Which? {=a =b ~c}", "several_right"),
        ("Which? {=a ~%50%b ~c}", "answer_weights"),
        ("Which? {~%70%a ~%30%b ~c}", "answer_weights"),
        ("Which? {~%50%a ~b ~c}", "answer_weights"),
        ("Say! {=a =%50%b}", "answer_weights"),
        ("Say! {=a*}", "wildcard_answer"),
        ("[html]Which? <img src=x> {=a ~b}", "holds_picture"),
    ],
)
def test_what_would_be_another_question_is_named_by_its_line(block: str, code: str) -> None:
    reading = read(f"Ask!{{}}\n\n\n{block}\n\nAsk again!{{}}\n")
    assert [(each.line, each.code) for each in reading.faults] == [(4, code)]
    assert [each.line for each in reading.questions] == [1, 5 + block.count("\n") + 1]


@pytest.mark.parametrize(
    "block",
    ["Which? {=a#right ~b}", "True? {T#no#yes}", "Ask! {####well}", "Which? {=a ~b ####well}"],
)
def test_feedback_is_left_away_and_that_is_told(block: str) -> None:
    reading = read(block)
    assert (reading.faults, len(reading.questions)) == ([], 1)
    assert "well" not in str(reading.questions) and "right" not in str(reading.questions)
    assert {(each.line, each.code) for each in reading.notes} == {(1, "feedback_dropped")}


def test_what_asks_nothing_is_passed_over_and_that_is_told() -> None:
    reading = read("Just so you know\\: \\{\\}\n\n// nothing\n")
    assert (reading.questions, reading.faults) == ([], [])
    assert [(each.line, each.code) for each in reading.notes] == [(1, "description_passed")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\~\=\#\{\}\:\\", "~=#{}:\\"),
        (r"a\\nb", r"a\nb"),
        (r"a\nb", "a\nb"),
        (r"C:\dir", r"C:\dir"),
    ],
)
def test_a_backslash_makes_text_of_a_sign(written: str, meant: str) -> None:
    assert only(f"x{written}{{}}").text == f"x{meant}"
