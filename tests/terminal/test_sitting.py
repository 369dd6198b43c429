"""Sitting an exam at the terminal: by keyboard, and nothing is shown as kept that is not."""

from collections.abc import Callable

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.exam_begin import ExamBegin
from agent_client.terminal.screens.exam_centre import ExamCentreSheet
from agent_client.terminal.screens.exam_result import ExamResultSheet
from agent_client.terminal.screens.sitting import SittingSheet
from agent_client.terminal.screens.sitting_overview import SittingOverview
from protocol.facts.agent import Reason, State
from protocol.wire.desk_exam import AnswerQuestion, BeginExam, DeskExams, HandIn, LeaveFocus
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import GetResult
from tests.terminal.conftest import Clock
from tests.terminal.exam_scenes import NOW_MS, OWN, ROW, SHEET, UNSHOWN, Desk
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

Terminal = Callable[..., TerminalApp]


@pytest.fixture
def desk(seat: FakeSeat) -> Desk:
    """A seat that knows of exams, and somebody at it."""
    seat.status = status(State.NOT_READY, reason=Reason.EXAM)
    return Desk(seat)


async def begun(app: TerminalApp, desk: Desk) -> SittingSheet:
    desk.lies_open()
    await until(lambda: isinstance(app.screen, SittingSheet))
    assert isinstance(app.screen, SittingSheet)
    await reads(app, "Question 1/5")
    return app.screen


async def goes_to(pilot: Pilot[None], app: TerminalApp, number: int) -> None:
    for _ in range(number - 1):
        await pilot.press("pagedown")
    await reads(app, f"Question {number}/5")


