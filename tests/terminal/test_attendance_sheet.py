"""The month of attendance: its sums, a person's days, evidence, substitutes, signature, lock."""

from datetime import date

import msgspec
from textual.pilot import Pilot
from textual.widgets import Input

from agent_client.terminal.attendance_month import figures, people
from agent_client.terminal.screens.attendance import AttendanceSheet
from agent_client.terminal.screens.attendance_days import DaysSheet
from protocol.wire import attendance
from protocol.wire.attendance import (
    AttendanceRecorded,
    GetAttendance,
    LockMonth,
    NameSubstitute,
    RecordPresence,
    SignMonth,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedRequest
from protocol.wire.session import Role
from tests.terminal.requests_scenes import ATTENDANCE, answer, attended, ms
from tests.terminal.sheets import LEADER, SUPERVISOR, sent, signed_in
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


async def open_month(pilot: Pilot[None]) -> None:
    """The month of attendance, by way of the reports."""
    await pilot.press("u")
    await reads(pilot.app, "Adherence")
    await pilot.press("m")
    await reads(pilot.app, "Signed by 2001")


def test_a_persons_month_is_counted_by_what_its_days_were() -> None:
    first, second, third = people(ATTENDANCE.rows)
    assert [each.agent for each in (first, second, third)] == ["1001", "1002", "1003"]
    counted = dict.fromkeys(figures(first), 0)
    assert figures(first) == counted | {"shifts": 4, "normal": 2, "late": 1, "leave": 1}
    assert figures(second) == counted | {"shifts": 2, "normal": 1, "half_day": 1, "open": 1}
    assert (first.overtime_s, third.overtime_s) == (5400, 0)


async def test_signed_by_whom_and_changed_since_are_said(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        assert "Changed since it was signed" in text_of(app)
        assert "Remark: 1002 was ill for two days" in text_of(app)
        same = msgspec.structs.replace(ATTENDANCE, signed_digest="d2", locked=True)
        seat.service[GetAttendance] = lambda _: same
        await pilot.press("comma")
        await reads(app, "locked: final")
        assert "Changed since it was signed" not in text_of(app)
    months = [each.month for each in seat.asked_service() if isinstance(each, GetAttendance)]
    assert months == ["2026-11", "2026-10"]


async def test_signing_asks_once_and_signs_what_is_shown(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("s")
        await reads(app, "You say that these days are as shown")
        assert not sent(seat, SignMonth)
        await pilot.press("escape", "s", *"all well", "enter")
        await until(lambda: sent(seat, SignMonth))
        await until(lambda: len(sent(seat, GetAttendance)) == 2)
    assert sent(seat, SignMonth) == [SignMonth(0, "2026-11", "A", "d2", "all well")]


async def test_a_signature_that_is_refused_says_why(terminal, seat) -> None:
    seat.status = LEADER
    answer(seat)

    def refuse(_: RelayedRequest) -> AttendanceRecorded:
        raise Refused(Code.OPEN_DAYS, count=1, month="2026-11", agent="1002", day="2026-11-04")

    seat.service[SignMonth] = refuse
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await open_month(pilot)
        await pilot.press("s", "enter")
        await reads(app, "days of 2026-11 are not settled")


async def test_a_leader_does_not_lock_and_a_supervisor_reads_what_will_be_final(
    terminal, seat
) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("l")
        await reads(app, "A supervisor or manager locks the month")
        seat.tell(roles=(Role.SUPERVISOR,))
        await pilot.pause()
        await pilot.press("l")
        await reads(app, "become final")
        await pilot.press("enter")
        await until(lambda: sent(seat, LockMonth))
    assert sent(seat, LockMonth) == [LockMonth(0, "2026-11")]


async def test_evidence_of_presence_takes_the_place_of_the_machine(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, DaysSheet))
        await reads(app, "12 min late")
        await pilot.press("down", "p", "enter", "enter", "enter", "enter")
        await reads(app, "Words are needed here")
        app.screen.query_one("#left", Input).value = ""
        await pilot.press(*"saw her", "enter")
        await until(lambda: sent(seat, RecordPresence))
        await until(lambda: isinstance(app.screen, DaysSheet))
    day = date(2026, 11, 3)
    assert sent(seat, RecordPresence) == [
        RecordPresence(0, "1001", day, ms(day, 9), None, "saw her")
    ]


async def test_a_time_that_is_still_to_come_does_not_suggest_itself(terminal, seat) -> None:
    row = attended("1001", 22, "LATE")
    seat.status = LEADER
    answer(seat)
    seat.service[GetAttendance] = lambda _: msgspec.structs.replace(ATTENDANCE, rows=(row,))
    async with opened(app := terminal(supervisor=True)) as pilot:
        await open_month(pilot)
        await pilot.press("enter", "p")
        await until(lambda: app.screen.query("#arrived"))
        suggested = [app.screen.query_one(name, Input).value for name in ("#arrived", "#left")]
    assert suggested == ["09:00", ""]


async def test_somebody_else_is_seen_in_a_shift_and_named_then(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("enter", "down", "p")
        await reads(app, "1001 on")
        app.screen.query_one("#seen", Input).value = "1003"
        await reads(app, "1003, in the shift of 1001 on")
        app.screen.query_one("#text", Input).focus()
        await pilot.press(*"was there", "enter")
        await until(lambda: sent(seat, RecordPresence))
    (seen,) = sent(seat, RecordPresence)
    assert (seen.agent, seen.for_agent) == ("1003", "1001")


async def test_a_time_that_is_none_is_refused(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("enter", "p")
        await until(lambda: app.screen.query("#arrived"))
        app.screen.query_one("#arrived", Input).value = "early"
        app.screen.query_one("#text", Input).focus()
        await pilot.press(*"saw her", "enter")
        await reads(app, "From early to 18:00 is no time")
    assert not sent(seat, RecordPresence)


async def test_a_substitute_is_named_and_taken_back(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("down", "enter")
        await until(lambda: isinstance(app.screen, DaysSheet))
        await pilot.press("down", "u")
        await reads(app, "1003 worked the shift of 1002 on Tue 11-03")
        app.screen.query_one("#substitute", Input).value = ""
        await reads(app, "nobody stood in")
        await pilot.press("tab", *"mistake", "enter")
        await until(lambda: sent(seat, NameSubstitute))
    assert sent(seat, NameSubstitute) == [
        NameSubstitute(0, "1002", date(2026, 11, 3), "", "mistake")
    ]


async def test_what_is_said_of_a_shift_that_somebody_stood_in_for_is_of_that_shift(
    terminal, seat
) -> None:
    stood_in = attended("1002", 3, "LATE", for_agent="1003", named_by="2001", because="ill")
    seat.status = LEADER
    answer(seat)
    seat.service[GetAttendance] = lambda _: msgspec.structs.replace(ATTENDANCE, rows=(stood_in,))
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await open_month(pilot)
        await pilot.press("enter")
        await reads(app, "On the word of 2001")
        await pilot.press("p")
        await until(lambda: app.screen.query("#arrived"))
        app.screen.query_one("#text", Input).focus()
        await pilot.press(*"saw", "enter")
        await until(lambda: sent(seat, RecordPresence))
        await until(lambda: isinstance(app.screen, DaysSheet))
        await pilot.press("u")
        await reads(app, "1002 worked the shift of 1003")
        await pilot.press("tab", *"so", "enter")
        await until(lambda: sent(seat, NameSubstitute))
    (seen,) = sent(seat, RecordPresence)
    assert (seen.agent, seen.for_agent) == ("1002", "1003")
    assert sent(seat, NameSubstitute) == [
        NameSubstitute(0, "1003", date(2026, 11, 3), "1002", "so")
    ]


async def test_another_team_is_asked_for_by_name(terminal, seat) -> None:
    async with signed_in(terminal, seat, SUPERVISOR, supervisor=True) as (app, pilot):
        await open_month(pilot)
        await pilot.press("t", *"Night", "enter")
        await until(lambda: len(sent(seat, GetAttendance)) == 2)
        await until(lambda: isinstance(app.screen, AttendanceSheet))
    assert sent(seat, GetAttendance)[1] == GetAttendance(0, "2026-11", "Night")


async def test_a_month_without_shifts_says_what_to_do(terminal, seat) -> None:
    seat.status = LEADER
    answer(seat)
    empty = attendance.AttendanceMonth(0, "2026-11", "A", (), {}, "d")
    seat.service[GetAttendance] = lambda _: empty
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("u")
        await reads(app, "Adherence")
        await pilot.press("m")
        await reads(app, "Nobody has a shift in this month")
        await pilot.press("enter", "s")
        await reads(app, "0 people")
