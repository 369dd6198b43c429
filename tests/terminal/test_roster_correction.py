"""A change that meets a shift that has begun asks for its reason, and goes to another lead."""

from datetime import date

from agent_client.terminal.roster_week import correctable
from agent_client.terminal.screens.roster import RosterSheet
from agent_client.terminal.screens.roster_correction import RosterCorrection
from protocol.facts.correction import PlanInstead
from protocol.rules.exception_decisions import Standing
from protocol.wire.errors import Code, Refused
from protocol.wire.plan_corrections import PlanCorrectionRow, PlanCorrectionStands
from protocol.wire.roster import DraftDay, DraftRoster, ProposePlanCorrection
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.roster_scenes import NEXT, Planner
from tests.terminal.showing import reads, text_of
from tests.terminal.test_roster_grid import asked, open_grid
from tests.terminal.waiting import until

BEGUN = Refused(Code.SHIFT_BEGUN, agent="1001", day="2026-11-23")


def stands(message: ProposePlanCorrection) -> PlanCorrectionStands:
    """As the service answers."""
    days = tuple(PlanInstead(each.agent, each.day, (), ()) for each in message.days)
    row = PlanCorrectionRow("c1", days, message.text, "2001", 1, Standing.SECOND)
    return PlanCorrectionStands(0, row)


async def test_the_reason_is_asked_and_the_correction_proposed_once(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.refuse = BEGUN
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("minus")
        await until(lambda: isinstance(app.screen, RosterCorrection))
        await reads(app, "1001 王丽 · Mon 11-23 09:00–18:00 → off")
        await pilot.press("enter")
        await reads(app, "1000")
        await pilot.press(*"ill", "shift+tab", *"mail 4", "tab", "enter")
        await reads(app, "can't be reached")
        seat.service[ProposePlanCorrection] = stands
        await pilot.press("enter")
        await reads(app, "The correction is proposed.")
        assert isinstance(app.screen, RosterSheet)
        first, second = asked(seat, ProposePlanCorrection)
        assert first == second
        assert first.key
        assert (first.days, first.text) == ((DraftDay("1001", NEXT, "-"),), "ill")
        assert first.evidence == ("mail 4",)


async def test_two_peoples_shifts_are_exchanged_in_one(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.refuse = BEGUN
    async with open_grid(terminal, seat, planner, "zh_CN") as (app, pilot):
        seat.service[ProposePlanCorrection] = stands
        await pilot.press("space", "x")
        await reads(app, "互换限同一天的两个人")
        await pilot.press("down", "down", "space", "x")
        await until(lambda: isinstance(app.screen, RosterCorrection))
        await reads(app, "09:00–18:00 → 13:00–22:00")
        assert "13:00–22:00 → 09:00–18:00" in text_of(app)
        await pilot.press(*"swap", "enter")
        await reads(app, "更正已提交")
        (sent,) = asked(seat, ProposePlanCorrection)
        early, late = (planner.published[number, NEXT].segments for number in ("1001", "1003"))
        assert sent.days == (
            DraftDay("1001", NEXT, segments=late),
            DraftDay("1003", NEXT, segments=early),
        )


async def test_what_has_not_begun_is_drafted_as_exchanged(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("space", "down", "down", "space", "x")
        await until(lambda: app.screen.week.drafts == 2)
        early, late = (planner.published[number, NEXT].segments for number in ("1001", "1003"))
        assert planner.drafts["1001", NEXT].segments == late
        assert planner.drafts["1003", NEXT].segments == early


def test_a_rotation_and_a_dropped_draft_are_no_corrections() -> None:
    day = date(2026, 11, 23)
    assert correctable(DraftRoster(0, (DraftDay("1001", day, "-"),)))
    assert not correctable(DraftRoster(0, (DraftDay("1001", day),)))
    assert not correctable(DraftRoster(0, (), "shifts", ("1001",), day, day))
