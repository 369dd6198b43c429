"""`import questions` and `export questions`: all or nothing, each once, and back again."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service import cli, database
from agent_service.commands.ledger import verify
from agent_service.documents import store
from agent_service.documents.row import StoredDocument
from protocol.facts.document import AnyBody, Difficulty, DocumentKind, Question
from protocol.facts.exam import QuestionType
from tests.service.conftest import SignedIn
from tests.service.documents.written import (
    ESSAY,
    FILL_IN,
    MULTI,
    SINGLE,
    TRAINER,
    TRUE_FALSE,
    listed,
    write,
)
from tests.service.operator import Operator
from tests.service.people import hire

ALL: Sequence[AnyBody] = (SINGLE, MULTI, TRUE_FALSE, FILL_IN, ESSAY)
GIFT = "Who?{=a ~b}\n\nWhy?{}\n\nIs it?{T}\n"
SUFFIXES = (".xlsx", ".gift", ".txt", ".xml")


def bring_in(
    operator: Operator, data: Path, file: Path, *more: str, language: str = "en"
) -> tuple[int, str, str]:
    return operator.run(
        "import", "questions", str(file), *more, "--data", str(data), "--lang", language
    )


def take_out(
    operator: Operator, data: Path, file: Path, *more: str, language: str = "en"
) -> tuple[int, str, str]:
    return operator.run(
        "export", "questions", str(file), *more, "--data", str(data), "--lang", language
    )


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def bank(data: Path) -> list[StoredDocument]:
    with closing(database.open_reader(data / database.FILE)) as connection:
        return store.by_kind(connection, DocumentKind.QUESTION)


def asked(data: Path) -> list[AnyBody]:
    return [row.read() for row in bank(data)]


def test_questions_are_added_and_a_second_time_passed_over(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    file = written(tmp_path / "q.gift", GIFT)
    assert bring_in(operator, data, file) == (
        *(0, ""),
        "3 questions added; 0 were there already and were passed over.\n",
    )
    before = verify(data)
    assert "0 questions added; 3 were" in bring_in(operator, data, file)[2]
    assert verify(data) == before
    assert [(row.number, row.enabled, row.author) for row in bank(data)] == [
        (1, False, "operator"),
        (2, False, "operator"),
        (3, False, "operator"),
    ]


def test_they_are_enabled_where_that_is_asked_for(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    bring_in(operator, data, written(tmp_path / "q.gift", "Before?{}"))
    bring_in(operator, data, written(tmp_path / "q.gift", f"Before?{{}}\n\n{GIFT}"), "--enable")
    assert [row.enabled for row in bank(data)] == [False, True, True, True]


def test_the_same_question_with_another_key_is_kept_as_it_is_and_told(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    bring_in(operator, data, written(tmp_path / "q.gift", GIFT))
    file = written(tmp_path / "other.gift", "\nWho?{~a =b}\n\nWho?{=a ~c}\n\nWho?{=a ~c}\n")
    code, _, err = bring_in(operator, data, file)
    assert code == 0
    assert err.splitlines() == [
        "Line 2: The question is there already with another key; that one was kept.",
        "1 questions added; 2 were there already and were passed over.",
    ]
    first = asked(data)[0]
    assert isinstance(first, Question) and first.key == ("A",)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "Line 3: Questions of the type matching can't be asked here. Write it as a choice,"
                " true or false, a fill-in or an essay, or take it out.",
                "Line 5: This can't be kept (key): the key is missing,",
                "agent-service: {file} holds 2 faults; nothing was changed.",
            ],
        ),
        (
            "zh_CN",
            [
                "第 3 行：此处不支持 matching 题型。请改写为选择、判断、填空或问答题，或将其移出。",
                "第 5 行：无法保存（标准答案）：",
                "agent-service: {file} 中有 2 处错误，没有任何改动。",
            ],
        ),
    ],
)
def test_every_bad_question_is_named_and_nothing_is_kept(
    operator: Operator, data: Path, tmp_path: Path, language: str, lines: list[str]
) -> None:
    text = "Good?{}\n\nWhich?{=a -> b =c -> d}\n\nNone?{~a ~b}\n"
    file, before = written(tmp_path / "q.gift", text), verify(data)
    code, out, err = bring_in(operator, data, file, language=language)
    assert (code, out) == (1, "")
    told = err.splitlines()
    assert len(told) == len(lines)
    for line, begin in zip(told, lines, strict=True):
        assert line.startswith(begin.format(file=file)), line
    assert "[bad_sheet]" in err
    assert verify(data) == before


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("suffix", [".xlsx", ".xml"])
def test_what_was_written_makes_the_same_bank_elsewhere(
    operator: Operator, data: Path, tmp_path: Path, suffix: str, language: str
) -> None:
    file, other = tmp_path / f"q{suffix}", Path(shutil.copytree(data, tmp_path / "other"))
    write(data, ALL)
    code, _, err = take_out(operator, data, file, language=language)
    assert code == 0, err
    assert bring_in(operator, other, file, language=language)[0] == 0
    assert asked(other) == asked(data) == list(ALL)


@pytest.mark.parametrize(("suffix", "left"), [(".gift", 0), (".txt", 4)])
def test_what_a_format_can_not_say_is_left_out_and_counted(
    operator: Operator, data: Path, tmp_path: Path, suffix: str, left: int
) -> None:
    write(data, ALL)
    _, _, err = take_out(operator, data, tmp_path / f"q{suffix}")
    assert f"{len(ALL) - left} questions written" in err
    assert (f"{left} questions can't be said" in err) == (left > 0)


def test_one_category_is_written_alone(operator: Operator, data: Path, tmp_path: Path) -> None:
    write(data, ALL)
    file = tmp_path / "q.gift"
    assert "2 questions written" in take_out(operator, data, file, "--category", "礼仪")[2]
    code, _, err = take_out(operator, data, tmp_path / "none.gift", "--category", "礼")
    assert code == 1
    assert "[unknown_category]" in err
    assert not (tmp_path / "none.gift").exists()


def test_a_file_is_never_written_over(operator: Operator, data: Path, tmp_path: Path) -> None:
    file = written(tmp_path / "q.gift", "somebody's")
    assert "[file_exists]" in take_out(operator, data, file)[2]
    assert file.read_text() == "somebody's"


@pytest.mark.parametrize("name", ["q.docx", "q"])
def test_an_ending_that_says_no_format_is_refused(
    operator: Operator, data: Path, tmp_path: Path, name: str
) -> None:
    file = written(tmp_path / name, "x")
    assert "[unknown_file_format]" in bring_in(operator, data, file)[2]
    assert "[unknown_file_format]" in take_out(operator, data, tmp_path / f"new-{name}")[2]


async def test_a_running_service_has_them_at_once(
    operator: Operator, data: Path, tmp_path: Path, signed_in: SignedIn
) -> None:
    hire(data, [TRAINER], "-")
    trainer = await signed_in(TRAINER.number)
    assert bring_in(operator, data, written(tmp_path / "q.gift", GIFT))[0] == 0
    told = await listed(trainer, DocumentKind.QUESTION)
    assert [row.number for row in told.rows] == [1, 2, 3]


def test_a_row_keeps_its_difficulty_and_points(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    hard = Question("难？", QuestionType.ESSAY, "甲", Difficulty.HARD, 7, remark="\n".join("ab"))
    write(data, [hard])
    take_out(operator, data, tmp_path / "q.xlsx")
    assert "0 questions added; 1 were" in bring_in(operator, data, tmp_path / "q.xlsx")[2]


PIECES = st.sampled_from(
    [
        *(b"{", b"}", b"~", b"=", b"#", b"\\", b"::", b"%50%", b"\n\n", b"$CATEGORY:", b"->", b"T"),
        *(b"A. ", b"B) ", b"ANSWER: A", b"\n", b"<quiz>", b"</quiz>", b"<question type=", b"<![x"),
        *(b'"essay">', b"</question>", b"<text>", b"</text>", b"&#0;", b"\xff\xfe", b"\x00", b"PK"),
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.binary(max_size=8), max_size=20).map(b"".join))
def test_whatever_stands_in_a_file_is_questions_or_a_refusal(
    data: Path, tmp_path: Path, content: bytes
) -> None:
    for suffix in SUFFIXES:
        file = tmp_path / f"fuzz{suffix}"
        file.write_bytes(content)
        code = cli.run(["import", "questions", str(file), "--data", str(data)], {})
        assert code in (0, 1)
