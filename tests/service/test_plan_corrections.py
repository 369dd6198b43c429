"""A plan that was not as agreed is put right after its shift has begun: by two people, once, and
with a trace of what was before."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from agent_service.appending import appending
from agent_service.commands.ledger import verify
from protocol.facts.attendance import MonthLocked
from protocol.facts.shift import PlanCause
from protocol.rules.exception_decisions import Standing
from protocol.wire.attendance import NameSubstitute, RecordPresence
from protocol.wire.report import GetReport, Report
from protocol.wire.roster import DraftDay, ProposedDay
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.correction_requests import (
    EARLY,
    LATE,
    decided,
    late,
    page,
    proposed,
    refusal,
    stale_roster,
)
from tests.service.exception_requests import days_ago, listed
from tests.service.operator import Operator
from tests.service.people import CLOCK
from tests.service.rosters import shown
from tests.service.shifts import at, segments, shifts_in

DAY = timedelta(days=1)


@pytest.fixture
def day(data: Path) -> date:
    """Yesterday, with a roster that is stale."""
    yesterday = days_ago(1)
    stale_roster(data, yesterday)
    return yesterday


def share(told) -> float:
    return round(100 * told.figure.in_adherence_s / told.figure.counted_s, 2)


async def test_a_stale_roster_counts_as_agreed_once_two_have_said_so(
    signed_in: SignedIn, data: Path, day: date, operator: Operator
) -> None:
    agent, lead, second = [await signed_in(number) for number in ("1001", "2001", "3001")]
    asked = await proposed(
        lead, late("1001", day), text=" Zhao and Wang had swapped ", evidence=("mail 4",)
    )
    assert (asked.standing, asked.text, asked.actor, asked.evidence) == (
        Standing.SECOND,
        "Zhao and Wang had swapped",
        "2001",
        ("mail 4",),
    )
    before = await page(agent)
    assert (share(before), before.corrections) == (38.89, (asked,))
    assert (await listed(second, open_only=True)).corrections == (asked,)
    approved = await decided(second, asked.correction, text="seen on the floor")
    assert (approved.standing, approved.decided_by, approved.revision) == ("approved", "3001", 2)
    after = await page(agent)
    assert (share(after), after.corrections) == (100.0, (approved,))
    old, new = after.plans
    assert (old.segments, new.segments) == (segments(EARLY, day), segments(LATE, day))
    assert (new.cause, new.request, new.actor) == (
        PlanCause.CORRECTION,
        asked.correction,
        "3001",
    )
    assert not (await listed(second, open_only=True)).corrections
    words = ("explain", "adherence", "--agent", "1001", "--date", str(day))
    _, told, _ = operator.run(*words, "--data", str(data))
    assert "proposed by 2001" in told
    assert "evidence: mail 4" in told
    assert "seen on the floor" in told
    verify(data)


@pytest.mark.parametrize(
    ("actor", "agent", "code"),
    [
        ("1001", "1003", "not_permitted"),
        ("2001", "2001", "own_case"),
        ("2001", "1002", "not_permitted"),
        ("2001", "9999", "unknown_agent"),
    ],
)
async def test_who_may_propose_for_whom(
    signed_in: SignedIn, day: date, actor: str, agent: str, code: str
) -> None:
    assert await refusal(proposed(await signed_in(actor), late(agent, day))) == code


async def test_what_can_not_be_proposed(signed_in: SignedIn, day: date) -> None:
    lead = await signed_in("2001")
    tomorrow = days_ago(-1)
    wrong = {
        "bad_text": proposed(lead, late("1001", day), text=" "),
        "malformed_message": proposed(lead),
        "same_plan": proposed(lead, DraftDay("1001", day, segments=segments(EARLY, day))),
        "not_begun": proposed(lead, late("1001", tomorrow)),
        "bad_plan": proposed(lead, DraftDay("1001", day, segments=segments(LATE, tomorrow))),
        "unknown_pattern": proposed(lead, DraftDay("1001", day, "none")),
        "too_many_days": proposed(lead, *[late("1001", days_ago(each)) for each in range(5)]),
    }
    assert {await refusal(asked) for asked in wrong.values()} == set(wrong)
    assert await refusal(proposed(lead, DraftDay("1001", day))) == "malformed_message"
    for changed in ({"key": "k" * 65}, {"evidence": ("",)}, {"evidence": ("x" * 201,)}):
        assert await refusal(proposed(lead, late("1001", day), **changed)) == "malformed_message"
    assert not (await listed(lead)).corrections


async def test_the_same_again_is_answered_as_the_first_time(
    signed_in: SignedIn, data: Path, day: date
) -> None:
    lead, second = await signed_in("2001"), await signed_in("3001")
    asked = await proposed(lead, late("1001", day), key="k")
    assert await proposed(lead, DraftDay("1001", day, "-"), key="k") == asked
    approved = await decided(second, asked.correction)
    position = verify(data).position
    assert await decided(second, asked.correction, text="again") == approved
    assert await proposed(lead, late("1001", day), key="k") == approved
    assert verify(data).position == position
    assert await refusal(decided(second, asked.correction, approved=False)) == "already_decided"
    assert len((await page(lead)).plans) == 2


async def undecidable(client: Client) -> list[str]:
    """Why whoever asks can't approve what is listed for them."""
    return [row.undecidable for row in (await listed(client)).corrections]


