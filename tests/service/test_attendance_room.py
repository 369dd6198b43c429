"""What leads do with a month of attendance, on the wire: look, say, sign and lock."""

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from agent_service import bootstrap
from agent_service.attendance.recording import looked_at
from agent_service.commands.ledger import verify
from agent_service.service import Service
from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked, PresenceEvidenced
from protocol.facts.correction import (
    PlanCorrectionDecided,
    PlanCorrectionProposed,
    PlanInstead,
)
from protocol.facts.session import LinkLost
from protocol.wire import codec
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.attendance import (
    AttendanceMonth,
    AttendanceRecorded,
    GetAttendance,
    LockMonth,
    NameSubstitute,
    RecordPresence,
    SignMonth,
)
from protocol.wire.errors import Refused
from protocol.wire.exceptions import (
    DecideExceptions,
    Exceptions,
    ExceptionsDecided,
    GetExceptions,
)
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exception_requests import days_ago
from tests.service.shifts import NINE_TO_SIX, at, enters, segments, shifts_in
from tests.service.substituting import recorder_of

DAY = date(2025, 3, 3)
MONTH = "2025-03"
NEXT = DAY + timedelta(days=1)
CAME, LEFT = at("09:10", DAY), at("18:00", DAY)


@pytest.fixture
def data(data: Path) -> Path:
    """1001 of team A came late, 1002 of team B never, and a seat of 1003's was lost."""
    with shifts_in(data) as floor:
        floor.now_ms = at("08:00", DAY)
        for agent in ("1001", "1002"):
            floor.plan(agent, NINE_TO_SIX, DAY)
        floor.begin("1001", "s1001")
        floor.tell("s1001", [(CAME, enters(State.READY)), (LEFT, enters(State.LOGGED_OFF))])
    return data


async def month(client: Client, **whose: str) -> AttendanceMonth:
    reply = await client.request(GetAttendance(client.next_id(), MONTH, **whose))
    assert isinstance(reply, AttendanceMonth)
    return reply


async def seen(
    client: Client,
    agent: str,
    arrived_ms: int | None = CAME,
    left_ms: int | None = None,
    for_agent: str = "",
) -> None:
    times = arrived_ms, left_ms
    asked = RecordPresence(client.next_id(), agent, DAY, *times, "was there", for_agent)
    assert isinstance(await client.request(asked), AttendanceRecorded)


async def stands_in(client: Client, agent: str, substitute: str) -> None:
    asked = NameSubstitute(client.next_id(), agent, DAY, substitute, "ill")
    assert isinstance(await client.request(asked), AttendanceRecorded)


async def sign(client: Client, team: str, digest: str, of: str = MONTH, text: str = "") -> None:
    reply = await client.request(SignMonth(client.next_id(), of, team, digest, text))
    assert isinstance(reply, AttendanceRecorded)


async def lock(client: Client, of: str = MONTH) -> None:
    reply = await client.request(LockMonth(client.next_id(), of))
    assert isinstance(reply, AttendanceRecorded)


async def test_a_leader_sees_the_own_team_and_an_agent_the_own_days(signed_in: SignedIn) -> None:
    agent, lead, site = [await signed_in(number) for number in ("1001", "2001", "3001")]
    assert [row.code for row in (await month(agent)).rows] == ["LATE"]
    of_team = await month(lead)
    assert [(row.agent, row.late_s) for row in of_team.rows] == [("1001", 600)]
    assert of_team.names["1001"] == "王芳"
    assert [row.code for row in (await month(site, team="B")).rows] == ["ABSENT"]
    assert (await month(site)).rows == ()
    assert (await month(site, agent="1002")).rows == (await month(site, team="B")).rows


