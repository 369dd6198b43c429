"""Faults of the organisation's: confirmed once, by two where long or old, and withdrawn."""

from collections.abc import Awaitable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from agent_service import bootstrap, database
from agent_service.appending import appending
from agent_service.commands.ledger import verify
from agent_service.exceptions.deciding import ExceptionDecider
from agent_service.exceptions.incident_recorder import IncidentRecorder
from agent_service.exceptions.incidents import incidents
from agent_service.locking.adjusting import Adjusting
from protocol.facts.attendance import MonthLocked
from protocol.facts.correction import ExceptionProposed, Overlay
from protocol.facts.shift import Activity, IncidentConfirmed, IncidentDecided, IncidentWithdrawn
from protocol.rules.exception_decisions import Standing
from protocol.wire.errors import Refused
from protocol.wire.incidents import (
    ConfirmIncident,
    DecideIncident,
    IncidentRow,
    IncidentStands,
    WithdrawIncident,
)
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exception_requests import days_ago, listed
from tests.service.ledgers import new_ledger
from tests.service.people import CLOCK
from tests.service.shifts import WHERE, Shifts, at, shifts

HOUR_MS, MINUTE_MS = 3_600_000, 60_000
LAST = date(2026, 10, 31)


async def confirmed(client: Client, start_ms: int, minutes: float, **fields: str) -> IncidentRow:
    """As it stands. Raises `Refused`."""
    told = {"key": "", "text": "the exchange was down", **fields}
    end_ms = start_ms + int(minutes * MINUTE_MS)
    return await stands(
        client, ConfirmIncident(client.next_id(), start_ms=start_ms, end_ms=end_ms, **told)
    )


async def decided(client: Client, row: IncidentRow, approved: bool = True) -> IncidentRow:
    """Likewise, after the second person's word."""
    return await stands(client, DecideIncident(client.next_id(), row.incident, approved, "so"))


async def withdrawn(client: Client, row: IncidentRow, text: str = "no fault") -> IncidentRow:
    """Likewise."""
    return await stands(client, WithdrawIncident(client.next_id(), row.incident, text))


async def stands(
    client: Client, message: ConfirmIncident | DecideIncident | WithdrawIncident
) -> IncidentRow:
    reply = await client.request(message)
    assert isinstance(reply, IncidentStands)
    return reply.row


