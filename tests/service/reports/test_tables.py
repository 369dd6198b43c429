"""Statistics over business dates: the same figures in every format, and nothing of nothing."""

import base64
import io
import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from agent_service.attendance.month import Wanted
from agent_service.commands.database import init
from agent_service.reports import handlers
from agent_service.reports.asked import Asked
from agent_service.reports.making import REPORTS, make
from agent_service.sheets import workbook
from protocol.facts.agent import State
from protocol.facts.attendance import MonthLocked
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.request import Account, HoursBooked
from protocol.facts.session import LinkLost
from protocol.facts.shift import PlanCause
from protocol.i18n import LANGUAGES, load
from protocol.wire.errors import Refused
from protocol.wire.report import GetReport, Report
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.operator import Operator
from tests.service.reports.scene import ALL, APRIL, DAY, NEXT, TRAINING, play, propose, report, rows
from tests.service.shifts import NINE_TO_SIX, Shifts, at, enters, shifts_in


def test_adherence_is_weighted_and_leaves_out_what_is_provisional(floor: Shifts) -> None:
    table = report(floor, "adherence", Wanted(team="A"))
    first, second, total = rows(table)
    assert (first["agent"], first["days"], first["out_s"]) == ("1001", 1, 4_200)
    assert (first["adherence"], first["target_met"]) == (87.04, "no")
    assert (second["days"], second["provisional_days"], second["unknown_s"]) == (1, 1, 3_600)
    assert (second["adherence"], second["target_met"]) == (100.0, "yes")
    assert total["adherence"] == 93.52
    assert (first["adherence_low"], first["adherence_high"]) == (87.04, 87.04)
    assert (second["adherence_low"], second["adherence_high"]) == (88.89, 94.44)
    assert (second["raw"], total["raw"]) == (100.0, 93.52)
    assert total["in_s"] == 2 * 32_400 - 4_200
    assert table.provisional
    assert len(table.rule_versions) == 1


def test_without_anything_planned_there_is_no_share(floor: Shifts) -> None:
    first, total = rows(report(floor, "adherence", Wanted(team="B")))
    assert (first["adherence"], first["target_met"], total["adherence"]) == (None, None, None)
    assert (first["days"], first["scheduled_s"]) == (1, 0)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_nobody_is_empty(floor: Shifts, name: str) -> None:
    table = report(floor, name, Wanted(team="Z"))
    assert (table.rows, table.provisional) == ((), False)
    percents = [each for each in table.columns if each.kind == "percent"]
    assert all(rows(table)[-1][each.name] is None for each in percents)


def test_conformance_tells_of_work_done(floor: Shifts) -> None:
    first, _, _ = rows(report(floor, "conformance", Wanted(team="A")))
    assert first["scheduled_work_s"] == 8 * 3_600
    assert first["actual_work_s"] == 8 * 3_600 - 4_200
    assert first["conformance"] == 85.42
    assert (first["conformance_low"], first["conformance_high"]) == (85.42, 85.42)


def test_conformance_with_unknown_time_is_a_range_beside_the_settled_days(floor: Shifts) -> None:
    second = rows(report(floor, "conformance", Wanted(agent="1002")))[0]
    assert (second["conformance"], second["provisional_days"]) == (106.25, 1)
    # Of two days of 8 h: half an hour more, and an hour of which nobody knows.
    assert (second["conformance_low"], second["conformance_high"]) == (103.13, 109.38)


