"""The question bank, papers and exams for those who teach, by keyboard."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.paper_lines import Asked, items_in
from agent_client.terminal.screens.exam_forms import MarkForm
from agent_client.terminal.screens.exam_menu import ExamMenu
from agent_client.terminal.screens.paper_form import PaperForm
from agent_client.terminal.screens.question_form import QuestionForm, half_points, letters_in
from protocol.facts.document import Difficulty, Paper, Question
from protocol.facts.exam import Generation, PaperItem, QuestionType, SittingKind, Wanted
from protocol.wire.documents import EnableDocuments, PutDocument
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    CorrectKey,
    ExtendTime,
    GeneratePaper,
    GetExamStatistics,
    IssueExam,
    MarkEssay,
    VoidExam,
    WithdrawExam,
)
from protocol.wire.session import Role
from tests.terminal.exam_scenes import MINUTE, NOW_MS
from tests.terminal.examining_scenes import QUESTIONS, answer_examining
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.sheets import AGENT, LEADER, sent, signed_in
from tests.terminal.showing import reads
from tests.terminal.waiting import until

TRAINER = status(AGENT.state, agent="2001", roles=(Role.TRAINER,))
At = tuple[TerminalApp, Pilot[None]]


@pytest.fixture
async def teacher(terminal, seat: FakeSeat) -> AsyncIterator[At]:
    """A trainer at a desk, who has opened the menu of exams."""
    async with signed_in(terminal, seat, TRAINER) as (app, pilot):
        answer_examining(seat)
        await pilot.press("2")
        await until(lambda: isinstance(app.screen, ExamMenu))
        yield app, pilot


async def opens(at: At, key: str, text: str) -> None:
    app, pilot = at
    await pilot.press(key)
    await reads(app, text)


async def put(seat: FakeSeat) -> PutDocument:
    await until(lambda: bool(sent(seat, PutDocument)))
    return sent(seat, PutDocument)[-1]


async def test_an_agent_has_no_key_for_it(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("2")
        assert not isinstance(app.screen, ExamMenu)


async def test_the_bank_shows_its_columns_and_the_key(teacher: At) -> None:
    app, pilot = teacher
    await opens(teacher, "1", "Which of these belong")
    await pilot.resize_terminal(120, 40)
    for text in ("several answers", "服务", "general", "Added by", "Points"):
        await reads(app, text)
    await pilot.press("down")
    await reads(app, "Key: A, C")


async def test_a_question_is_written_with_its_options_and_letters(
    teacher: At, seat: FakeSeat
) -> None:
    app, pilot = teacher
    await opens(teacher, "1", "Which of these belong")
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, QuestionForm))
    await pilot.press("right", "tab", *"2+2?", "tab", *"3", "enter", *"4", "enter", *"IV", "tab")
    await reads(app, "A 3 B 4 C IV")
    await pilot.press(*"cb", "tab", *"Sums", "tab", "right", "tab", "delete", *"1.5", "ctrl+s")
    body = (await put(seat)).body
    assert body == Question(
        "2+2?",
        QuestionType.MULTI,
        "Sums",
        Difficulty.HARD,
        3,
        ("3", "4", "IV"),
        ("B", "C"),
    )


@pytest.mark.parametrize(
    ("steps", "keys", "wanted"),
    [
        (2, ("tab", "right"), Question("?", QuestionType.TRUE_FALSE, key=("F",))),
        (
            3,
            ("tab", *"3", "enter", *"three"),
            Question("?", QuestionType.FILL_IN, key=("3", "three")),
        ),
        (4, (), Question("?", QuestionType.ESSAY)),
    ],
)
async def test_each_type_has_a_key_of_its_own(
    teacher: At, seat: FakeSeat, steps: int, keys: tuple[str, ...], wanted: Question
) -> None:
    app, pilot = teacher
    await opens(teacher, "1", "Which of these belong")
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, QuestionForm))
    await pilot.press(*("right",) * steps, "tab", "?", *keys, "ctrl+s")
    assert (await put(seat)).body == wanted


async def test_a_question_is_changed_in_its_version_with_all_its_lines(
    teacher: At, seat: FakeSeat
) -> None:
    app, pilot = teacher
    await opens(teacher, "1", "Which of these belong")
    await pilot.press("down", "enter")
    await until(lambda: isinstance(app.screen, QuestionForm))
    assert app.screen.query_one("#question-lines", TextArea).text.splitlines() == [
        "客户诉求",
        "The customer's password",
        "处理结果",
    ]
    await pilot.press("ctrl+s")
    message = await put(seat)
    assert (message.document, message.base, message.body) == ("qu2", 3, QUESTIONS[1].body)


async def test_bulk_deeds_of_lists_work_for_questions_too(teacher: At, seat: FakeSeat) -> None:
    _, pilot = teacher
    await opens(teacher, "1", "Which of these belong")
    await pilot.press("space", "space", "e")
    await until(lambda: bool(sent(seat, EnableDocuments)))
    assert sent(seat, EnableDocuments) == [EnableDocuments(0, ("qu3", "qu2"), False)]


async def test_a_paper_is_made_of_ticked_questions_and_designed_as_lines(
    teacher: At, seat: FakeSeat
) -> None:
    app, pilot = teacher
    await opens(teacher, "1", "Which of these belong")
    await pilot.press("space", "space", "g")
    await until(lambda: isinstance(app.screen, PaperForm))
    await reads(app, "2 questions, 12 points in all")
    app.screen.query_one("#paper-items", TextArea).text = "2 3.5  any words\n3"
    await reads(app, "2 questions, 13.5 points in all")
    await pilot.press(*"Mock", "ctrl+s")
    body = (await put(seat)).body
    assert isinstance(body, Paper)
    assert (body.name, body.items) == ("Mock", (PaperItem("qu2", 3, 7), PaperItem("qu3", 3, 20)))
    assert (body.pass_percent, body.shuffled) == (80, True)


async def test_a_paper_is_drawn_by_rows_and_keeps_its_seed(teacher: At, seat: FakeSeat) -> None:
    app, pilot = teacher
    await opens(teacher, "2", "Data protection")
    await pilot.press("g")
    await reads(app, "Enter adds what is chosen")
    await pilot.press("right", "tab", "right", "tab", "tab", "2", "enter")
    await reads(app, "several answers · simple: 2")
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, PaperForm))
    (asked,) = sent(seat, GeneratePaper)
    assert asked.wanted == (Wanted("服务", QuestionType.MULTI, "simple", 2),)
    await pilot.press(*"Drawn", "ctrl+s")
    body = (await put(seat)).body
    assert isinstance(body, Paper)
    assert body.generated == Generation("seed-9", ())


async def test_standard_answers_are_shown(teacher: At) -> None:
    app, pilot = teacher
    await opens(teacher, "2", "Data protection")
    await pilot.press("k")
    await reads(app, "Standard answers")
    await reads(app, "A, C")
    await reads(app, "12 points in all")


async def test_a_paper_is_issued_to_people_and_teams_inside_a_window(
    teacher: At, seat: FakeSeat
) -> None:
    app, pilot = teacher
    await opens(teacher, "2", "Data protection")
    await pilot.press("i")
    await reads(app, "Issue a paper")
    await reads(app, "Until when?")
    await pilot.press("tab", "space", "tab", "tab", *"+2h", "tab", "right", "tab", "enter")
    await until(lambda: bool(sent(seat, IssueExam)))
    (issued,) = sent(seat, IssueExam)
    assert issued.agents or issued.teams
    assert (issued.paper, issued.sitting) == ("pa2", SittingKind.MOCK)
    assert issued.start_ms in range(NOW_MS - MINUTE, NOW_MS + 1)
    assert issued.end_ms in range(NOW_MS + 120 * MINUTE, NOW_MS + 121 * MINUTE + 1)
    assert issued.duration_s == 1800


async def test_an_exam_is_withdrawn_made_void_and_repeated_with_reasons(
    teacher: At, seat: FakeSeat
) -> None:
    app, pilot = teacher
    await opens(teacher, "3", "begun 2, handed in 1 of 3")
    await pilot.press("w", *"typo", "enter")
    await until(lambda: sent(seat, WithdrawExam) == [WithdrawExam(0, "i1", "typo")])
    await pilot.press("v", *"leak", "enter")
    await until(lambda: sent(seat, VoidExam) == [VoidExam(0, "i1", "leak")])
    await pilot.press("down", "down", "r")
    await reads(app, "did not pass the earlier one")
    await pilot.press("tab", *"+1h", "tab", "tab", "enter")
    await until(lambda: bool(sent(seat, IssueExam)))
    assert sent(seat, IssueExam)[0].retake_of == "i3"


async def test_time_is_given_to_a_sitting_that_runs(teacher: At, seat: FakeSeat) -> None:
    app, pilot = teacher
    await opens(teacher, "3", "begun 2, handed in 1 of 3")
    await pilot.press("enter")
    await reads(app, "under way, 00:25:00 left")
    await pilot.press("x")
    await reads(app, "no time can be given")
    await pilot.press("down")
    await reads(app, "Looked elsewhere: 2. Noted, and not held against anybody.")
    await pilot.press("x", "enter", *"outage", "enter")
    await until(lambda: bool(sent(seat, ExtendTime)))
    given = sent(seat, ExtendTime)[0]
    assert (given.sitting, given.seconds, given.text) == ("s2", 600, "outage")


async def test_essays_are_marked_one_after_another_without_a_name(
    teacher: At, seat: FakeSeat
) -> None:
    app, pilot = teacher
    await opens(teacher, "3", "begun 2, handed in 1 of 3")
    await pilot.press("m")
    await reads(app, "Essays that wait: 2")
    await reads(app, "then [red]apologise[/red]")
    await pilot.press(*"10.5", "enter", "enter")
    await reads(app, "from 0 to 10 points")
    form = app.screen
    assert isinstance(form, MarkForm)
    form.query_one("#exam-points", Input).value = "7.5"
    await pilot.press("enter")
    await until(lambda: [each.half_points for each in sent(seat, MarkEssay)] == [15])
    await reads(app, "Essays that wait: 1")
    await reads(app, "Nothing was written")


async def test_a_key_is_corrected_with_a_reason(teacher: At, seat: FakeSeat) -> None:
    app, pilot = teacher
    await opens(teacher, "3", "begun 2, handed in 1 of 3")
    await pilot.press("k")
    await reads(app, "Correct the key")
    await pilot.press("enter")
    await reads(app, "counted anew")
    await pilot.press(*"cab", "enter", *"B too", "enter")
    await until(lambda: bool(sent(seat, CorrectKey)))
    corrected = sent(seat, CorrectKey)[0]
    assert (corrected.issue, corrected.question) == ("i1", "qu2")
    assert (corrected.right, corrected.text) == (("A", "B", "C"), "B too")


async def test_statistics_show_the_spread_and_are_saved(
    teacher: At, seat: FakeSeat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app, pilot = teacher
    await opens(teacher, "4", "average 81.25 %")
    await reads(app, "▂")
    await reads(app, "answered 36 wrong 9 (25 %) right 27 (75 %)")
    await pilot.press("x", "enter")
    await until(lambda: any(each.file for each in sent(seat, GetExamStatistics)))
    await until(lambda: bool(list(tmp_path.rglob("exams-*.xlsx"))))
    (file,) = tmp_path.rglob("exams-*.xlsx")
    assert file.read_bytes() == b"an Excel file"


async def test_a_leader_has_no_bank(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("2")
        assert not isinstance(app.screen, ExamMenu)


BANK = {
    each.number: Asked(each, each.body) for each in QUESTIONS if isinstance(each.body, Question)
}


@pytest.mark.parametrize("text", ["9", "x 2", "2 0", "2 -1", "2 1.3", "2 nan", "2 inf", "2 two"])
def test_a_line_that_names_no_question_or_no_points_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        items_in(text, BANK)
    assert refused.value.code == Code.BAD_DOCUMENT


@pytest.mark.parametrize("text", ["", "x", "1.3", "nan", "inf"])
def test_points_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        half_points(text)


def test_letters_are_read_however_they_are_typed() -> None:
    assert letters_in(" c, a;C ") == ("A", "C")
    assert letters_in("") == ()
