"""The week grid: every edit goes to the service at once, and the cells show what is stored."""

from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
from textual.widgets import Input

from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.roster import RosterSheet
from agent_client.terminal.screens.roster_findings import RosterFindings
from agent_client.terminal.screens.roster_pattern import PatternChooser
from agent_client.terminal.screens.roster_publish import PublishDialog
from agent_client.terminal.screens.roster_rotation import RotationFill
from agent_client.terminal.screens.roster_team import TeamChooser
from agent_client.terminal.screens.roster_times import RosterTimes
from protocol.facts.agent import State
from protocol.facts.shift import Activity
from protocol.wire import desk_call
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import (
    CheckRoster,
    DraftDay,
    DraftRoster,
    GetRoster,
    PublishRoster,
    Requirement,
)
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.plan_scenes import shift
from tests.terminal.roster_scenes import (
    MONDAY,
    NEXT,
    PEOPLE,
    REFUSED,
    WARNINGS,
    Planner,
    on_floor,
    planned,
)
from tests.terminal.showing import reads, text_of
from tests.terminal.test_hostile_text import HOSTILE
from tests.terminal.waiting import until


def asked(seat: FakeSeat, kind: type):
    """What was asked of the service, of one kind."""
    return [each for each in seat.asked_service() if isinstance(each, kind)]


@asynccontextmanager
async def open_grid(terminal, seat: FakeSeat, planner: Planner, language: str = "en"):
    """The grid of the week to come."""
    planner.serve(seat)
    async with on_floor(terminal, seat, language) as (app, pilot):
        await pilot.press("v")
        await until(lambda: isinstance(app.screen, RosterSheet) and app.screen.checked)
        await pilot.press("right_square_bracket", "home")
        await until(lambda: app.screen.week.monday == NEXT and app.screen.checked)
        yield app, pilot


async def opened(app, pilot, key: str, kind: type):
    """A key's question."""
    await pilot.press(key)
    await until(lambda: isinstance(app.screen, kind))
    await pilot.pause()
    return app.screen