@pytest.mark.parametrize(
    ("actor", "whose", "code"),
    [
        ("1001", {"agent": "1002"}, "not_permitted"),
        ("2001", {"team": "B"}, "not_permitted"),
        ("2001", {"agent": "1002"}, "not_permitted"),
        ("3001", {"agent": "9999"}, "unknown_agent"),
    ],
)
async def test_others_are_not_shown(
    signed_in: SignedIn, actor: str, whose: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        await month(await signed_in(actor), **whose)


async def test_evidence_is_recorded_once_and_counts(
    signed_in: SignedIn, service: Service, data: Path
) -> None:
    lead = await signed_in("2001")
    await seen(lead, "1001", at("08:59", DAY))
    before = service.writer.head.position
    await seen(lead, "1001", at("08:59", DAY))
    assert service.writer.head.position == before
    (row,) = (await month(lead)).rows
    assert (row.code, row.evidence) == ("NORMAL", "was there")
    verify(data)


async def test_nobody_was_seen_at_a_time_that_is_still_to_come(signed_in: SignedIn) -> None:
    lead, now_ms = await signed_in("2001"), bootstrap.now_ms()
    times = now_ms - 60_000, now_ms + 60_000
    asked = RecordPresence(lead.next_id(), "1001", days_ago(0), *times, "is there")
    with pytest.raises(Refused) as refused:
        await lead.request(asked)
    assert refused.value.code == "presence_ahead"
    past = msgspec.structs.replace(asked, id=lead.next_id(), left_ms=None)
    assert isinstance(await lead.request(past), AttendanceRecorded)


@pytest.mark.parametrize(
    ("actor", "agent", "arrived_ms", "left_ms", "code"),
    [
        ("1001", "1001", CAME, None, "not_permitted"),
        ("2001", "2001", CAME, None, "own_case"),
        ("2001", "1002", CAME, None, "not_permitted"),
        ("2001", "1001", None, None, "bad_interval"),
        ("2001", "1001", LEFT, CAME, "bad_interval"),
        ("2001", "1001", CAME - 90 * 3_600_000, None, "bad_interval"),
    ],
)
async def test_evidence_that_nobody_can_give_is_refused(
    signed_in: SignedIn,
    actor: str,
    agent: str,
    arrived_ms: int | None,
    left_ms: int | None,
    code: str,
) -> None:
    with pytest.raises(Refused, match=code):
        await seen(await signed_in(actor), agent, arrived_ms, left_ms)


async def named(client: Client, agent: str, substitute: str, day: date = DAY) -> None:
    await client.request(NameSubstitute(client.next_id(), agent, day, substitute, "ill"))


async def test_a_substitute_is_named_and_taken_back(signed_in: SignedIn) -> None:
    site = await signed_in("3001")
    with pytest.raises(Refused, match=r"substitute_busy.*1001.*09:00.*18:00"):
        await named(site, "1002", "1001")
    with pytest.raises(Refused, match=r"substitute_absent.*1003.*09:00.*18:00"):
        await named(site, "1002", "1003")
    await seen(site, "1003", for_agent="1002")
    await named(site, "1002", "1003")
    (given_away,) = (await month(site, team="B")).rows
    assert (given_away.agent, given_away.code, given_away.named_by) == ("1002", "LEAVE", "3001")
    shown = await month(site, agent="1003")
    (row,) = shown.rows
    assert (row.for_agent, row.code, row.evidence) == ("1002", "LATE", "was there")
    assert shown.names["1002"] == "Li Wei"
    with pytest.raises(Refused, match="no_shift"):
        await seen(site, "1001", for_agent="1003")
    with pytest.raises(Refused, match=r"substitute_absent.*1002"):
        await named(site, "1002", "")
    await seen(site, "1002", at("17:59", DAY))
    await named(site, "1002", "")
    assert [row.code for row in (await month(site, team="B")).rows] == ["ABSENT"]


@pytest.mark.parametrize(
    ("actor", "agent", "substitute", "days", "code"),
    [
        ("2001", "1001", "2001", 0, "own_case"),
        ("2001", "1001", "1002", 0, "not_permitted"),
        ("3001", "1001", "1001", 0, "malformed_message"),
        ("3001", "1001", "1002", 1, "no_shift"),
        ("3001", "1001", "9999", 0, "unknown_agent"),
    ],
)
async def test_a_substitute_who_can_not_be_named(
    signed_in: SignedIn, actor: str, agent: str, substitute: str, days: int, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        await named(await signed_in(actor), agent, substitute, DAY + timedelta(days=days))


async def test_a_month_is_signed_by_each_team_and_then_locked(
    signed_in: SignedIn, data: Path
) -> None:
    lead, site = await signed_in("2001"), await signed_in("3001")
    shown = await month(lead)
    with pytest.raises(Refused, match="not_permitted"):
        await sign(lead, "B", shown.digest)
    with pytest.raises(Refused, match="digest_differs"):
        await sign(lead, "A", "another")
    await sign(lead, "A", shown.digest)
    await sign(lead, "A", shown.digest)
    signed = await month(lead)
    assert (signed.signed_by, signed.signed_digest) == ("2001", shown.digest)
    with pytest.raises(Refused, match=r"month_not_signed.*B"):
        await lock(site)
    await sign(site, "B", (await month(site, team="B")).digest)
    with pytest.raises(Refused, match="not_permitted"):
        await lock(lead)
    await lock(site)
    await lock(site)
    assert (await month(lead)).locked
    with pytest.raises(Refused, match="month_locked"):
        await seen(lead, "1001")
    with pytest.raises(Refused, match="month_locked"):
        await sign(lead, "A", shown.digest)
    verify(data)


async def test_a_signature_has_a_remark(signed_in: SignedIn, service: Service, data: Path) -> None:
    lead = await signed_in("2001")
    digest = (await month(lead)).digest
    await sign(lead, "A", digest, text="  王芳 was late once\n")
    head = service.writer.head
    await sign(lead, "A", digest, text="王芳 was late once")
    assert service.writer.head == head
    assert (await month(lead)).signed_text == "王芳 was late once"
    with pytest.raises(Refused, match=r"bad_text.*200"):
        await sign(lead, "A", digest, text="x" * 201)
    with pytest.raises(Refused, match="bad_text"):
        await sign(lead, "A", digest, text="\x1b[2J")
    await sign(lead, "A", digest)
    assert (await month(lead)).signed_text == ""
    verify(data)


async def test_a_month_with_something_undecided_is_not_locked(
    signed_in: SignedIn, data: Path
) -> None:
    """What follows from its facts is put on record first."""
    with shifts_in(data) as floor:
        floor.now_ms = at("08:00", NEXT)
        floor.plan("1001", NINE_TO_SIX, NEXT)
        floor.begin("1001", "t")
        fault = enters(State.NOT_READY, Reason.SYSTEM_FAULT)
        told = [("09:00", enters(State.READY)), ("10:00", fault), ("11:00", enters(State.READY))]
        facts = [(at(clock, NEXT), fact) for clock, fact in told]
        floor.tell("t", [*facts, (at("18:00", NEXT), enters(State.LOGGED_OFF))])
    lead, site = await signed_in("2001"), await signed_in("3001")
    for team in ("A", "B"):
        await sign(site, team, (await month(site, team=team)).digest)
    with pytest.raises(Refused, match=r"open_exceptions.*1001"):
        await lock(site)
    asked = GetExceptions(site.next_id(), DAY, NEXT)
    queue = await site.request(asked)
    assert isinstance(queue, Exceptions)
    (waiting,) = queue.rows
    assert (waiting.code, waiting.day, waiting.actor) == ("SYSTEM_FAULT", NEXT, "system")
    decision = DecideExceptions(lead.next_id(), (waiting.exception,), approved=False)
    reply = await lead.request(decision)
    assert isinstance(reply, ExceptionsDecided)
    assert not reply.refused
    await lock(site)
    verify(data)


async def test_what_changed_after_the_signature_has_to_be_signed_again(
    signed_in: SignedIn,
) -> None:
    lead, site = await signed_in("2001"), await signed_in("3001")
    for team in ("A", "B"):
        await sign(site, team, (await month(site, team=team)).digest)
    await seen(lead, "1001", at("08:59", DAY))
    changed = await month(lead)
    assert changed.signed_digest not in ("", changed.digest)
    with pytest.raises(Refused, match=r"month_not_signed.*A"):
        await lock(site)


async def test_a_month_that_goes_on_is_not_signed(signed_in: SignedIn) -> None:
    site = await signed_in("3001")
    with pytest.raises(Refused, match="month_not_over"):
        await sign(site, "A", "any", "9998-12")
    with pytest.raises(Refused, match="month_not_over"):
        await lock(site, "9998-12")


async def test_open_days_hold_the_signature_back(data: Path, signed_in: SignedIn) -> None:
    with shifts_in(data) as floor:
        floor.now_ms = at("08:00", DAY)
        floor.plan("1003", NINE_TO_SIX, DAY)
        floor.begin("1003", "s1003")
        floor.tell("s1003", [(at("09:00", DAY), enters(State.READY))])
        floor.record(LinkLost("1003", "s1003", at("11:00", DAY)))
    site = await signed_in("3001")
    shown = await month(site)
    assert [row.code for row in shown.rows] == ["OPEN"]
    with pytest.raises(Refused, match=r"open_days.*1003"):
        await sign(site, "", shown.digest)


async def page(client: Client, agent: str, day: date = DAY) -> AdherenceDay:
    reply = await client.request(GetAdherence(client.next_id(), agent, day))
    assert isinstance(reply, AdherenceDay)
    return reply


async def test_why_a_figure_is_what_it_is(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    told = await page(lead, "1001")
    assert (told.figure.scheduled_s, told.figure.in_adherence_s) == (32_400, 28_200)
    assert [each.planned for each in told.figure.deviations] == ["WORK", "MEAL"]
    assert (told.zone, told.person.name, told.plans[-1].revision) == ("Asia/Shanghai", "王芳", 1)
    assert [each.state for each in told.recorded] == [State.READY, State.LOGGED_OFF]
    assert [row.late_s for row in told.attendance] == [600]
    assert sum(each.end_s - each.start_s for each in told.slices) == 32_400
    own = await page(agent, "1001")
    assert own.figure == told.figure


async def test_a_day_too_long_for_an_answer_is_told_in_part(
    data: Path, signed_in: SignedIn
) -> None:
    with shifts_in(data) as floor:
        floor.now_ms = at("08:00", DAY)
        floor.plan("1003", NINE_TO_SIX, DAY)
        floor.begin("1003", "mad")
        states = (State.NOT_READY, State.READY)
        for first in range(0, 12_000, 400):
            told = [
                (at("09:00", DAY) + number * 2_000, enters(states[number % 2], Reason.EXAM))
                for number in range(first, first + 400)
            ]
            floor.tell("mad", told)
    told_of = await page(await signed_in("3001"), "1003")
    assert len(codec.encode(told_of)) < codec.MAX_FRAME_BYTES
    assert told_of.left_off > 0
    figure = told_of.figure
    assert figure.in_adherence_s + figure.out_of_adherence_s == figure.scheduled_s == 32_400


@pytest.mark.parametrize("changes", ["plan", "evidence", "facts", "proposal", "rejection"])
def test_a_month_that_changed_while_it_was_looked_at_is_not_locked(
    data: Path, changes: str
) -> None:
    with shifts_in(data, "of the next month") as floor:
        floor.now_ms = at("24:00", DAY.replace(day=31))
        recorder = recorder_of(floor)
        instead = PlanInstead("1001", DAY, segments(NINE_TO_SIX, DAY), ())
        floor.record(PlanCorrectionProposed("c1", (instead,), "2001", "swapped"))
        span = DAY.replace(day=1), DAY.replace(day=31)
        looked = looked_at(floor.appender.head.position, span, at("24:00", span[1]))
        fact = MonthLocked(MONTH, "digest", "3001")
        change = {
            "plan": lambda: floor.plan("1001", (), DAY),
            "evidence": lambda: floor.record(
                PresenceEvidenced("1001", DAY, CAME, None, "2001", "seen")
            ),
            "facts": lambda: floor.work("1002", "late", "09:00", "18:00", DAY),
            "proposal": lambda: floor.record(
                PlanCorrectionProposed("c2", (instead,), "2001", "swapped")
            ),
            "rejection": lambda: floor.record(PlanCorrectionDecided("c1", False, "3001")),
        }
        change[changes]()
        with pytest.raises(Refused, match="digest_differs"), floor.committed():
            recorder.lock(floor.connection, fact, looked)
        floor.connection.execute("ROLLBACK")
        again = looked_at(floor.appender.head.position, span, at("24:00", span[1]))
        with floor.committed():
            recorder.lock(floor.connection, fact, again)


def test_a_month_of_which_something_is_not_stored_yet_is_not_locked(data: Path) -> None:
    with shifts_in(data) as floor:
        recorder = recorder_of(floor)
        span = DAY.replace(day=1), DAY.replace(day=31)
        looked = looked_at(floor.appender.head.position, span, at("24:00", span[1]))
        fact = MonthLocked(MONTH, "digest", "3001")
        with floor.committed():
            recorder.see(
                floor.connection, PresenceEvidenced("1001", DAY, CAME, None, "2001", "seen")
            )
            with pytest.raises(Refused, match="digest_differs"):
                recorder.lock(floor.connection, fact, looked)
        assert floor.projections.locks.find(floor.connection, MONTH) is None


async def test_the_substitute_does_not_take_back_the_stand_in(signed_in: SignedIn) -> None:
    site, lead = await signed_in("3001"), await signed_in("2001")
    for number in ("2001", "2002"):
        await seen(site, number, for_agent="1001")
    await stands_in(site, "1001", "2001")
    with pytest.raises(Refused, match="own_case"):
        await stands_in(lead, "1001", "")
    await stands_in(site, "1001", "2002")
    with pytest.raises(Refused, match="not_permitted"):
        await stands_in(lead, "1001", "")
    await stands_in(site, "1001", "")


async def test_pages_that_nobody_may_see(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    with pytest.raises(Refused, match="not_permitted"):
        await page(agent, "1002")
    with pytest.raises(Refused, match="not_permitted"):
        await page(lead, "1002")
    with pytest.raises(Refused, match="unknown_agent"):
        await page(lead, "9999")
    with pytest.raises(Refused, match="malformed_message"):
        await page(lead, "1001", date.max)
