"""Two days of three people, and the reports of them."""

from datetime import date, timedelta

from agent_service.attendance.month import Wanted
from agent_service.reports.asked import Asked
from agent_service.reports.making import make
from agent_service.reports.table import Table
from protocol.facts.agent import State
from protocol.facts.correction import (
    ExceptionDecided,
    ExceptionProposed,
    Overlay,
)
from protocol.facts.session import LinkLost
from protocol.facts.shift import Activity
from protocol.wire.report import Value
from tests.service.shifts import NINE_TO_SIX, Shifts, at, enters

DAY = date(2025, 3, 3)
NEXT = DAY + timedelta(days=1)
APRIL = date(2025, 4, 1)
ALL = Wanted()
TRAINING = (("09:00", "18:00", Activity.TRAINING),)


def play(floor: Shifts) -> None:
    """1001 is ten minutes late and away an hour too early, 1002 is on time and then lost; 1003 of
    team B works on a day off."""
    floor.now_ms = at("08:00", DAY)
    for agent in ("1001", "1002"):
        floor.plan(agent, NINE_TO_SIX, DAY)
    floor.plan("1002", NINE_TO_SIX, NEXT)
    floor.plan("1003", (), DAY)
    floor.work("1001", "a", "09:10", "17:00", DAY)
    floor.work("1002", "b", "09:00", "18:30", DAY)
    floor.work("1003", "c", "10:00", "14:00", DAY)
    floor.begin("1002", "d")
    floor.tell("d", [(at("09:00", NEXT), enters(State.READY))])
    floor.now_ms = at("20:00", NEXT)
    floor.record(LinkLost("1002", "d", at("17:00", NEXT)))


def report(
    floor: Shifts,
    name: str,
    wanted: Wanted = ALL,
    last: date = NEXT,
) -> Table:
    return make(floor.connection, name, Asked(DAY, last, wanted), floor.moment)


def rows(table: Table) -> list[dict[str, Value]]:
    """The rows and the total, by column."""
    names = [each.name for each in table.columns]
    return [dict(zip(names, row, strict=True)) for row in (*table.rows, table.total)]


def propose(floor: Shifts, name: str, approved: bool, adjusts: str = "") -> None:
    span = ("1001", DAY, at("17:00", DAY), at("18:00", DAY))
    proposed = ExceptionProposed(name, *span, Overlay.EXCLUDE, "LEAVE", "please", "1001")
    floor.record(proposed, ExceptionDecided(name, approved, "2001", "so", False, adjusts))
