"""Reports with a row a team: the sums of its people, each date with the team of that date."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agent_service.attendance.month import Wanted
from agent_service.reports.asked import Asked
from agent_service.reports.making import make
from agent_service.reports.table import Table
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.staff import Group, MembershipSet
from protocol.wire.errors import Refused
from protocol.wire.report import SINGLE_CASES, GetReport, Report, Value
from tests.service.conftest import SignedIn
from tests.service.operator import Operator
from tests.service.shifts import NINE_TO_SIX, Shifts, at, shifts

DAY = date(2025, 3, 3)
NEXT = date(2025, 3, 4)
APRIL = date(2025, 4, 1)
GROUPED = ("adherence", "conformance", "attendance", "overtime")


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    """1001 and 1002 of team A, the first ten minutes late; 1003 of team B an hour late."""
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002")
        floor.hire("1003", team="B")
        floor.now_ms = at("08:00", DAY)
        for agent, begins in (("1001", "09:10"), ("1002", "09:00"), ("1003", "10:00")):
            floor.plan(agent, NINE_TO_SIX, DAY)
            floor.work(agent, agent, begins, "18:00", DAY)
        floor.now_ms = at("20:00", DAY)
        yield floor


def report(floor: Shifts, name: str, by_team: bool = True, last: date = DAY) -> Table:
    asked = Asked(DAY, last, Wanted(), by_team)
    return make(floor.connection, name, asked, floor.moment)


def rows(table: Table) -> list[dict[str, Value]]:
    """The rows and the total, by column."""
    names = [each.name for each in table.columns]
    return [dict(zip(names, row, strict=True)) for row in (*table.rows, table.total)]


def test_a_team_is_weighted_by_the_time_of_its_people(floor: Shifts) -> None:
    first, second, total = rows(report(floor, "adherence"))
    assert (first["team"], first["days"], first["out_s"]) == ("A", 2, 600)
    assert first["adherence"] == 99.07
    assert (second["team"], second["adherence"], second["target_met"]) == ("B", 88.89, "no")
    assert total["out_s"] == 4_200


@pytest.mark.parametrize("name", GROUPED)
def test_the_total_is_that_of_the_people(floor: Shifts, name: str) -> None:
    teams, people = report(floor, name), report(floor, name, by_team=False)
    assert [each.name for each in teams.columns if each.name in ("team", "agent")] == ["team"]
    assert len(teams.rows) == 2
    assert rows(teams)[-1].items() - rows(people)[-1].items() == {("team", None)}


def test_whoever_changes_the_team_counts_with_each_on_its_days(floor: Shifts) -> None:
    floor.now_ms = at("07:00", NEXT)
    floor.record(MembershipSet("1002", Group.TEAM, "B", NEXT, "operator"))
    floor.plan("1002", NINE_TO_SIX, NEXT)
    floor.work("1002", "n", "09:00", "18:00", NEXT)
    floor.now_ms = at("20:00", NEXT)
    first, second, _ = rows(report(floor, "adherence", last=NEXT))
    assert [(each["team"], each["days"]) for each in (first, second)] == [("A", 2), ("B", 2)]


def test_months_stay_apart(floor: Shifts) -> None:
    found = rows(report(floor, "adherence", last=APRIL))
    assert [(each["month"], each["team"]) for each in found[:-1]] == [
        ("2025-03", "A"),
        ("2025-03", "B"),
    ]


def test_an_exception_counts_once_for_its_team_however_many_approved_it(floor: Shifts) -> None:
    span = at("09:00", DAY), at("09:10", DAY)
    floor.record(ExceptionProposed("e", "1001", DAY, *span, Overlay.EXCUSE, "OTHER", "jam", "1001"))
    floor.record(ExceptionDecided("e", True, "2001", "ok"))
    floor.record(ExceptionDecided("e", True, "2002", "ok"))
    (row, total) = rows(report(floor, "exceptions"))
    assert (row["team"], row["exception_code"]) == ("A", "OTHER")
    assert (row["approved"], row["approved_s"], total["approved"]) == (1, 600, 1)


async def test_the_wire_tells_it(signed_in: SignedIn) -> None:
    lead = await signed_in("3001")
    told = await lead.request(GetReport(lead.next_id(), "adherence", DAY, DAY, by_team=True))
    assert isinstance(told, Report)
    assert told.columns[0].name == "team"
    with pytest.raises(Refused) as refused:
        await lead.request(GetReport(lead.next_id(), "fatigue", DAY, DAY, by_team=True))
    assert (refused.value.code, refused.value.params) == ("single_cases", {"report": "fatigue"})


@pytest.mark.usefixtures("floor")
def test_the_command_line_prints_it(tmp_path: Path, operator: Operator) -> None:
    span = ("--from", str(DAY), "--to", str(DAY), "--data", str(tmp_path / "data"))
    asked = ("report", "adherence", "--by-team", "--format", "json", *span)
    code, out, _ = operator.run(*asked)
    assert code == 0
    assert json.loads(out)["rows"][0][:2] == ["A", 2]
    for name in sorted(SINGLE_CASES):
        code, out, err = operator.run("--lang", "en", "report", name, "--by-team", *span)
        assert (code, out) == (1, "")
        assert f"{name} lists single cases" in err
