"""The own month: the figures that a lead's report has, of oneself alone, at the own desk."""

from datetime import date

from textual.widgets import Input

from agent_client.terminal.screens.report import OwnReportSheet
from agent_client.terminal.widgets.pick import Pick
from protocol.wire.errors import Code, Refused
from protocol.wire.report import GetReport, Report
from tests.terminal.requests_scenes import MONTHLY
from tests.terminal.sheets import AGENT, LEADER, sent, signed_in
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


async def test_an_agent_reads_the_own_month_as_a_lead_does(terminal, seat) -> None:
    async with signed_in(terminal, seat, AGENT) as (app, pilot):
        await pilot.press("m")
        await reads(app, "96.85")
        assert "My month Adherence 2026-11" in " ".join(text_of(app).split())
        assert sent(seat, GetReport) == [GetReport(0, "adherence", FIRST, LAST, agent="1001")]
        await pilot.press("comma")
        await until(lambda: len(sent(seat, GetReport)) == 2)
    october = GetReport(0, "adherence", date(2026, 10, 1), date(2026, 10, 31), agent="1001")
    assert sent(seat, GetReport)[1] == october


async def test_another_figure_is_still_of_oneself(terminal, seat) -> None:
    async with signed_in(terminal, seat, AGENT) as (app, pilot):
        await pilot.press("m")
        await reads(app, "96.85")
        await pilot.press("n")
        await until(lambda: bool(app.screen.query("#report")))
        kinds = app.screen.query_one("#report", Pick)
        others = [app.screen.query_one(f"#entry-{name}") for name in ("team", "agent")]
        await until(lambda: not any(each.display for each in others))
        await pilot.press("left", "enter")
        await until(lambda: len(sent(seat, GetReport)) == 2)
    assert kinds.value == "agent_exceptions"
    assert sent(seat, GetReport)[1] == GetReport(0, "agent_exceptions", FIRST, LAST, agent="1001")


async def test_keys_about_others_do_nothing_and_are_not_offered(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER) as (app, pilot):
        await pilot.press("m")
        await reads(app, "x Excel")
        assert "g By team" not in text_of(app)
        assert "m Attendance month" not in text_of(app)
        await pilot.press("g", "m")
        assert isinstance(app.screen, OwnReportSheet)
    assert [(each.agent, each.by_team) for each in sent(seat, GetReport)] == [("2001", False)]


async def test_without_the_service_it_says_so(terminal, seat) -> None:
    def refuse(_: object) -> Report:
        raise Refused(Code.SERVICE_UNREACHABLE, server="10.0.0.1:7000")

    seat.status = AGENT
    seat.service[GetReport] = refuse
    async with opened(app := terminal()) as pilot:
        await pilot.press("m")
        await reads(app, "can't be reached")


async def test_keys_of_a_report_are_offered_where_they_do_something(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        await reads(app, "g By team")
        assert "v By month" not in text_of(app)
        seat.service[GetReport] = lambda _: MONTHLY
        await pilot.press("comma")
        await reads(app, "v By month")
        await pilot.press("n", "left", "enter")
        await until(lambda: sent(seat, GetReport)[-1].name == "adjustments")
        await until(lambda: "g By team" not in text_of(app))
        assert not app.screen.query(Input)