async def test_it_is_begun_from_the_exam_centre_after_asking_once(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("e")
        await reads(app, "十一月业务考试")
        await pilot.press("down", "enter")
        await until(lambda: isinstance(app.screen, ExamBegin))
        await reads(app, "30 minutes")
        await reads(app, "one attempt")
        await pilot.press("enter")
        assert BeginExam not in seat.kinds()
        await pilot.press("enter", "down", "enter")
        await until(lambda: isinstance(app.screen, SittingSheet))
        assert [each.issue for each in seat.asked if isinstance(each, BeginExam)] == ["i1"]
        await reads(app, "16 points in all")


async def test_an_exam_and_a_result_are_told_once_between_other_things(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app):
        await reads(app, "An exam for you: 十一月业务考试")
        desk.tell(DeskExams(msgspec.structs.replace(OWN, told=(ROW,))))
        await reads(app, "A result of an exam is there")
        app.say("something else")
        desk.tell(DeskExams(msgspec.structs.replace(OWN, told=(ROW,), waiting=1)))
        await until(lambda: app._known.exams is not None and app._known.exams.own.waiting == 1)
        assert "something else" in text_of(app)


async def test_what_can_not_be_begun_says_why(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app, (120, 40)) as pilot:
        await pilot.press("e")
        await reads(app, "Refunds, second try")
        await pilot.press("enter")
        await reads(app, "can be begun from 2026-11-23 14:03 on")
        seat.refusals[BeginExam] = Refused(Code.SERVICE_UNREACHABLE, server="ws://x")
        await pilot.press("down", "down", "enter")
        await reads(app, "was not begun at this desk")
        seat.refusals[BeginExam] = Refused("wrong_state")
        await pilot.press("enter")
        await reads(app, "after-call work")
        window = {"start": NOW_MS, "end": NOW_MS + 60_000}
        seat.refusals[BeginExam] = Refused(Code.OUTSIDE_WINDOW, **window)
        await pilot.press("enter")
        await reads(app, "begun from 2026-11-22 14:03 to 2026-11-22 14:04")
        assert isinstance(app.screen, ExamCentreSheet)


@pytest.mark.parametrize(
    ("number", "keys", "answer"),
    [
        (1, ("a",), ("C",)),
        (1, ("2",), ("A",)),
        (1, ("down", "down", "space"), ("D",)),
        (1, ("b", "b"), ()),
        (2, ("c",), ("A", "C")),
        (2, ("a",), ()),
        (3, ("a",), ("T",)),
        (3, ("down", "enter"), ("F",)),
    ],
)
async def test_a_choice_is_asked_for_by_its_name_in_the_paper(
    terminal: Terminal, desk: Desk, number: int, keys: tuple[str, ...], answer: tuple[str, ...]
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        await goes_to(pilot, app, number)
        for key in keys:
            await pilot.press(key)
            await reads(app, "kept here and at the server")
        await until(lambda: desk.answers() == {f"q{number}": answer})


async def test_a_choice_is_shown_only_once_the_seat_has_it(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        seat.late = []
        await pilot.press("a")
        await reads(app, "1 not kept yet")
        assert "◉" not in text_of(app)
        seat.answer_late()
        await reads(app, "◉ A")
        await reads(app, "kept here and at the server")
        desk.lies_open(unsaved=2)
        await reads(app, "kept here; 2 not at the server yet")


async def test_what_is_typed_is_kept_within_a_second_with_every_sign(
    terminal: Terminal, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        await goes_to(pilot, app, 4)
        await pilot.press("三")
        await until(lambda: desk.answers() == {"q4": ("三",)})
        await pilot.press("pagedown")
        await reads(app, "Question 5/5")
        await pilot.press("先", "倾", "听", "enter", "s", "o")
        await until(lambda: desk.answers().get("q5") == ("先倾听\nso",))
        await pilot.press("pageup", "pagedown")
        await reads(app, "先倾听")


async def test_while_the_seat_is_away_what_is_answered_waits_and_goes_to_the_next_one(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        await seat.stop()
        await reads(app, "The seat is away")
        await pilot.press("b")
        await seat.start()
        await until(lambda: desk.answers() == {"q1": ("A",)})
        await reads(app, "kept here and at the server")


async def test_on_a_full_disk_an_answer_is_not_called_kept_and_is_tried_again(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        seat.refusals[AnswerQuestion] = Refused(Code.DISK_FAILED, detail="full")
        await pilot.press("b")
        await reads(app, "1 not kept yet")
        del seat.refusals[AnswerQuestion]
        await reads(app, "◉ B")
        await reads(app, "kept here and at the server")


async def test_questions_are_marked_and_found_again_in_the_overview(
    terminal: Terminal, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        await pilot.press("right", "m")
        await reads(app, "come back to it")
        await reads(app, "answered 1 · unanswered 4 · marked 1")
        await pilot.press("o")
        await until(lambda: isinstance(app.screen, SittingOverview))
        await reads(app, "请写出安抚激动客户的步骤")
        await pilot.press("down", "enter")
        await reads(app, "Question 3/5")


async def test_handing_in_says_what_is_empty_and_shows_the_result(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        await pilot.press("a")
        await reads(app, "◉ A")
        await pilot.press("s")
        await reads(app, "Unanswered: 3. They count as wrong.")
        await reads(app, "00:29:3")
        await pilot.press("enter")
        assert HandIn not in seat.kinds()
        await pilot.press("s", "down", "enter")
        await until(lambda: isinstance(app.screen, ExamResultSheet))
        await reads(app, "12.5 of 16 points · 78.13 % · not passed")


async def test_without_the_server_nothing_is_handed_in_and_the_paper_stays(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await begun(app, desk)
        seat.refusals[HandIn] = Refused(Code.SERVICE_UNREACHABLE, server="ws://x")
        await pilot.press("s", "down", "enter")
        await reads(app, "Not handed in")
        assert isinstance(app.screen, SittingSheet)


async def test_the_end_by_the_server_is_said_with_the_result(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    seat.service[GetResult] = lambda _: UNSHOWN
    async with opened(app) as pilot:
        await begun(app, desk)
        await pilot.press("s")
        desk.tell(DeskExams(OWN, over=ROW))
        await until(lambda: isinstance(app.screen, ExamResultSheet))
        await reads(app, "essays are being marked")
        await reads(app, "What is right is shown from")
        await pilot.press("end")
        await reads(app, "Nobody has marked this yet")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (DeskExams(OWN, unsaved=2, ended=Code.EXAM_OVER), "answers that it did not get: 2"),
        (DeskExams(OWN, ended=Code.NOT_YOUR_TURN), "goes on at another desk"),
    ],
)
async def test_another_end_is_said_in_words(
    terminal: Terminal, desk: Desk, told: DeskExams, text: str
) -> None:
    app = terminal()
    async with opened(app):
        sheet = await begun(app, desk)
        desk.tell(told)
        await reads(app, text)
        assert sheet not in app.screen_stack


async def test_the_last_minutes_are_said_once_each(
    terminal: Terminal, desk: Desk, clock: Clock
) -> None:
    app = terminal()
    async with opened(app):
        await begun(app, desk)
        clock.go_on(24 * 60 + 40)
        await reads(app, "Five minutes are left.")
        clock.go_on(4 * 60)
        await reads(app, "One minute is left.")


async def test_another_window_is_noted_and_said_not_to_be_held_against_anybody(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app):
        app.post_message(events.AppBlur())
        await begun(app, desk)
        assert LeaveFocus not in seat.kinds()
        app.post_message(events.AppBlur())
        await until(lambda: LeaveFocus in seat.kinds())
        await reads(app, "not held against you")


async def test_leaving_the_screen_leaves_the_exam_running(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        sheet = await begun(app, desk)
        await goes_to(pilot, app, 5)
        await pilot.press("x", "escape")
        assert app.screen is sheet, "out of the field first"
        await pilot.press("escape")
        await reads(app, "The exam goes on")
        await until(lambda: desk.answers() == {"q5": ("x",)})
        assert sheet not in app.screen_stack
        await pilot.press("e")
        await until(lambda: isinstance(app.screen, SittingSheet))


async def test_behind_a_locked_screen_nothing_of_it_is_seen_and_afterwards_it_is_there(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    app = terminal()
    async with opened(app):
        await begun(app, desk)
        seat.tell(locked=True)
        await until(lambda: "Question" not in text_of(app))
        seat.tell(locked=False)
        await until(lambda: isinstance(app.screen, SittingSheet))


async def test_a_terminal_that_was_killed_finds_the_paper_as_the_seat_has_it(
    terminal: Terminal, seat: FakeSeat, desk: Desk
) -> None:
    answered = msgspec.structs.replace(SHEET.questions[0], answer=("D",))
    sheet = msgspec.structs.replace(SHEET, questions=(answered, *SHEET.questions[1:]))
    seat.exams = DeskExams(OWN, sheet, 0, sheet.deadline_ms)
    app = terminal()
    async with opened(app) as pilot:
        await until(lambda: isinstance(app.screen, SittingSheet))
        await reads(app, "Question 3/5")
        await pilot.press("left", "left")
        await reads(app, "◉ C")
