"""Giving tasks to people, the training centre, and statistics."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.report_save import SaveForm
from agent_client.terminal.screens.training_assign import AssignForm
from agent_client.terminal.screens.training_centre import CentreSheet
from agent_client.terminal.screens.training_lists import TasksSheet
from agent_client.terminal.screens.training_menu import TrainingMenu
from agent_client.terminal.screens.training_narrow import NarrowForm
from agent_client.terminal.screens.training_statistics import StatisticsSheet
from agent_client.terminal.screens.training_withdraw import WithdrawTrainingForm
from agent_client.terminal.training_words import length
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedRequest
from protocol.wire.training import (
    Assign,
    AssignmentsDone,
    GetAssignments,
    GetTrainees,
    GetTrainingStatistics,
    PushTraining,
    RecallTraining,
    Redraw,
    Trainees,
    TrainingStatistics,
    WithdrawAssignments,
)
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.requests_scenes import ZONE
from tests.terminal.sheets import SUPERVISOR, sent, signed_in
from tests.terminal.showing import reads, text_of
from tests.terminal.training_scenes import answer_training
from tests.terminal.waiting import until


@pytest.fixture
async def desk(terminal, seat: FakeSeat):
    """A supervisor's menu of training."""
    answer_training(seat)
    async with signed_in(terminal, seat, SUPERVISOR) as (app, pilot):
        await pilot.press("1")
        await until(lambda: isinstance(app.screen, TrainingMenu))
        yield app, pilot


async def test_a_task_is_given_to_people_and_teams(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("2")
    await reads(app, "测试测试1")
    await pilot.press("a")
    await until(lambda: isinstance(app.screen, AssignForm) and isinstance(app.focused, Input))
    await reads(app, "Nobody is ticked yet.")
    await pilot.press(*"night", "enter", "space", "space", "shift+tab")
    app.screen.query_one("#people-search", Input).value = "李"
    await pilot.press("tab", "space", "enter")
    await reads(app, "Team Night shift, 1002 Ann-Kathrin Oberländer, 1003 李建国")
    await pilot.press(*"tomorrow 9:00")
    await reads(app, "Due tomorrow 09:00")
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, TasksSheet))
    (told,) = sent(seat, Assign)
    due = round(datetime(2026, 11, 23, 9, tzinfo=ZONE).timestamp() * 1000)
    assert (told.task, told.agents, told.teams) == ("ta2", ("1002", "1003"), ("Night shift",))
    assert told.due_ms == due
    assert told.key
    await reads(
        app, "Assigned to people: 1. Passed over, since they have it and have not completed"
    )
    assert "1001, 1003" in text_of(app)


async def test_nobody_and_an_unreadable_time_are_refused_in_the_form(desk, seat) -> None:
    app, pilot = desk
    await pilot.press("2")
    await reads(app, "测试测试1")
    await pilot.press("a")
    await until(lambda: isinstance(app.screen, AssignForm) and isinstance(app.focused, Input))
    await pilot.press("enter", "enter", "enter")
    await reads(app, "Nobody is chosen.")
    await pilot.press("shift+tab", "space", "tab", *"soon", "enter")
    await until(lambda: "soon" in str(app.screen.query_one(FieldFault).visual))
    assert sent(seat, Assign) == []


