"""Rosters over the wire: drafted, checked, published as a whole or not at all, and seen by those
who may."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from agent_service.commands.ledger import verify
from agent_service.service import Service
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire import roster
from protocol.wire.attendance import NameSubstitute
from protocol.wire.errors import Refused
from protocol.wire.roster import DraftDay, Holiday
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.rosters import (
    DAY,
    LATE,
    NIGHT,
    PLANNED,
    check,
    coming_monday,
    draft,
    later,
    plan_of,
    plans,
    publish,
    rotate,
    shown,
)

MONDAY = coming_monday()
SUNDAY = later(MONDAY, 6)
Desks = Callable[..., Awaitable[Client]]


@pytest.fixture
async def service(serve: Serve) -> AsyncIterator[Service]:
    """With patterns, rotations and requirements."""
    async with serve(PLANNED) as running:
        yield running


async def refusal(asked: Awaitable[object]) -> Refused:
    """Why it is refused."""
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value


def _hours(first: int, last: int) -> tuple[int, int]:
    """From one full hour of Tuesday to another."""
    nine_ms = plan_of(DAY, later(MONDAY, 1))[0].start_ms
    return nine_ms + (first - 9) * 3_600_000, nine_ms + (last - 9) * 3_600_000


async def test_what_is_published_is_what_was_drafted(signed_in: SignedIn, data: Path) -> None:
    lead, agent = await signed_in("2001"), await signed_in("1001")
    parts = (
        PlannedSegment(*_hours(14, 16), Activity.TRAINING),
        PlannedSegment(*_hours(16, 17), Activity.WORK),
    )
    drafted = await draft(
        lead,
        DraftDay("1001", MONDAY, "day"),
        DraftDay("1001", later(MONDAY, 1), "", parts),
        DraftDay("1001", later(MONDAY, 2), "-"),
    )
    before = await shown(lead, MONDAY, SUNDAY)
    assert (drafted, before.published, before.revision) == (3, (), 0)
    published = await publish(lead, MONDAY, SUNDAY)
    after = await shown(lead, MONDAY, SUNDAY)
    assert plans(after.published) == plans(before.drafted)
    assert plans(after.published) == {
        ("1001", MONDAY): plan_of(DAY, MONDAY),
        ("1001", later(MONDAY, 1)): parts,
        ("1001", later(MONDAY, 2)): (),
    }
    assert (published.days, published.revision, after.revision, after.drafted) == (3, 1, 1, ())
    own = await shown(agent, MONDAY, SUNDAY)
    assert own.published == after.published
    assert [each.number for each in own.people] == ["1001"]
    verify(data)


async def test_only_what_differs_is_drafted_and_published(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "day"), DraftDay("1001", later(MONDAY, 1), "day"))
    await publish(lead, MONDAY, SUNDAY)
    same, other = DraftDay("1001", MONDAY, "day"), DraftDay("1001", later(MONDAY, 1), "late")
    assert await draft(lead, same, other) == 1
    assert (await publish(lead, MONDAY, SUNDAY)).days == 1
    told = (await shown(lead, MONDAY, SUNDAY)).published
    assert [(each.revision, each.pattern) for each in told] == [(1, "day"), (2, "late")]


async def test_a_draft_can_be_dropped(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    assert await draft(lead, DraftDay("1001", MONDAY)) == 0
    refused = await refusal(publish(lead, MONDAY, SUNDAY))
    assert refused.code == "nothing_drafted"


async def test_a_rotation_fills_days_each_person_one_day_later(signed_in: SignedIn) -> None:
    chief = await signed_in("3001")
    assert await rotate(chief, "turns", ["1001", "1002"], MONDAY, later(MONDAY, 2)) == 6
    told = (await shown(chief, MONDAY, SUNDAY)).drafted
    by_day = {(each.agent, (each.day - MONDAY).days): each.pattern for each in told}
    assert [by_day["1001", at] for at in range(3)] == ["day", "late", ""]
    assert [by_day["1002", at] for at in range(3)] == ["late", "", "day"]


async def test_findings_refuse_and_nothing_is_kept(signed_in: SignedIn, data: Path) -> None:
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "long"), DraftDay("1001", SUNDAY, "day"))
    entries = verify(data).position
    found = (await check(lead, MONDAY, SUNDAY)).findings
    codes = {each.code for each in found if each.severity is roster.Severity.REFUSE}
    assert codes == {"CONTINUOUS_WORK", "DAY_HOURS"}
    names = [each.name() for each in found]
    refused = await refusal(publish(lead, MONDAY, SUNDAY, names))
    assert (refused.code, refused.params["agent"]) == ("roster_refused", "1001")
    after = await shown(lead, MONDAY, SUNDAY)
    assert (after.published, len(after.drafted)) == ((), 2)
    assert verify(data).position == entries


async def test_rest_is_measured_against_what_is_published_around(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "night"))
    await publish(lead, MONDAY, SUNDAY)
    tuesday = later(MONDAY, 1)
    await draft(lead, DraftDay("1001", tuesday, "day"))
    refused = await refusal(publish(lead, tuesday, tuesday))
    assert (refused.code, refused.params["code"]) == ("roster_refused", "MIN_REST")
    work = PlannedSegment(*_hours(15, 18), Activity.WORK)
    await draft(lead, DraftDay("1001", tuesday, "", (work,)))
    (warned,) = (await check(lead, tuesday, tuesday)).findings
    assert (warned.code, warned.severity, warned.measured) == ("MIN_REST", "warn", 9 * 3600)


async def test_warnings_have_to_be_accepted_by_name(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    tuesday = later(MONDAY, 1)
    work = PlannedSegment(*_hours(7, 10), Activity.WORK)
    await draft(lead, DraftDay("1001", MONDAY, "late"), DraftDay("1001", tuesday, "", (work,)))
    (warned,) = (await check(lead, MONDAY, SUNDAY)).findings
    refused = await refusal(publish(lead, MONDAY, SUNDAY))
    assert (refused.code, refused.params["count"]) == ("roster_warnings", 1)
    assert warned.name() == f"MIN_REST 1001 {tuesday.isoformat()}"
    assert (await publish(lead, MONDAY, SUNDAY, [warned.name()])).revision == 1


async def test_a_shift_on_a_holiday_is_warned_of_and_a_made_up_day_is_not(
    serve: Serve, desks: Desks, data: Path
) -> None:
    off, made_up = Holiday(MONDAY, "feast", True), Holiday(later(MONDAY, 5), "", False)
    settings = msgspec.structs.replace(PLANNED, holidays=(off, made_up))
    async with serve(settings) as service:
        lead = await desks(service.server.address)
        await lead.resume(make_token(data, lead.key.desk, "2001"), "lead")
        await draft(lead, DraftDay("1001", MONDAY, "day"), DraftDay("1001", made_up.day, "-"))
        found = (await check(lead, MONDAY, SUNDAY)).findings
        assert [(each.code, each.day, each.measured) for each in found] == [
            ("HOLIDAY", MONDAY, 8 * 3600)
        ]
        assert (await shown(lead, MONDAY, SUNDAY)).holidays == (off, made_up)


async def test_coverage_counts_the_drafts_and_the_night_before(signed_in: SignedIn) -> None:
    chief = await signed_in("3001")
    sunday = later(MONDAY, -1)
    await draft(chief, DraftDay("1001", sunday, "night"), DraftDay("1002", MONDAY, "day"))
    await publish(chief, sunday, MONDAY)
    await draft(chief, DraftDay("1003", MONDAY, "day"))
    site = (await check(chief, MONDAY, MONDAY)).coverage
    assert [(each.planned_s, each.required, each.short) for each in site] == [
        (3600, 2, 0),
        (0, 1, 1),
    ]
    team = (await check(chief, MONDAY, later(MONDAY, 1), "A")).coverage
    assert [(each.planned_s, each.short) for each in team] == [(1800, 0), (0, 3), (0, 1)]


async def test_the_same_act_publishes_once(signed_in: SignedIn, data: Path) -> None:
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    once = await publish(lead, MONDAY, SUNDAY, key="k")
    entries = verify(data).position
    await draft(lead, DraftDay("1001", later(MONDAY, 1), "day"))
    again = await publish(lead, MONDAY, SUNDAY, key="k")
    assert (again.revision, again.days) == (once.revision, once.days) == (1, 1)
    assert verify(data).position == entries
    assert (await publish(lead, MONDAY, SUNDAY, key="l")).revision == 2


async def test_two_leads_who_draft_at_once_both_get_what_they_drafted(
    signed_in: SignedIn,
) -> None:
    lead, chief = await signed_in("2001"), await signed_in("3001")
    days = [later(MONDAY, at) for at in range(5)]
    await asyncio.gather(
        *(draft(lead, DraftDay("1001", day, "day")) for day in days),
        *(draft(chief, DraftDay("1002", day, "late")) for day in days),
    )
    first, second = await asyncio.gather(
        publish(lead, MONDAY, SUNDAY), publish(chief, MONDAY, SUNDAY, team="B")
    )
    assert {first.revision, second.revision} == {1, 2}
    told = plans((await shown(chief, MONDAY, SUNDAY)).published)
    assert told == {
        **{("1001", day): plan_of(DAY, day) for day in days},
        **{("1002", day): plan_of(LATE, day) for day in days},
    }


async def test_what_has_begun_is_left_alone(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    yesterday = MONDAY - timedelta(days=15)
    for day in (yesterday, later(yesterday, -40)):
        refused = await refusal(draft(lead, DraftDay("1001", day, "night")))
        assert refused.code == "shift_begun"


@pytest.mark.parametrize(
    ("actor", "agent", "code"),
    [
        ("1001", "1001", "not_permitted"),
        ("1001", "1002", "not_permitted"),
        ("2001", "1001", ""),
        ("2001", "1002", "not_permitted"),
        ("2001", "1003", "not_permitted"),
        ("2001", "2001", "not_permitted"),
        ("2001", "9999", "unknown_agent"),
        ("2002", "1003", "not_permitted"),
        ("3001", "1002", ""),
        ("3001", "2001", ""),
        ("3001", "3001", "not_permitted"),
        ("admin", "3001", ""),
    ],
)
async def test_who_may_plan_whom(signed_in: SignedIn, actor: str, agent: str, code: str) -> None:
    client = await signed_in(actor)
    (outcome,) = await asyncio.gather(
        draft(client, DraftDay(agent, MONDAY, "day")), return_exceptions=True
    )
    assert getattr(outcome, "code", "") == code


async def test_a_lead_sees_and_publishes_the_own_team_alone(signed_in: SignedIn) -> None:
    chief, lead = await signed_in("3001"), await signed_in("2001")
    await draft(chief, *(DraftDay(agent, MONDAY, "day") for agent in ("1001", "1002", "2001")))
    seen = await shown(lead, MONDAY, SUNDAY)
    assert [each.number for each in seen.people] == ["1001", "2001"]
    assert (await publish(lead, MONDAY, SUNDAY)).days == 1
    left = (await shown(chief, MONDAY, SUNDAY)).drafted
    assert {each.agent for each in left} == {"1002", "2001"}
    for asked in (publish(lead, MONDAY, SUNDAY, team="B"), shown(lead, MONDAY, SUNDAY, "B")):
        assert (await refusal(asked)).code == "not_permitted"


async def test_an_agent_sees_the_own_plan_and_no_drafts(signed_in: SignedIn) -> None:
    lead, agent = await signed_in("2001"), await signed_in("1001")
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    told = await shown(agent, MONDAY, SUNDAY, agent="1001")
    assert (told.drafted, told.editable, told.zone) == ((), False, "Asia/Shanghai")
    for asked in (
        shown(agent, MONDAY, SUNDAY, "A"),
        shown(agent, MONDAY, SUNDAY, agent="2001"),
        check(agent, MONDAY, SUNDAY),
        publish(agent, MONDAY, SUNDAY),
    ):
        assert (await refusal(asked)).code == "not_permitted"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (DraftDay("1001", MONDAY, "no such"), "unknown_pattern"),
        (DraftDay("1001", MONDAY, "", plan_of(NIGHT, later(MONDAY, 1))), "bad_plan"),
        (DraftDay("1001", MONDAY, "-", plan_of(DAY, MONDAY)), "bad_plan"),
        (DraftDay("1001", MONDAY, "", plan_of(DAY, MONDAY)[::-1]), "bad_plan"),
        (DraftDay("1001", MONDAY, "", plan_of(DAY, MONDAY) * 20), "bad_plan"),
        (DraftDay("1001", later(MONDAY, 4000), "day"), "bad_plan"),
        (DraftDay("1001", MONDAY, "", (PlannedSegment(5, 5, Activity.WORK),)), "bad_plan"),
    ],
)
async def test_what_is_no_plan_is_refused(signed_in: SignedIn, day: DraftDay, code: str) -> None:
    lead = await signed_in("2001")
    good = DraftDay("1001", later(MONDAY, 2), "day")
    assert (await refusal(draft(lead, good, day))).code == code
    assert (await shown(lead, MONDAY, SUNDAY)).drafted == ()


async def test_a_span_that_is_none_is_refused(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    for first_day, last_day in (
        (SUNDAY, MONDAY),
        (MONDAY, later(MONDAY, roster.MAX_DAYS)),
        (MONDAY.replace(year=9999), MONDAY.replace(year=9999)),
    ):
        refused = await refusal(shown(lead, first_day, last_day))
        assert (refused.code, refused.params["limit"]) == ("bad_span", roster.MAX_DAYS)
    rotated = rotate(lead, "no such", ["1001"], MONDAY, SUNDAY)
    assert (await refusal(rotated)).code == "unknown_rotation"


async def test_drafts_and_plans_outlive_the_service(serve: Serve, desks: Desks, data: Path) -> None:
    async with serve(PLANNED) as service:
        lead = await desks(service.server.address)
        await lead.resume(make_token(data, lead.key.desk, "2001"), "before")
        await draft(lead, DraftDay("1001", MONDAY, "night"))
        await publish(lead, MONDAY, MONDAY)
        await draft(lead, DraftDay("1001", later(MONDAY, 2), "day"))
    verify(data)
    async with serve(PLANNED) as service:
        lead = await desks(service.server.address)
        await lead.resume(make_token(data, lead.key.desk, "2001"), "after")
        told = await shown(lead, MONDAY, SUNDAY)
        assert plans(told.published) == {("1001", MONDAY): plan_of(NIGHT, MONDAY)}
        assert plans(told.drafted) == {("1001", later(MONDAY, 2)): plan_of(DAY, later(MONDAY, 2))}
        assert (await publish(lead, MONDAY, SUNDAY)).revision == 2


async def test_own_days_come_with_the_shifts_that_one_stands_in_for(signed_in: SignedIn) -> None:
    site, agent = await signed_in("3001"), await signed_in("1002")
    await draft(site, DraftDay("1001", MONDAY, "day"))
    await publish(site, MONDAY, SUNDAY)
    await site.request(NameSubstitute(site.next_id(), "1001", MONDAY, "1002", "ill"))
    (stand_in,) = (await shown(agent, MONDAY, SUNDAY)).stand_ins
    assert (stand_in.agent, stand_in.substitute) == ("1001", "1002")
    assert stand_in.segments == plan_of(DAY, MONDAY)
    assert (await shown(site, MONDAY, SUNDAY)).stand_ins == ()
