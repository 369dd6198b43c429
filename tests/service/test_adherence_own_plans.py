"""What a seat is told of its person's plan: at the sign-in, and whenever it changed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.own_day import Sitting, computed
from agent_service.adherence.own_plan import Seat, light, read_own_plan
from agent_service.commands.ledger import verify
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallHeld
from protocol.facts.correction import ExceptionProposed, Overlay
from protocol.facts.session import SessionAnchored
from protocol.facts.shift import IncidentConfirmed
from protocol.rules.day_segments import SessionFacts, day_segments
from protocol.wire.attendance import AttendanceRecorded, LockMonth, NameSubstitute
from protocol.wire.exceptions import ProposeException
from protocol.wire.roster import OwnPlan
from protocol.wire.session import Person, Role
from tests.service.conftest import SignedIn
from tests.service.shifts import DAY, NINE_TO_SIX, WHERE, at, enters, shifts, shifts_in

PERSON = Person("1001", "name", (Role.AGENT,), "A")
FACTS = st.sampled_from(
    [
        enters(State.READY),
        enters(State.LOGGED_OFF),
        CallHeld("c"),
        SessionAnchored(50, 0, 5, "boot", "s0", 40),
    ]
)
TIMES = st.none() | st.integers(0, 100)
SESSION = st.lists(st.tuples(TIMES, FACTS), max_size=6)


@given(st.lists(SESSION, max_size=3))
def test_what_is_left_out_changes_no_day(told: list[list[tuple[int | None, object]]]) -> None:
    whole = [SessionFacts(f"s{number}", facts) for number, facts in enumerate(told)]
    less = [SessionFacts(each.session, list(light(each.facts))) for each in whole]
    assert day_segments(less, 0, 200) == day_segments(whole, 0, 200)


def test_the_seat_computes_what_the_service_computes(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001")
        floor.plan("1001", NINE_TO_SIX)
        floor.begin("1001", "elsewhere")
        told = [
            (at("09:00"), enters(State.READY)),
            (at("10:00"), enters(State.NOT_READY, Reason.SYSTEM_FAULT)),
            (at("10:20"), enters(State.READY)),
            (at("11:00"), CallHeld("c")),
        ]
        floor.tell("elsewhere", told)
        span = (
            "e",
            "1001",
            DAY,
            at("10:30"),
            at("10:40"),
            Overlay.EXCUSE,
            "COACHING",
            "so",
            "1001",
        )
        floor.record(ExceptionProposed(*span))
        floor.record(IncidentConfirmed("i", at("10:00"), at("10:10"), "A", "3001", "switch"))
        floor.now_ms = at("12:00")
        floor.begin("1001", "here")
        own = [(at("12:00"), enters(State.READY)), (at("17:00"), enters(State.LOGGED_OFF))]
        floor.tell("here", own)
        floor.now_ms = at("19:00")
        seat = Seat(PERSON, "here")
        plan = read_own_plan(floor.connection, seat, floor.moment)
        sitting = Sitting("1001", plan, [SessionFacts("here", own)], WHERE, floor.now_ms)
        alone, served = computed(sitting, DAY), floor.day_of("1001")
    assert alone.window == served.window
    assert alone.figure == served.figure
    assert {each.session for each in plan.before} == {"elsewhere"}
    assert [each.incident for each in plan.incidents] == ["i"]


async def test_it_is_told_at_the_sign_in_and_when_it_changed(
    signed_in: SignedIn, data: Path
) -> None:
    today = (
        datetime.now(UTC).astimezone(WHERE).date()
    )  # the service tells the days around its own now
    with shifts_in(data) as floor:
        floor.now_ms = at("00:01", today)
        floor.plan("1001", NINE_TO_SIX, today)
    client = await signed_in("1001")
    first = await client.expect(OwnPlan)
    assert [each.day for each in first.plans] == [today]
    assert first.person.name == "王芳"
    with shifts_in(data) as floor:
        floor.now_ms = at("00:02", today)
        floor.plan("1001", (), today + timedelta(days=1))
    assert len((await client.expect(OwnPlan)).plans) == 2
    told = (client.next_id(), "key", "1001", today, at("10:30", today), at("10:40", today))
    await client.request(ProposeException(*told, Overlay.EXCUSE, "COACHING", "so"))
    assert [each.code for each in (await client.expect(OwnPlan)).exceptions] == ["COACHING"]
    site = await signed_in("3001")
    assert isinstance(await site.request(LockMonth(site.next_id(), "2020-01")), AttendanceRecorded)
    assert (await client.expect(OwnPlan)).fixed == ()
    verify(data)


async def test_a_substitute_is_told_of_the_shift_and_of_every_other_plan_of_it(
    signed_in: SignedIn, data: Path
) -> None:
    # of a shift that has not begun by the service's clock, who stands in needs not have been seen
    tomorrow = datetime.now(UTC).astimezone(WHERE).date() + timedelta(days=1)
    with shifts_in(data) as floor:
        floor.now_ms = at("00:01", tomorrow - timedelta(days=1))
        floor.plan("1001", NINE_TO_SIX, tomorrow)
    client, site = await signed_in("1002"), await signed_in("3001")
    assert (await client.expect(OwnPlan)).stand_ins == ()

    async def named(substitute: str) -> None:
        told = (site.next_id(), "1001", tomorrow, substitute, "ill")
        await site.request(NameSubstitute(*told))

    await named("1002")
    (stood_in,) = (await client.expect(OwnPlan)).stand_ins
    assert (stood_in.agent, stood_in.actor, len(stood_in.segments)) == ("1001", "3001", 3)
    await named("")
    assert (await client.expect(OwnPlan)).stand_ins == ()
    verify(data)