async def test_a_task_is_drawn_anew_once_it_is_confirmed(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("2")
    await reads(app, "测试测试1")
    await pilot.press("r")
    await reads(app, "Draw “供应商审核新规” anew?")
    await pilot.press("enter")
    await pilot.press("r", "down", "enter")
    await reads(app, "Drawn anew: 1. Begun, and left as they are: 1.")
    (told,) = sent(seat, Redraw)
    assert (told.task, told.assignments) == ("ta2", ())


async def test_the_centre_has_all_columns_one_after_the_other(desk) -> None:
    app, pilot = desk
    await pilot.press("1")
    await reads(app, "王丽")
    seen = text_of(app)
    for _ in range(12):
        await pilot.press("right")
        seen += text_of(app)
    for heading in ("Trainee", "Task", "Training type", "To study", "Studied", "Time studied"):
        assert heading in seen
    for heading in ("At least (s)", "Begun", "Ended", "Completed", "Added by", "Added at", "Due"):
        assert heading in seen
    assert "00:07:20" in seen
    assert "! 2026-11-22 11:03" in seen


async def test_the_centre_is_narrowed(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("1")
    await reads(app, "王丽")
    await pilot.press("down", "f")
    await reads(app, "供应商审核新规 · open ones")
    await pilot.press("o", "slash", *"ann", "enter")
    await reads(app, "found: ann · 供应商审核新规 · with completed ones")
    await pilot.press("f")
    await until(lambda: sent(seat, GetAssignments)[-1].task == "")
    told = [(each.task, each.open_only, each.search) for each in sent(seat, GetAssignments)]
    assert told == [
        ("", True, ""),
        ("ta2", True, ""),
        ("ta2", False, ""),
        ("ta2", False, "ann"),
        ("", False, "ann"),
    ]


async def test_training_is_taken_back_with_a_reason(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("1")
    await reads(app, "王丽")
    await pilot.press("space", "space", "space", "w")
    await until(lambda: isinstance(app.screen, WithdrawTrainingForm))
    await pilot.press("enter")
    await until(lambda: app.screen.query_one(FieldFault).display)
    await pilot.press(*"ill", "enter")
    await until(lambda: isinstance(app.screen, CentreSheet))
    assert sent(seat, WithdrawAssignments) == [WithdrawAssignments(0, ("as1", "as2"), "ill")]
    await reads(app, "Taken back: 1.")
    await reads(app, "✓ ticked: 2")


async def test_training_is_offered_and_people_are_asked_back(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("1")
    await reads(app, "王丽")
    await pilot.press("p")
    await reads(app, "Offered between calls: 1.")
    await pilot.press("b")
    await reads(app, "Asked back to the line: 1.")
    await reads(app, "Not in training just now: 1.")
    assert sent(seat, PushTraining) == [PushTraining(0, ("as1",))]
    assert sent(seat, RecallTraining) == [RecallTraining(0, ("1001",))]


async def test_nothing_is_done_to_what_is_completed(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("1")
    await reads(app, "王丽")
    await pilot.press("end", "p")
    await reads(app, "Nothing is done to those that are completed.")
    assert sent(seat, PushTraining) == []


async def test_a_push_that_is_refused_says_why(desk, seat: FakeSeat) -> None:
    app, pilot = desk

    def refuse(_: RelayedRequest) -> AssignmentsDone:
        raise Refused(Code.OWN_ORDER)

    seat.service[PushTraining] = refuse
    await pilot.press("1")
    await reads(app, "王丽")
    await pilot.press("p")
    await reads(app, "That can't be asked of oneself.")


async def test_statistics_are_narrowed(desk, seat: FakeSeat) -> None:
    app, pilot = desk
    await pilot.press("5")
    await reads(app, "11.11 % 00:01:24")
    assert "0 0 0 – 00:00:00" in text_of(app)
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, NarrowForm))
    await pilot.press("right", "tab", *"王", "enter", "space", "enter")
    await pilot.press(*"2026-11-01", "enter", *"2026-11-02", "enter")
    await reads(app, "2026-11-01 – 2026-11-02 · 供应商审核新规 · 1001")
    assert isinstance(app.screen, StatisticsSheet)
    first = round(datetime(2026, 11, 1, tzinfo=ZONE).timestamp() * 1000)
    day = round(timedelta(days=1).total_seconds() * 1000)
    wanted = GetTrainingStatistics(0, first, first + 2 * day, "ta2", ("1001",))
    assert sent(seat, GetTrainingStatistics) == [GetTrainingStatistics(0), wanted]


@pytest.mark.parametrize(("first", "last"), [("soon", ""), ("2026-11-02", "2026-11-01")])
async def test_days_that_are_none_are_refused(desk, seat, first: str, last: str) -> None:
    app, pilot = desk
    await pilot.press("5")
    await reads(app, "11.11 %")
    await pilot.press("n")
    await until(lambda: isinstance(app.screen, NarrowForm))
    app.screen.query_one("#statistics-first", Input).value = first
    app.screen.query_one("#statistics-last", Input).value = last
    app.screen.query_one("#statistics-last").focus()
    await pilot.press("enter")
    await until(lambda: app.screen.query_one(FieldFault).display)
    assert len(sent(seat, GetTrainingStatistics)) == 1


async def test_no_statistics_say_so(terminal, seat: FakeSeat) -> None:
    answer_training(seat)
    seat.service[GetTrainingStatistics] = lambda _: TrainingStatistics(0, ())
    async with signed_in(terminal, seat, SUPERVISOR) as (app, pilot):
        await pilot.press("ctrl+l", "1")
        await until(lambda: isinstance(app.screen, TrainingMenu))
        await pilot.press("5")
        await reads(app, "没有相关数据")


async def test_statistics_are_saved_as_excel(
    desk, seat: FakeSeat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app, pilot = desk
    await pilot.press("5")
    await reads(app, "11.11 %")
    await pilot.press("x")
    await until(lambda: isinstance(app.screen, SaveForm))
    await pilot.press("enter")
    await until(lambda: isinstance(app.screen, StatisticsSheet))
    assert (tmp_path / "training.xlsx").read_bytes() == b"an Excel file"
    last = sent(seat, GetTrainingStatistics)[-1]
    assert (last.file, last.language) == (True, "en")


async def test_without_people_the_form_does_not_open(desk, seat: FakeSeat) -> None:
    app, pilot = desk

    def refuse(_: RelayedRequest) -> Trainees:
        raise Refused(Code.NOT_PERMITTED)

    seat.service[GetTrainees] = refuse
    await pilot.press("2")
    await reads(app, "测试测试1")
    await pilot.press("a")
    await until(lambda: sent(seat, GetTrainees))
    await pilot.pause()
    assert isinstance(app.screen, TasksSheet)


def test_lengths_have_two_figures_each() -> None:
    assert [length(each) for each in (0, 84, 360_000)] == ["00:00:00", "00:01:24", "100:00:00"]
