"""Edits that the service did not keep: all are told, and no dialog comes between what is typed."""

from datetime import timedelta

import pytest

from agent_client.terminal.roster_edit import (
    Edit,
    Unkept,
    left_after_correction,
    left_after_edit,
)
from agent_client.terminal.roster_week import Week
from agent_client.terminal.screens.roster import RosterSheet
from agent_client.terminal.screens.roster_correction import RosterCorrection
from agent_client.terminal.screens.roster_unkept import UnkeptEdits
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import DraftDay, DraftRoster, ProposedDay, ProposePlanCorrection
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import LATE_SHIFT, at, shift
from tests.terminal.roster_scenes import NEXT, Planner
from tests.terminal.showing import painted, reads, text_of
from tests.terminal.test_roster_correction import BEGUN, stands
from tests.terminal.test_roster_grid import asked, open_grid
from tests.terminal.waiting import until

UNKNOWN = Refused(Code.UNKNOWN_AGENT, agent="1001")


def edit(*days: DraftDay, **changes: object) -> Edit:
    return Edit(Week(NEXT), DraftRoster(0, days, **changes), 0)


def off(agent: str, days_on: int = 0) -> DraftDay:
    return DraftDay(agent, NEXT + timedelta(days=days_on), "-")


async def test_what_is_typed_meanwhile_is_not_taken_for_the_reason(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.refuse = BEGUN
    async with open_grid(terminal, seat, planner) as (app, pilot):
        seat.late = []
        await pilot.press("minus", "down")
        seat.answer_late()
        await reads(app, "a shift has begun: 1001 王丽 · Mon 11-23. Press n")
        await reads(app, "not kept: 1 (n)")
        assert isinstance(app.screen, RosterSheet)
        assert app.screen.selection.cursor == ("1002", NEXT)
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, UnkeptEdits))
        await reads(app, "1001 王丽 · Mon 11-23 09:00–18:00 → off")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, RosterCorrection))
        seat.service[ProposePlanCorrection] = stands
        await pilot.press(*"ill", "enter")
        await reads(app, "The correction is proposed.")
        await until(lambda: not app.screen.unkept)
        assert "(n)" not in text_of(app)
        assert [each.days for each in asked(seat, ProposePlanCorrection)] == [(off("1001"),)]


@pytest.mark.parametrize(
    ("language", "told", "whose"),
    [
        (
            "en",
            "Edits not kept: 3. Press n for all of them, and why. The first: 1001 王丽 · Mon",
            "1003 李建国 · Mon 11-23",
        ),
        (
            "zh_CN",
            "有 3 处修改未保存，按 n 查看全部及原因。第一处：1001 王丽 · 周一 11-23。",
            "1003 李建国 · 周一 11-23",
        ),
    ],
)
async def test_of_several_all_are_told(
    terminal, seat: FakeSeat, language: str, told: str, whose: str
) -> None:
    planner = Planner()
    planner.refuse = BEGUN
    async with open_grid(terminal, seat, planner, language) as (app, pilot):
        seat.late = []
        await pilot.press("minus", "down", "minus", "down", "minus")
        seat.answer_late()
        await reads(app, told)
        assert isinstance(app.screen, RosterSheet)
        await pilot.press("n", "down", "down")
        await reads(app, whose)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, RosterCorrection))
        await reads(app, whose)


async def test_more_days_than_a_correction_holds_are_refused_with_its_limit(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.refuse = BEGUN
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press(*["shift+down"] * 4, "minus")
        await reads(app, "A correction holds at most 4")
        await reads(app, "this edit has 5")
        assert isinstance(app.screen, RosterSheet)
        await pilot.press("n")
        await reads(app, "days: 5, people: 5")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, RosterSheet))
        assert app.screen.selection.cursor == ("1001", NEXT)
        assert not app.screen.selection.ticked


async def test_what_is_kept_at_last_is_told_no_longer(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.refuse = UNKNOWN
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("n")
        await reads(app, "All edits were kept.")
        await pilot.press("minus")
        await reads(app, "not kept: 1 (n)")
        planner.refuse = None
        await pilot.press("minus")
        await until(lambda: app.screen.week.drafts == 1)
        assert app.screen.unkept == []


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        (
            "en",
            "? undecided: 1",
            "? Undecided correction by 2001: 09:00–18:00 → 13:00–22:00",
        ),
        ("zh_CN", "? 更正待批 1 天", "? 2001 提交的更正待批：09:00–18:00 → 13:00–22:00"),
    ],
)
async def test_a_day_whose_correction_is_undecided_is_marked(
    terminal, seat: FakeSeat, language: str, title: str, detail: str
) -> None:
    planner = Planner()
    late = shift(*LATE_SHIFT, day=NEXT)
    planner.proposed = (ProposedDay("c1", "1001", NEXT, "2001", at("18:00"), late),)
    async with open_grid(terminal, seat, planner, language) as (app, pilot):
        await reads(app, title)
        await reads(app, detail)
        lines = ["".join(each.text for each in strip) for strip in painted(app)]
        row = next(line for line in lines if line.startswith(" 1001"))
        assert row.count("?") == 1
        await pilot.press("right")
        await until(lambda: detail not in text_of(app))


def test_a_rotation_is_about_every_day_of_its_people() -> None:
    last = NEXT + timedelta(days=1)
    filled = edit(rotation="shifts", agents=("1001", "1002"), first_day=NEXT, last_day=last)
    assert filled.places() == {
        ("1001", NEXT),
        ("1001", last),
        ("1002", NEXT),
        ("1002", last),
    }


def test_another_edit_takes_the_place_of_one_only_of_all_its_days() -> None:
    both = Unkept(edit(off("1001"), off("1002")), BEGUN)
    assert left_after_edit([both], edit(off("1001"))) == [both]
    assert left_after_edit([both], edit(off("1001"), off("1002"), off("1003"))) == []


def test_a_correction_may_leave_out_days_that_it_would_not_change() -> None:
    both = Unkept(edit(off("1001"), off("1002")), BEGUN)
    other = Unkept(edit(off("1001", 1)), BEGUN)
    never = Unkept(edit(off("1001")), UNKNOWN)
    corrected = frozenset({("1001", NEXT)})
    assert left_after_correction([both, other, never], corrected) == [other, never]
