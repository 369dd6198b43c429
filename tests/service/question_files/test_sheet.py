"""Tables of questions as people write them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.commands.documents_words import question_words
from agent_service.question_files.reading import Reading
from agent_service.question_files.sheet import read
from agent_service.sheets import Line
from protocol.facts.document import Difficulty, Question
from protocol.facts.exam import QuestionType

CHINESE = ["题目", "类型", "类别", "难度", "分值", "选项A", "选项 b", "选项C", "答案", "备注"]
WORDS = question_words()


def table(*rows: Sequence[str]) -> Reading:
    return read([Line(number, tuple(row)) for number, row in enumerate(rows, 1)], WORDS)


def keyed(type_: str, key: str) -> tuple[str, ...]:
    """The key that a cell says."""
    reading = table(["question", "type", "key"], ["Q", type_, key])
    assert reading.faults == []
    return reading.questions[0].question.key


def test_a_row_is_a_question_in_chinese() -> None:
    row = ["先问什么？", "多选题", "礼仪", "困难", "1.5", "姓名", "电话", "地址", "A、c", "旧题"]
    reading = table(CHINESE, row)
    assert reading.faults == []
    assert [(each.line, each.question) for each in reading.questions] == [
        (
            2,
            Question(
                *("先问什么？", QuestionType.MULTI, "礼仪", Difficulty.HARD, 3),
                *(("姓名", "电话", "地址"), ("A", "C"), "旧题"),
            ),
        )
    ]


def test_columns_stand_as_they_like_and_what_is_not_said_is_usual() -> None:
    reading = table(
        ["KEY", "Type", "option_B", "Option A", "question"], ["b", "single", "2", "1", "Q"]
    )
    asked = Question("Q", QuestionType.SINGLE, options=("1", "2"), key=("B",))
    assert ([each.question for each in reading.questions], reading.faults) == ([asked], [])


@pytest.mark.parametrize(
    ("type_", "cell", "key"),
    [
        ("multi", "ＡＣ", ("A", "C")),
        ("multi", "a, c; D", ("A", "C", "D")),
        ("判断", "对", ("T",)),
        ("判断", "√", ("T",)),
        ("判断题", "错误", ("F",)),
        ("true or false", "True", ("T",)),
        ("true_false", "no", ("F",)),
        ("true_false", "perhaps", ("perhaps",)),
        ("填空", "12345|一二三四五\n 热线 ", ("12345", "一二三四五", "热线")),
        ("fill in", r"a\|b", ("a|b",)),
        ("问答", "", ()),
    ],
)
def test_a_key_is_read_as_its_type_wants_it(type_: str, cell: str, key: tuple[str, ...]) -> None:
    assert keyed(type_, cell) == key


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (0, "", "value_missing"),
        (1, "", "value_missing"),
        (1, "单项填空", "unknown_question_type"),
        (3, "very", "unknown_difficulty"),
        (4, "some", "bad_points"),
        (4, "0.3", "bad_points"),
        (6, "", "option_gap"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(column: int, cell: str, code: str) -> None:
    row = ["Q", "single", "", "", "", "1", "2", "3", "A", ""]
    row[column] = cell
    reading = table(CHINESE, ["Q", "essay"], row)
    assert [(each.line, each.code) for each in reading.faults] == [(3, code)]
    assert [each.line for each in reading.questions] == [2]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (["question"], "column_missing"),
        (["question", "type", "colour"], "unknown_column"),
        (["question", "type", "题目"], "column_twice"),
    ],
)
def test_a_bad_heading_is_named(head: list[str], code: str) -> None:
    reading = table(head, ["Q", "essay"])
    assert [(each.line, each.code) for each in reading.faults] == [(1, code)]
    assert list(reading.questions) == []


CELLS = st.sampled_from(["", "single", "判断", "fill in", "A", "|", "1e99", "-0", "NaN", "ß", "\\"])


@given(st.lists(st.lists(CELLS | st.text(max_size=8), max_size=len(CHINESE) + 1), max_size=4))
def test_whatever_stands_in_a_table_is_a_question_or_a_fault(rows: list[list[str]]) -> None:
    reading = table(CHINESE, *rows)
    named = {each.line for each in (*reading.questions, *reading.faults)}
    assert named == set(range(2, len(rows) + 2))
