"""What is published is what was looked at: nothing that somebody else drafted or agreed on in the
meantime, however much there is to look at."""

from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import msgspec
import pytest

from agent_service.rosters.planning import Planner
from agent_service.service import Service
from protocol.facts.request import RequestKind
from protocol.wire import roster
from protocol.wire.errors import Refused
from protocol.wire.roster import DraftDay, Holiday, Rotation, Severity
from protocol.wire.session import Person, Role
from tests.service.conftest import Serve, SignedIn
from tests.service.people import hire
from tests.service.roster_requests import ask, asked, decide
from tests.service.rosters import (
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
TUESDAY, SUNDAY = later(MONDAY, 1), later(MONDAY, 6)
MANY = [f"7{number:04}" for number in range(120)]
WEEK = Rotation("week", ("day",) * 5 + ("-", "-"))
FEASTS = tuple(Holiday(later(MONDAY, 7 + at), "feast", True) for at in range(7))


@pytest.fixture
async def service(serve: Serve, data: Path) -> AsyncIterator[Service]:
    """With a team that is big enough for many warnings."""
    hire(data, [Person(number, "x", (Role.AGENT,), "T") for number in MANY], "-")
    settings = msgspec.structs.replace(PLANNED, rotations=(WEEK,), holidays=FEASTS)
    async with serve(settings) as running:
        yield running


async def refusal(tried: Awaitable[object]) -> Refused:
    """Why it is refused."""
    with pytest.raises(Refused) as refused:
        await tried
    return refused.value


async def test_a_draft_does_not_undo_what_was_agreed_after_it(signed_in: SignedIn) -> None:
    lead, agent = await signed_in("2001"), await signed_in("1001")
    await draft(lead, DraftDay("1001", MONDAY, "day"), DraftDay("1001", TUESDAY, "day"))
    await publish(lead, MONDAY, SUNDAY)
    await draft(lead, DraftDay("1001", MONDAY, "late"), DraftDay("1001", TUESDAY, "late"))
    leave = await ask(agent, asked(RequestKind.LEAVE, 13, 18))
    await decide(lead, leave.request)
    agreed = plans((await shown(lead, MONDAY, MONDAY)).published)
    (found,) = (await check(lead, MONDAY, SUNDAY)).findings
    assert (found.code, found.severity, found.day) == ("PLAN_CHANGED", Severity.REFUSE, MONDAY)
    assert (found.measured, found.limit) == (2, 1)
    refused = await refusal(publish(lead, MONDAY, SUNDAY, [found.name()]))
    told = {"agent": "1001", "day": MONDAY.isoformat()}
    assert (refused.code, refused.params) == ("plan_changed", told)
    assert plans((await shown(lead, MONDAY, MONDAY)).published) == agreed
    assert (await publish(lead, TUESDAY, TUESDAY)).revision == 3
    await draft(lead, DraftDay("1001", MONDAY, "late"))
    assert (await publish(lead, MONDAY, SUNDAY)).revision == 4


async def test_what_became_the_plan_otherwise_is_no_change(signed_in: SignedIn) -> None:
    lead, chief = await signed_in("2001"), await signed_in("3001")
    await draft(lead, DraftDay("1001", MONDAY, "day"), DraftDay("1001", TUESDAY, "day"))
    await publish(chief, MONDAY, MONDAY)
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    assert (await check(lead, MONDAY, SUNDAY)).changes == 1
    assert (await publish(lead, MONDAY, SUNDAY)).days == 1


async def test_what_another_planner_drafts_meanwhile_is_not_published(signed_in: SignedIn) -> None:
    lead, chief = await signed_in("2001"), await signed_in("3001")
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    looked_at = (await check(lead, MONDAY, SUNDAY)).digest
    await draft(chief, DraftDay("1001", MONDAY, "night"))
    refused = await refusal(publish(lead, MONDAY, SUNDAY, digest=looked_at))
    assert refused.code == "digest_differs"
    told = await shown(lead, MONDAY, SUNDAY)
    assert (told.published, plans(told.drafted)) == ((), {("1001", MONDAY): plan_of(NIGHT, MONDAY)})
    await draft(chief, DraftDay("1001", MONDAY, "day"))
    assert (await publish(lead, MONDAY, SUNDAY, digest=looked_at)).revision == 1


async def test_the_same_act_is_answered_also_when_its_drafts_are_gone(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    looked_at = (await check(lead, MONDAY, SUNDAY)).digest
    once = await publish(lead, MONDAY, SUNDAY, key="k", digest=looked_at)
    again = await publish(lead, MONDAY, SUNDAY, key="k", digest=looked_at)
    assert (again.revision, again.days) == (once.revision, once.days)


async def test_more_warnings_than_are_told_are_accepted_as_a_whole(signed_in: SignedIn) -> None:
    chief = await signed_in("3001")
    first, last = later(MONDAY, 7), later(MONDAY, 13)
    await rotate(chief, "week", MANY, first, last)
    found = await check(chief, first, last, "T")
    names = [each.name() for each in found.findings]
    left_off = found.findings_left_off
    assert (len(names), left_off > 0) == (500, True)
    refused = await refusal(publish(chief, first, last, names[1:], team="T"))
    assert (refused.code, refused.params["count"]) == ("roster_warnings", 1)
    assert (await publish(chief, first, last, names, team="T")).days == found.changes


async def test_too_many_days_at_once_are_refused(signed_in: SignedIn) -> None:
    chief = await signed_in("3001")
    last = later(MONDAY, 41)
    filled = await refusal(rotate(chief, "week", MANY, MONDAY, last))
    for part in (MANY[:60], MANY[60:]):
        await rotate(chief, "week", part, MONDAY, last)
    published = await refusal(publish(chief, MONDAY, last, team="T"))
    for refused in (filled, published):
        told = {"days": len(MANY) * 42, "limit": roster.MAX_CHANGES}
        assert (refused.code, refused.params) == ("too_many_days", told)
    assert (await shown(chief, MONDAY, MONDAY, "T")).published == ()


async def test_a_plan_that_changes_while_it_is_checked_is_looked_at_again(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer trusts nothing that was found with other plans."""
    lead = await signed_in("2001")
    await draft(lead, DraftDay("1001", MONDAY, "day"))
    told = iter((-1, -1))
    known = Planner.last_position
    monkeypatch.setattr(Planner, "last_position", lambda *asked: next(told, known(*asked)))
    assert (await publish(lead, MONDAY, SUNDAY)).revision == 1
    await draft(lead, DraftDay("1001", TUESDAY, "day"))
    monkeypatch.setattr(Planner, "last_position", lambda *_: -1)
    refused = await refusal(publish(lead, MONDAY, SUNDAY))
    assert refused.code == "digest_differs"
    assert len((await shown(lead, MONDAY, SUNDAY)).drafted) == 1


async def test_the_keys_of_publications_and_requests_do_not_meet(signed_in: SignedIn) -> None:
    lead, chief = await signed_in("2001"), await signed_in("3001")
    await draft(chief, DraftDay("2001", MONDAY, "day"))
    await publish(chief, MONDAY, MONDAY)
    row = await ask(lead, asked(RequestKind.LEAVE, 13, 18, agent="2001"), "k1")
    await decide(chief, row.request)
    await draft(lead, DraftDay("1001", TUESDAY, "late"))
    published = await publish(lead, TUESDAY, TUESDAY, key="k1")
    assert (published.revision, published.days) == (3, 1)
    told = plans((await shown(lead, TUESDAY, TUESDAY)).published)
    assert told["1001", TUESDAY] == plan_of(LATE, TUESDAY)