def test_work_without_a_rest_is_the_organisations_breach(floor: Shifts) -> None:
    evening = DAY + timedelta(days=7)
    floor.now_ms = at("19:00", evening)
    floor.begin("1003", "long")
    told = [
        (at("19:00", evening), enters(State.READY)),
        (at("27:00", evening), enters(State.LOGGED_OFF)),
    ]
    floor.tell("long", told)
    floor.plan("1003", (), evening)
    floor.now_ms = at("40:00", evening)
    found = rows(report(floor, "fatigue", Wanted(team="B"), evening + timedelta(days=1)))
    breach, total = found
    assert (breach["day"], breach["agent"], breach["team"]) == ("2025-03-11", "1003", "B")
    assert breach["run_began"] == "2025-03-10 19:00:00"
    assert breach["limit_reached"] == "2025-03-11 01:00:00"
    assert (breach["organisation_breaches"], total["organisation_breaches"]) == (1, 1)
    floor.record(MonthLocked("2025-03", "digest", "3001"))
    assert rows(report(floor, "fatigue", Wanted(agent="1003"), evening + timedelta(days=1))) == [
        breach,
        total,
    ]


def test_a_breach_that_unknown_time_may_hide_is_counted_apart(floor: Shifts) -> None:
    later = NEXT + timedelta(days=1)
    floor.now_ms = at("09:00", later)
    floor.begin("1003", "lost")
    floor.tell("lost", [(at("09:00", later), enters(State.READY))])
    floor.now_ms = at("20:00", later)
    floor.record(LinkLost("1003", "lost", at("14:00", later)))
    table = report(floor, "fatigue", Wanted(team="B"), later)
    possible, total = rows(table)
    assert (possible["agent"], possible["limit_reached"]) == ("1003", None)
    assert (possible["possible_breaches"], possible["organisation_breaches"]) == (1, 0)
    assert total["possible_breaches"] == 1
    assert table.provisional


def test_overtime_is_told_of_with_what_was_booked(floor: Shifts) -> None:
    for account, seconds in ((Account.OVERTIME, 1_800), (Account.OWED_LEAVE, 7_000)):
        booked = HoursBooked(f"b{account}", "1002", account, seconds, DAY, "2001", "agreed")
        floor.record(booked)
    first, second, third, total = rows(report(floor, "overtime"))
    assert first["overtime_work_s"] == 0
    assert (second["overtime_work_s"], second["booked_s"]) == (1_800, 1_800)
    assert third["overtime_work_s"] == 3 * 3_600
    assert total["overtime_work_s"] == 1_800 + 3 * 3_600


def test_attendance_counts_shifts_by_what_they_were(floor: Shifts) -> None:
    floor.plan("1003", (), NEXT, PlanCause.LEAVE)
    floor.plan("1001", TRAINING, NEXT)
    first, second, third, total = rows(report(floor, "attendance"))
    assert (first["shifts"], first["absent_half_day"], first["absent"]) == (2, 1, 1)
    assert (first["attendance"], first["on_time"]) == (25.0, 0.0)
    assert (second["normal"], second["open_days"], second["on_time"]) == (1, 1, 100.0)
    assert (third["leave"], third["attendance"], third["on_time"]) == (1, 0.0, None)
    assert (total["shifts"], total["open_days"]) == (4, 1)
    assert len(report(floor, "attendance").rule_versions) == 1


def test_a_day_that_was_swapped_away_is_no_work_day(floor: Shifts) -> None:
    floor.plan("1003", (), DAY, PlanCause.SWAP)
    floor.plan("1003", NINE_TO_SIX, NEXT, PlanCause.SWAP)
    floor.work("1003", "e", "09:00", "18:00", NEXT)
    *_, third, _ = rows(report(floor, "attendance"))
    assert (third["leave"], third["normal"], third["shifts"]) == (1, 1, 1)
    assert (third["attendance"], third["on_time"]) == (100.0, 100.0)


def test_exceptions_are_told_of_by_who_decided(floor: Shifts) -> None:
    propose(floor, "yes", approved=True)
    propose(floor, "no", approved=False)
    first, total = rows(report(floor, "exceptions"))
    assert (first["lead"], first["exception_code"]) == ("2001", "LEAVE")
    assert (first["approved"], first["rejected"], first["approved_s"]) == (1, 1, 3_600)
    assert (total["approved"], total["lead"]) == (1, None)
    assert report(floor, "exceptions", Wanted(team="B")).rows == ()