async def test_the_grid_begins_with_this_week_of_the_team_under_the_cursor(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.serve(seat)
    async with on_floor(terminal, seat) as (app, pilot):
        await pilot.press("down", "down", "v")
        await until(lambda: asked(seat, CheckRoster))
        team = app._page.row_at_cursor().team
        sunday = MONDAY + timedelta(days=6)
        first = GetRoster(0, MONDAY, sunday, team)
        assert asked(seat, GetRoster) == [first]
        assert asked(seat, CheckRoster) == [CheckRoster(0, MONDAY, sunday, team)]


async def test_a_pattern_found_by_typing_is_drafted_at_once(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("down", "right")
        await opened(app, pilot, "enter", PatternChooser)
        await pilot.press(*"lat", "enter")
        place = ("1002", NEXT + timedelta(days=1))
        await until(lambda: place in planner.drafts and app.screen.week.is_draft(place))
        assert asked(seat, DraftRoster) == [DraftRoster(0, (DraftDay(*place, "late"),))]
        assert "Draft, not published yet. Published: 09:00–18:00" in text_of(app)
        assert "drafts: 1" in text_of(app)


async def test_many_cells_at_once_become_days_off_and_undo_drops_the_drafts(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("shift+down", "shift+right", "minus")
        await until(lambda: app.screen.week.drafts == 4)
        assert {each.pattern for each in asked(seat, DraftRoster)[0].days} == {"-"}
        await pilot.press("u")
        await until(lambda: app.screen.week.drafts == 0)
        assert planner.drafts == {}
        await pilot.press("escape")
        assert isinstance(app.screen, RosterSheet)
        await pilot.press("escape")
        assert isinstance(app.screen, FloorScreen)


async def test_a_refused_edit_is_told_and_the_cell_shows_what_is_stored(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.refuse = Refused(Code.UNKNOWN_AGENT, agent="1001")
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("minus")
        await reads(app, "Not kept: ")
        assert "The cells show what is stored." in text_of(app)
        assert app.screen.week.drafts == 0
        planner.refuse = None
        await pilot.press("minus")
        await until(lambda: app.screen.week.is_draft(("1001", NEXT)))


async def test_edits_go_one_after_another_also_when_the_grid_is_left(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    async with open_grid(terminal, seat, planner) as (_, pilot):
        await pilot.press("minus", "down", "minus", "down", "minus", "escape")
        await until(lambda: len(planner.drafts) == 3)
        assert [each.days[0].agent for each in asked(seat, DraftRoster)] == ["1001", "1002", "1003"]


async def test_times_are_edited_in_rows(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    async with open_grid(terminal, seat, planner) as (app, pilot):
        dialog = await opened(app, pilot, "e", RosterTimes)
        await pilot.press("tab", "ctrl+u", *"1730")
        for _ in range(4):
            await pilot.press("down")
        await pilot.press("ctrl+u", *"16:00", "shift+tab", "ctrl+u", *"15:50", "enter")
        await until(lambda: ("1001", NEXT) in planner.drafts)
        assert not dialog.is_attached
        assert planner.drafts["1001", NEXT].segments == shift(
            "09:00-10:30 WORK",
            "10:30-10:45 BREAK",
            "10:45-12:00 WORK",
            "12:00-13:00 MEAL",
            "13:00-15:30 WORK",
            "15:30-15:45 BREAK",
            "15:45-15:50 WORK",
            "15:50-16:00 TRAINING",
            "16:00-17:30 WORK",
            day=NEXT,
        )


async def test_a_row_that_is_none_is_named_and_nothing_is_sent(terminal, seat: FakeSeat) -> None:
    async with open_grid(terminal, seat, Planner()) as (app, pilot):
        dialog = await opened(app, pilot, "e", RosterTimes)
        await pilot.press("down", "ctrl+u", *"9x", "enter")
        await reads(app, "Row 2, start: write a time as 09:30.")
        assert dialog.focused is dialog.query(".start")[1]
        assert asked(seat, DraftRoster) == []
        await pilot.press("ctrl+l")
        await reads(app, "第 2 行开始：请按 09:30 填写时间。")


async def test_an_activity_is_turned_by_arrows(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await pilot.press("down", "down", "down")
        await opened(app, pilot, "e", RosterTimes)
        await pilot.press(*"0900", "tab", *"1200", "tab", "left", "left", "right", "enter")
        await until(lambda: ("1004", NEXT) in planner.drafts)
        (only,) = planner.drafts["1004", NEXT].segments
        assert only.activity is Activity.ONLINE


async def test_a_rotation_fills_the_ticked_people(terminal, seat: FakeSeat) -> None:
    async with open_grid(terminal, seat, Planner()) as (app, pilot):
        await pilot.press("shift+down", "shift+down")
        await opened(app, pilot, "r", RotationFill)
        await pilot.press("down", "enter", "tab", "ctrl+u", *"12-31x", "enter")
        await reads(app, "Last day: write a day as 2026-11-23 or 11-23.")
        await pilot.press("backspace", "enter")
        await until(lambda: asked(seat, DraftRoster))
        assert asked(seat, DraftRoster) == [
            DraftRoster(
                0, (), "shifts", ("1001", "1002", "1003"), NEXT, NEXT.replace(month=12, day=31)
            )
        ]


async def test_a_check_leads_to_the_cell(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.findings = (REFUSED, *WARNINGS)
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "c", RosterFindings)
        assert "Can't be published: 1" in text_of(app)
        await pilot.press("down", "enter")
        await until(lambda: isinstance(app.screen, RosterSheet))
        assert app.screen.selection.cursor == ("1002", NEXT + timedelta(days=5))
        assert "Days in a row: 7 days, at most 6 days" in text_of(app)


async def test_a_finding_of_another_week_opens_that_week(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    away = msgspec.structs.replace(WARNINGS[0], day=NEXT + timedelta(days=9))
    planner.findings = (away,)
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "c", RosterFindings)
        await pilot.press("enter")
        await until(lambda: app.screen.week.monday == NEXT + timedelta(days=7))
        assert app.screen.selection.cursor == ("1002", away.day)


async def test_warnings_are_accepted_by_name_and_then_it_is_published(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.findings = WARNINGS
    planner.drafts["1005", NEXT] = planned("1005", NEXT, "late")
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "p", PublishDialog)
        await reads(app, "Days that will change: 1, of people: 1.")
        await pilot.press("enter")
        await reads(app, "Warnings that nobody has accepted: 3.")
        await pilot.press("shift+tab", "space")
        await pilot.press("tab", *"more hands", "enter")
        await reads(app, "Warnings that nobody has accepted: 2.")
        assert asked(seat, PublishRoster) == []
        await pilot.press("shift+tab", "a", "enter", "enter")
        await reads(app, "Published as revision 5, days changed: 1.")
        (sent,) = asked(seat, PublishRoster)
        assert sent.key
        assert (sent.first_day, sent.last_day) == (NEXT, NEXT + timedelta(days=6))
        assert (sent.note, set(sent.accepted)) == ("more hands", {each.name() for each in WARNINGS})
        await until(lambda: isinstance(app.screen, RosterSheet) and not app.screen.week.drafts)


async def test_what_breaks_the_rules_can_not_be_accepted(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.findings = (REFUSED,)
    planner.drafts["1005", NEXT] = planned("1005", NEXT, "late")
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "p", PublishDialog)
        await reads(app, "Can't be published: 1")
        await pilot.press("shift+tab", "space")
        await reads(app, "This can't be accepted: it breaks the rules of work and rest.")
        await pilot.press("a", "enter", "enter")
        await reads(app, "the draft is kept")
        assert asked(seat, PublishRoster) == []


async def test_other_days_are_looked_at_before_they_are_published(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.drafts["1005", NEXT] = planned("1005", NEXT, "late")
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "p", PublishDialog)
        await reads(app, "Days that will change")
        app.screen.query_one("#last", Input).focus()
        await pilot.press("ctrl+u", *"12-06", "enter")
        wanted = NEXT + timedelta(days=13)
        await until(lambda: asked(seat, CheckRoster)[-1].last_day == wanted)
        await reads(app, "Days that will change")
        app.screen.query_one("#note", Input).focus()
        await pilot.press("enter")
        await until(lambda: asked(seat, PublishRoster))
        assert asked(seat, PublishRoster)[0].last_day == wanted


async def test_a_refused_publication_keeps_the_question_and_looks_again(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.drafts["1005", NEXT] = planned("1005", NEXT, "late")
    async with open_grid(terminal, seat, planner) as (app, pilot):

        def refuse(_: PublishRoster):
            planner.findings = WARNINGS
            raise Refused(
                Code.ROSTER_WARNINGS, count=3, code="HOLIDAY", agent="1004", day="2026-11-26"
            )

        seat.service[PublishRoster] = refuse
        await opened(app, pilot, "p", PublishDialog)
        await reads(app, "Days that will change")
        await pilot.press(*"note", "enter")
        await reads(app, "The roster has 3 warnings that nobody has accepted")
        await reads(app, "Warnings: 3")
        assert app.screen.query_one("#note", Input).value == "note"
        seat.service[PublishRoster] = planner.publish
        await pilot.press("shift+tab", "a", "enter", "enter")
        await reads(app, "Published as revision 5")
        first, second = asked(seat, PublishRoster)
        assert first.key != second.key


async def test_what_somebody_else_changed_is_looked_at_before_it_is_published(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.drafts["1005", NEXT] = planned("1005", NEXT, "late")
    async with open_grid(terminal, seat, planner) as (app, pilot):

        def refuse(_: PublishRoster):
            planner.digest = "d2"
            planner.drafts["1004", NEXT] = planned("1004", NEXT, "day")
            raise Refused(Code.DIGEST_DIFFERS)

        seat.service[PublishRoster] = refuse
        await opened(app, pilot, "p", PublishDialog)
        await reads(app, "Days that will change: 1")
        await pilot.press("enter")
        await reads(app, "It has changed since you looked at it")
        await reads(app, "Days that will change: 2")
        seat.service[PublishRoster] = planner.publish
        await pilot.press("enter")
        await reads(app, "Published as revision 5")
        first, second = asked(seat, PublishRoster)
        assert (first.digest, second.digest) == ("d1", "d2")
        assert first.key != second.key


async def test_the_same_publication_sent_again_has_the_same_key(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.drafts["1005", NEXT] = planned("1005", NEXT, "late")
    async with open_grid(terminal, seat, planner) as (app, pilot):
        del seat.service[PublishRoster]
        await opened(app, pilot, "p", PublishDialog)
        await reads(app, "Days that will change")
        await pilot.press("enter")
        await reads(app, "can't be reached")
        await pilot.press("enter")
        await until(lambda: len(asked(seat, PublishRoster)) == 2)
        first, second = asked(seat, PublishRoster)
        assert first == second


async def test_without_patterns_the_operators_step_is_said(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.patterns, planner.rotations = (), ()
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "enter", PatternChooser)
        assert "The operator adds [[patterns]]" in text_of(app)
        await pilot.press("enter")
        await until(lambda: ("1001", NEXT) in planner.drafts)
        await opened(app, pilot, "r", RotationFill)
        await reads(app, "No rotations are configured. The operator")
        await pilot.press("tab", "enter")
        assert isinstance(app.screen, RotationFill)


async def test_another_team_is_shown(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.people = (*PEOPLE, Person("2009", "Eve", (Role.AGENT,), "Night shift"))
    async with open_grid(terminal, seat, planner) as (app, pilot):
        await opened(app, pilot, "g", TeamChooser)
        await pilot.press("down", "enter")
        await until(lambda: app.screen.week.agents == ("2009",))
        assert app.screen.team == "Night shift"
        assert app.screen.week.monday == NEXT


async def test_a_team_of_nobody_and_a_service_that_is_away_are_said(
    terminal, seat: FakeSeat
) -> None:
    planner = Planner()
    planner.people = ()
    planner.serve(seat)
    async with on_floor(terminal, seat) as (app, pilot):
        await pilot.press("v")
        await reads(app, "Nobody is in this team today.")
        seat.service.clear()
        await pilot.press("right_square_bracket")
        await reads(app, "can't be reached")
        await pilot.press("enter", "minus")
        await reads(app, "Asking for the roster")


async def test_a_call_is_answered_from_the_grid(terminal, seat: FakeSeat) -> None:
    async with open_grid(terminal, seat, Planner()) as (app, pilot):
        seat.tell(state=State.RINGING, call=call(CallState.RINGING))
        await reads(app, "F2 Answer")
        await pilot.press("f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        assert isinstance(app.screen, RosterSheet)


async def test_the_cell_under_the_mouse(terminal, seat: FakeSeat) -> None:
    async with open_grid(terminal, seat, Planner()) as (app, pilot):
        await pilot.click("RosterGrid", offset=(30, 2))
        assert app.screen.selection.cursor == ("1003", NEXT + timedelta(days=1))


async def test_who_leads_nobody_is_not_offered_it(terminal, seat: FakeSeat) -> None:
    async with on_floor(terminal, seat, role=Role.AGENT) as (app, pilot):
        await pilot.press("v", "b")
        await pilot.pause()
        assert isinstance(app.screen, FloorScreen)


async def test_what_people_wrote_is_text(terminal, seat: FakeSeat) -> None:
    planner = Planner()
    planner.findings = WARNINGS
    async with open_grid(terminal, seat, planner) as (app, pilot):
        for text in HOSTILE:
            planner.people = (Person("1001", text, (Role.AGENT,), text), *PEOPLE[1:])
            planner.patterns = (
                msgspec.structs.replace(planner.patterns[0], labels={"en": text}),
                msgspec.structs.replace(planner.patterns[1], name=text),
            )
            planner.required = (Requirement("09:00", 1, text),)
            await pilot.press("right_square_bracket", "left_square_bracket", "enter", "escape")
            await pilot.pause()
            assert "\x1b" not in text_of(app)
        assert isinstance(app.screen, RosterSheet)