async def test_who_may_decide(signed_in: SignedIn, day: date) -> None:
    agent, lead, other, second = [
        await signed_in(number) for number in ("1001", "2001", "2002", "3001")
    ]
    asked = await proposed(lead, late("1001", day))
    assert await refusal(decided(lead, asked.correction)) == "second_by_same"
    assert await undecidable(lead) == ["second_by_same"]
    assert await undecidable(second) == [""]
    assert await undecidable(agent) == ["own_case"]
    assert await refusal(decided(agent, asked.correction)) == "not_permitted"
    assert await refusal(decided(other, asked.correction)) == "not_permitted"
    assert await refusal(decided(second, "none")) == "unknown_correction"
    assert not (await listed(other)).corrections
    of_lead = await proposed(second, late("2001", day))
    assert await refusal(decided(lead, of_lead.correction)) == "own_case"
    taken_back = await decided(lead, asked.correction, approved=False, text="the wrong day")
    assert await undecidable(lead) == [""]
    assert (taken_back.standing, taken_back.decided_by) == (Standing.REJECTED, "2001")
    assert share(await page(lead)) == 38.89


async def test_the_substitute_has_no_say_in_the_plan_of_the_shift(
    signed_in: SignedIn, data: Path, day: date
) -> None:
    site, lead, admin = [await signed_in(number) for number in ("3001", "2001", "admin")]
    before = await proposed(lead, late("1001", day), key="before")
    came, left = at("09:00", day), at("18:00", day)
    await site.request(RecordPresence(site.next_id(), "2001", day, came, left, "was there", "1001"))
    await site.request(NameSubstitute(site.next_id(), "1001", day, "2001", "ill"))
    assert await proposed(lead, late("1001", day), key="before") == before
    assert await refusal(proposed(lead, late("1001", day))) == "own_case"
    asked = await proposed(site, late("1001", day))
    assert await refusal(decided(lead, asked.correction)) == "own_case"
    assert await refusal(decided(lead, asked.correction, approved=False)) == "own_case"
    assert await undecidable(lead) == ["own_case", "own_case"]
    assert await undecidable(admin) == ["", ""]
    assert (await decided(admin, asked.correction)).standing == Standing.APPROVED
    verify(data)


async def test_a_plan_that_changed_since_is_not_overwritten(signed_in: SignedIn, day: date) -> None:
    lead, second = await signed_in("2001"), await signed_in("3001")
    off = await proposed(lead, DraftDay("1001", day, "-"))
    right = await proposed(lead, late("1001", day))
    await decided(second, right.correction)
    assert await refusal(decided(second, off.correction)) == "plan_changed"
    assert share(await page(lead)) == 100.0
    await decided(second, off.correction, approved=False, text="no")
    assert not (await listed(second, open_only=True)).corrections


async def test_a_lead_sees_in_the_roster_what_is_still_to_be_decided(
    signed_in: SignedIn, day: date
) -> None:
    agent, lead, second = [await signed_in(number) for number in ("1001", "2001", "3001")]
    earlier = await proposed(lead, DraftDay("1001", day, "-"))
    asked = await proposed(lead, late("1001", day))
    (told,) = (await shown(second, day, day)).proposed
    assert told == ProposedDay(
        asked.correction, "1001", day, "2001", asked.proposed_ms, segments(LATE, day)
    )
    assert not (await shown(second, day + DAY, day + DAY)).proposed
    assert not (await shown(second, day, day, agent="1003")).proposed
    assert not (await shown(agent, day, day)).proposed
    await decided(second, asked.correction)
    (left,) = (await shown(lead, day, day)).proposed
    assert (left.correction, left.segments) == (earlier.correction, ())
    await decided(second, earlier.correction, approved=False, text="no")
    assert not (await shown(lead, day, day)).proposed


async def test_a_swap_is_one_correction_of_both_people(
    signed_in: SignedIn, data: Path, day: date
) -> None:
    with shifts_in(data) as floor:
        floor.now_ms = at("22:01", day)
        floor.plan("1003", LATE, day)
    lead, second, agent = [await signed_in(number) for number in ("3001", "admin", "1001")]
    early = DraftDay("1003", day, segments=segments(EARLY, day))
    asked = await proposed(lead, late("1001", day), early)
    assert [each.agent for each in asked.days] == ["1001", "1003"]
    own = await page(agent)
    assert [each.agent for row in own.corrections for each in row.days] == ["1001"]
    assert not (await listed(await signed_in("2001"))).corrections
    await decided(second, asked.correction)
    both = [await page(lead, number) for number in ("1001", "1003")]
    assert {told.plans[-1].revision for told in both} == {both[0].plans[-1].revision}
    assert [told.plans[-1].segments for told in both] == [
        segments(LATE, day),
        segments(EARLY, day),
    ]


async def test_after_the_lock_of_its_month_it_enters_the_present_one_as_an_adjustment(
    signed_in: SignedIn, data: Path
) -> None:
    long_ago = days_ago(40)
    stale_roster(data, long_ago)
    with appending(data, CLOCK) as books:
        lock = MonthLocked(long_ago.isoformat()[:7], "digest", "3001")
        books.appender.record(books.connection, lock)
    lead, second = await signed_in("2001"), await signed_in("3001")
    asked = await proposed(lead, late("1001", long_ago))
    approved = await decided(second, asked.correction)
    assert approved.adjusts == days_ago(0).isoformat()[:7]
    assert share(await page(lead, days=40)) == 38.89
    table = await adjustments(second)
    names = [column.name for column in table.columns]
    (row,) = (dict(zip(names, each, strict=True)) for each in table.rows)
    assert (row["day"], row["agent"]) == (long_ago.isoformat(), "1001")
    assert (row["locked_attendance"], row["adjusted_attendance"]) == ("ABSENT_HALF_DAY", "NORMAL")
    assert (row["locked_adherence"], row["adjusted_adherence"]) == (38.89, 100.0)


async def adjustments(client: Client) -> Report:
    """Of the present month."""
    today = days_ago(0)
    reply = await client.request(GetReport(client.next_id(), "adjustments", today, today))
    assert isinstance(reply, Report)
    return reply