def test_exceptions_are_told_of_by_whose_they_are(floor: Shifts) -> None:
    propose(floor, "yes", approved=True)
    propose(floor, "no", approved=False)
    span = ("1002", NEXT, at("09:00", NEXT), at("09:30", NEXT))
    floor.record(ExceptionProposed("open", *span, Overlay.EXCUSE, "MEETING", "please", "1002"))
    first, second, total = rows(report(floor, "agent_exceptions", last=APRIL))
    assert (first["month"], first["agent"], first["exception_code"]) == ("2025-03", "1001", "LEAVE")
    assert (first["approved"], first["rejected"], first["approved_s"]) == (1, 1, 3_600)
    assert (second["agent"], second["undecided"], second["approved"]) == ("1002", 1, 0)
    assert (total["approved"], total["undecided"]) == (1, 1)
    assert report(floor, "agent_exceptions", Wanted(team="B")).rows == ()
    by_team = Asked(DAY, NEXT, ALL, by_team=True)
    table = make(floor.connection, "agent_exceptions", by_team, floor.moment)
    assert [(each["team"], each["approved"]) for each in rows(table)] == [
        ("A", 1),
        ("A", 0),
        (None, 1),
    ]


def test_each_lead_has_a_share_of_the_time_that_was_granted(floor: Shifts) -> None:
    propose(floor, "yes", approved=True)
    span = ("1002", DAY, at("09:00", DAY), at("10:00", DAY) + 7_200_000)
    asked = ExceptionProposed("other", *span, Overlay.EXCUSE, "MEETING", "please", "1002")
    floor.record(asked, ExceptionDecided("other", True, "2002", "so", False, ""))
    first, second, total = rows(report(floor, "exceptions"))
    assert (first["lead"], first["share"]) == ("2001", 25.0)
    assert (second["lead"], second["share"], total["share"]) == ("2002", 75.0, 100.0)


def test_each_month_of_a_longer_span_has_its_row(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX, APRIL)
    floor.now_ms = at("20:00", APRIL)
    table = report(floor, "adherence", Wanted(agent="1001"), APRIL)
    assert [row["month"] for row in rows(table)] == ["2025-03", "2025-04", None]
    assert [row["out_s"] for row in rows(table)] == [4_200, 32_400, 36_600]