async def refusal(asked: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code


def counting(data: Path, start_ms: int, team: str | None = None) -> list[str]:
    """Those that exclude time of an hour."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        found = incidents(connection, start_ms, start_ms + HOUR_MS, team)
    return [each.incident for each in found]


async def test_a_short_one_counts_at_once_and_is_confirmed_once(
    signed_in: SignedIn, data: Path
) -> None:
    client, start_ms = await signed_in("3001"), at("10:00", days_ago(1))
    first = await confirmed(client, start_ms, 15, key="k", team="A")
    assert (first.standing, first.deciders) == (Standing.APPROVED, ("3001",))
    assert await confirmed(client, start_ms, 60, key="k", team="A") == first
    assert counting(data, start_ms, "A") == [first.incident]
    assert counting(data, start_ms, "B") == []
    assert counting(data, start_ms + HOUR_MS) == []


async def test_a_long_one_counts_once_somebody_else_confirms_it(
    signed_in: SignedIn, data: Path
) -> None:
    first, second = await signed_in("3001"), await signed_in("admin")
    start_ms = at("10:00", days_ago(1))
    row = await confirmed(first, start_ms, 60)
    assert row.standing is Standing.SECOND
    assert counting(data, start_ms) == []
    assert (await listed(second, open_only=True)).incidents == (row,)
    (as_told,) = (await listed(first, open_only=True)).incidents
    assert as_told.undecidable == "second_by_same"
    assert await refusal(decided(first, row)) == "second_by_same"
    approved = await decided(second, row)
    assert (approved.standing, approved.deciders) == (Standing.APPROVED, ("3001", "admin"))
    assert await decided(second, row) == approved
    assert counting(data, start_ms) == [row.incident]
    assert not (await listed(second, open_only=True)).incidents
    assert (await listed(second)).incidents == (approved,)
    verify(data)


async def test_many_short_ones_of_a_day_are_as_long_as_they_are_together(
    signed_in: SignedIn,
) -> None:
    client, start_ms = await signed_in("3001"), at("10:00", days_ago(1))
    asked = [(0, "A"), (10, "A"), (20, "A"), (20, "B"), (40, "")]
    rows = [
        await confirmed(client, start_ms + minutes * MINUTE_MS, 10, team=team)
        for minutes, team in asked
    ]
    assert [row.standing for row in rows] == ["approved", "second", "second", "approved", "second"]


@pytest.mark.parametrize(("days", "standing"), [(3, "approved"), (4, "second")])
async def test_an_old_one_needs_two(signed_in: SignedIn, days: int, standing: str) -> None:
    client = await signed_in("3001")
    assert (await confirmed(client, at("10:00", days_ago(days)), 1)).standing == standing


async def test_a_rejected_one_never_counts(signed_in: SignedIn, data: Path) -> None:
    first, second = await signed_in("3001"), await signed_in("admin")
    start_ms = at("10:00", days_ago(1))
    row = await confirmed(first, start_ms, 60)
    rejected = await decided(second, row, approved=False)
    assert (rejected.standing, rejected.decision) == (Standing.REJECTED, "so")
    assert await refusal(decided(first, row)) == "already_decided"
    assert await refusal(withdrawn(first, row)) == "already_decided"
    assert counting(data, start_ms) == []


async def test_a_withdrawn_one_excludes_nothing_any_more(signed_in: SignedIn, data: Path) -> None:
    first, second = await signed_in("3001"), await signed_in("admin")
    start_ms = at("10:00", days_ago(1))
    row = await confirmed(first, start_ms, 15)
    assert await refusal(withdrawn(second, row, " ")) == "bad_text"
    gone = await withdrawn(second, row)
    assert (gone.standing, gone.deciders) == (Standing.WITHDRAWN, ("3001", "admin"))
    assert await withdrawn(second, row) == gone
    assert await refusal(withdrawn(first, row)) == "already_decided"
    assert await refusal(decided(first, row)) == "already_decided"
    assert counting(data, start_ms) == []
    assert (await confirmed(first, start_ms, 15)).standing is Standing.APPROVED
    verify(data)


async def test_a_locked_month_keeps_its_incidents(signed_in: SignedIn, data: Path) -> None:
    first, second = await signed_in("3001"), await signed_in("admin")
    day = days_ago(40)
    row = await confirmed(first, at("10:00", day), 15)
    counts = await decided(second, row)
    waits = await confirmed(first, at("12:00", day), 15)
    with appending(data, CLOCK) as books:
        lock = MonthLocked(day.isoformat()[:7], "digest", "3001")
        books.appender.record(books.connection, lock)
    assert await refusal(confirmed(first, at("14:00", day), 15)) == "month_locked"
    assert await refusal(withdrawn(second, counts)) == "month_locked"
    assert await refusal(decided(second, waits)) == "month_locked"
    assert (await decided(second, waits, approved=False)).standing is Standing.REJECTED


@pytest.mark.parametrize("actor", ["1001", "2001"])
async def test_only_who_has_the_site_has_a_word(signed_in: SignedIn, actor: str) -> None:
    client, site = await signed_in(actor), await signed_in("3001")
    row = await confirmed(site, at("10:00", days_ago(1)), 60)
    asked = confirmed(client, 0, 1), decided(client, row), withdrawn(client, row)
    assert {await refusal(each) for each in asked} == {"not_permitted"}
    assert not (await listed(client)).incidents


async def test_one_that_nobody_confirmed_is_unknown(signed_in: SignedIn) -> None:
    client = await signed_in("3001")
    row = IncidentRow("none", 0, 1, "", "3001", "", 0, Standing.SECOND)
    assert await refusal(decided(client, row)) == "unknown_incident"
    assert await refusal(withdrawn(client, row)) == "unknown_incident"


@pytest.mark.parametrize(
    ("hours", "minutes", "fields", "code"),
    [
        (-1, 0, {}, "bad_interval"),
        (-1, -1, {}, "bad_interval"),
        (-168.1, 168.1 * 60, {}, "bad_interval"),
        (-2, 121, {}, "incident_ahead"),
        (20, 5 * 60, {}, "incident_ahead"),
        (-2, 60, {"text": ""}, "bad_text"),
        (-2, 60, {"team": "Z"}, "unknown_team"),
        (-2, 60, {"key": "k" * 65}, "malformed_message"),
    ],
)
async def test_what_can_not_be_confirmed(
    signed_in: SignedIn, hours: float, minutes: float, fields: dict[str, str], code: str
) -> None:
    start_ms = bootstrap.now_ms() + int(hours * HOUR_MS)
    assert await refusal(confirmed(await signed_in("3001"), start_ms, minutes, **fields)) == code


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Shifts]:
    """1001 of team A works through the last night of a month, and 1002 of team B never."""
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001")
        floor.hire("1002", team="B")
        floor.plan("1001", (("22:00", "30:00", Activity.WORK),), LAST)
        floor.now_ms = at("32:00", LAST)
        yield floor


def recorder_of(floor: Shifts) -> IncidentRecorder:
    tables = floor.projections
    adjusting = Adjusting(tables.locks, WHERE, lambda: floor.now_ms)
    return IncidentRecorder(floor.appender, tables.incidents, tables.exceptions, adjusting, WHERE)


def decider_of(floor: Shifts) -> ExceptionDecider:
    tables = floor.projections
    adjusting = Adjusting(tables.locks, WHERE, lambda: floor.now_ms)
    return ExceptionDecider(floor.appender, tables.exceptions, tables.incidents, adjusting)


def fault(name: str, start: str, end: str, team: str = "") -> IncidentConfirmed:
    """Of the night, by its clock."""
    return IncidentConfirmed(name, at(start, LAST), at(end, LAST), team, "3001", "down")


def confirm(floor: Shifts, *faults: IncidentConfirmed) -> list[str]:
    """As they stand."""
    recorder = recorder_of(floor)
    with floor.committed():
        return [recorder.confirm(floor.connection, each).standing for each in faults]


def test_a_night_shift_of_a_locked_month_keeps_its_incidents(night: Shifts) -> None:
    night.record(MonthLocked("2026-10", "digest", "3001"))
    for team in ("", "A"):
        with pytest.raises(Refused, match=r"month_locked.*2026-10"):
            recorder_of(night).confirm(night.connection, fault("i", "26:00", "26:15", team))
    others = fault("of B", "26:00", "26:05", "B"), fault("after it", "30:00", "30:05")
    assert confirm(night, *others) == ["approved", "approved"]


def test_short_ones_of_one_night_count_together_over_midnight(night: Shifts) -> None:
    before, after = fault("1", "23:00", "23:10"), fault("2", "25:00", "25:10")
    assert confirm(night, before, after) == ["approved", "second"]


@pytest.mark.parametrize(
    ("team", "start", "standing"),
    [("A", "25:00", "second"), ("B", "25:00", "approved"), ("A", "21:30", "approved")],
)
def test_what_incidents_take_of_a_shift_is_not_granted_again_by_one_person(
    night: Shifts, team: str, start: str, standing: str
) -> None:
    begins_ms = at(start, LAST)
    lost = IncidentConfirmed("i", begins_ms, begins_ms + 15 * MINUTE_MS, team, "3001", "down")
    assert confirm(night, lost) == ["approved"]
    span = at("26:00", LAST), at("26:15", LAST)
    asked = ExceptionProposed("e", "1001", LAST, *span, Overlay.EXCLUDE, "LEAVE", "x", "3001")
    with night.committed():
        assert decider_of(night).propose(night.connection, asked).standing == standing


@pytest.mark.parametrize(
    ("lead", "team", "start", "standing"),
    [
        ("3001", "A", "25:00", "second"),
        ("3001", "", "25:00", "second"),
        ("3001", "A", "26:00", "approved"),
        ("3001", "B", "25:00", "approved"),
        ("2001", "A", "25:00", "approved"),
    ],
)
def test_what_one_person_granted_of_a_shift_is_not_confirmed_again_by_them_alone(
    night: Shifts, lead: str, team: str, start: str, standing: str
) -> None:
    """Of the same time, and of other people's shifts, it may be."""
    span = at("26:00", LAST), at("26:15", LAST)
    asked = ExceptionProposed("e", "1001", LAST, *span, Overlay.EXCLUDE, "LEAVE", "x", lead)
    with night.committed():
        assert decider_of(night).propose(night.connection, asked).standing == "approved"
    begins_ms = at(start, LAST)
    lost = IncidentConfirmed("i", begins_ms, begins_ms + 10 * MINUTE_MS, team, "3001", "down")
    assert confirm(night, lost) == [standing]


def test_as_of_an_entry_what_came_later_did_not_count(tmp_path: Path) -> None:
    with new_ledger(tmp_path / "data") as ledger:
        ledger.record(IncidentConfirmed("i1", 0, 10, "", "3001", "down", needs_second=True))
        ledger.record(IncidentDecided("i1", True, "3002"))
        ledger.record(IncidentWithdrawn("i1", "3001", "it was not"))

        def second(position: int) -> list[str]:
            found = incidents(ledger.connection, 0, 10, None, position)
            return [each.second for each in found]

        assert [second(position) for position in (1, 2, 3)] == [[], ["3002"], []]