@pytest.mark.parametrize(
    ("name", "first", "last", "code"),
    [
        ("gossip", DAY, DAY, "unknown_report"),
        ("adherence", NEXT, DAY, "bad_span"),
        ("adherence", DAY, DAY + timedelta(days=366), "bad_span"),
        ("adherence", date.min, date.min, "bad_span"),
        ("adherence", date.max, date.max, "bad_span"),
    ],
)
def test_what_can_not_be_made_is_refused(
    floor: Shifts, name: str, first: date, last: date, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        make(floor.connection, name, Asked(first, last, Wanted()), floor.moment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The same in a database of the command line's."""
    folder = tmp_path / "site"
    init(folder, "admin", lambda: "correct horse battery")
    with shifts_in(folder) as floor:
        floor.hire("1001", "1002")
        play(floor)
    return folder


SPAN = ("--from", "2025-03-03", "--to", "2025-03-04")


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_has_the_same_figures(
    folder: Path, operator: Operator, name: str, language: str, tmp_path: Path
) -> None:
    with shifts_in(folder) as floor:
        propose(floor, "yes", approved=True)
    told = ("report", name, "--data", str(folder), *SPAN, "--lang", language)
    code, out, _ = operator.run(*told, "--format", "json")
    made = json.loads(out)
    assert code == 0
    file = tmp_path / "made.xlsx"
    assert operator.run(*told, "--format", "xlsx", "-o", str(file))[0] == 0
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    words = load(language)
    assert [str(each).split(" (s)")[0].split("（秒）")[0] for each in sheet[0]] == [
        words.text(f"report.column.{each['name']}") for each in made["columns"]
    ]
    for row, shown in zip([*made["rows"], made["total"]], sheet[1:], strict=True):
        numbers = [each for each in row if isinstance(each, int | float)]
        assert [each for each in shown if isinstance(each, int | float)] == numbers
    code, text, _ = operator.run(*told)
    assert (code, words.text(f"report.name.{name}") in text) == (0, True)
    shares = [
        f"{value:.2f}"
        for row in [*made["rows"], made["total"]]
        for column, value in zip(made["columns"], row, strict=True)
        if column["kind"] == "percent" and value is not None
    ]
    assert all(share in text for share in shares)


def test_names_in_a_workbook_are_text(folder: Path, operator: Operator, tmp_path: Path) -> None:
    with shifts_in(folder) as floor:
        floor.hire("=1+1")
        floor.plan("=1+1", NINE_TO_SIX, DAY)
    file = tmp_path / "made.xlsx"
    told = ("report", "adherence", "--data", str(folder), *SPAN, "--format", "xlsx")
    assert operator.run(*told)[0] == 1
    assert operator.run(*told, "-o", str(file))[0] == 0
    assert operator.run(*told, "-o", str(file))[0] == 1
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert "=1+1" in [row[0] for row in sheet]


async def asked(client: Client, name: str, **more: object) -> Report:
    message = GetReport(client.next_id(), name, DAY, NEXT, **more)
    reply = await client.request(message)
    assert isinstance(reply, Report)
    return reply


@pytest.fixture
def data(data: Path) -> Path:
    with shifts_in(data) as floor:
        play(floor)
    return data


async def test_a_report_on_the_wire_with_its_workbook(signed_in: SignedIn) -> None:
    site = await signed_in("3001")
    told = await asked(site, "adherence", file=True, language="zh_CN")
    assert [row[0] for row in told.rows] == ["1001", "1002", "1003"]
    content = io.BytesIO(base64.b64decode(told.workbook))
    sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert sheet[0][0] == "工号"
    assert [row[0] for row in sheet[1:-1]] == [row[0] for row in told.rows]
    assert (await asked(site, "adherence")).workbook == ""


async def test_a_workbook_that_no_answer_can_hold_is_refused_with_a_way_out(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "_WORKBOOK_BYTES", 1000)
    with pytest.raises(Refused) as refused:
        await asked(await signed_in("3001"), "adherence", file=True)
    told = {"rows": 3, "report": "adherence", "first": str(DAY), "last": str(NEXT)}
    assert (refused.value.code, refused.value.params) == ("workbook_too_large", told)


def test_a_year_of_200_people_fits_into_an_answer() -> None:
    draw = random.Random(1)
    rows = [[draw.randrange(10**7) for _ in range(16)] for _ in range(200 * 12)]
    assert len(base64.b64encode(workbook(rows))) < handlers._WORKBOOK_BYTES


async def test_whose_report_one_may_see(signed_in: SignedIn) -> None:
    agent, lead, site = [await signed_in(number) for number in ("1001", "2001", "3001")]
    assert [row[0] for row in (await asked(agent, "attendance")).rows] == ["1001"]
    own = await asked(agent, "agent_exceptions", agent="1001")
    assert {row[0] for row in own.rows} <= {"1001"}
    assert [row[0] for row in (await asked(lead, "adherence")).rows] == ["1001"]
    assert [row[0] for row in (await asked(site, "adherence", team="B")).rows] == ["1002"]
    for client, more in ((agent, {"agent": "1002"}), (lead, {"team": "B"})):
        with pytest.raises(Refused, match="not_permitted"):
            await asked(client, "adherence", **more)
    with pytest.raises(Refused, match="not_permitted"):
        await asked(lead, "exceptions")
    with pytest.raises(Refused, match="unknown_report"):
        await asked(site, "gossip")
    with pytest.raises(Refused, match="unknown_agent"):
        await asked(site, "adherence", agent="9999")
