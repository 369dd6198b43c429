"""The person's own plan and figures at the seat: told by the service, computed by the desk, kept
for when the service is away."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from agent_client.seat import own_day
from agent_client.seat.own_day import Sitting as Known
from agent_client.seat.plan_cache import PlanCache
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import encode_fact
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.day_rules import AdherenceRules, DayRules
from protocol.rules.day_segments import SessionFacts
from protocol.rules.stand_ins import StandIn
from protocol.wire import desk, desk_plan
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.codec import MAX_FRAME_BYTES
from protocol.wire.desk_plan import AskService, OwnDay, ServiceAnswered, WatchDay
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import ExceptionRow, Overlay, Standing
from protocol.wire.handover import GetHandovers, Handovers, OwnNotices
from protocol.wire.roster import AdoptedRules, DayPlan, OwnPlan, ToldFact
from protocol.wire.session import Person, Role
from protocol.wire.sync import Link
from tests.seat.service import SERVER_MS, FakeService, eventually
from tests.seat.sitting import Sitting

HOUR = 3_600_000
TODAY = date(2027, 1, 15)
MIDNIGHT = int(datetime(2027, 1, 15, tzinfo=UTC).timestamp()) * 1000
PERSON = Person("1001", "Li", (Role.AGENT,), "a")
RULES = AdoptedRules(date(2000, 1, 1), "v1", DayRules())


def at(hour: float) -> int:
    return MIDNIGHT + int(hour * HOUR)


def shift(*parts: tuple[float, float, Activity], day: date = TODAY) -> DayPlan:
    segments = tuple(PlannedSegment(at(start), at(end), what) for start, end, what in parts)
    return DayPlan("1001", day, segments, "early", 1)


DAY = shift((8, 10, Activity.WORK), (10, 10.5, Activity.BREAK), (10.5, 14, Activity.WORK))


def own_plan(*plans: DayPlan, before: tuple[ToldFact, ...] = (), **more: object) -> OwnPlan:
    told = {"rules": (RULES,), "exceptions": (), "incidents": ()} | more
    return OwnPlan(agent="1001", plans=plans, before=before, person=PERSON, **told)  # type: ignore[arg-type]


def enters(hour: float, state: State, reason: Reason | None = None) -> tuple[int, StateEntered]:
    return at(hour), StateEntered(state, "test", "1001", reason)


def known(plan: OwnPlan | None, now: float, *sessions: SessionFacts) -> Known:
    return Known("1001", plan, sessions, UTC, at(now))


def test_a_day_is_measured_up_to_now() -> None:
    session = SessionFacts("s", [enters(8.5, State.READY)])
    found = own_day.computed(known(own_plan(DAY), 9, session), TODAY)
    figure = found.figure.figure
    assert (figure.scheduled_s, figure.in_adherence_s) == (3600, 1800)
    assert found.rules.version == "v1"


def test_what_was_told_at_another_desk_counts_and_what_the_desk_has_itself_counts_once() -> None:
    told = tuple(
        ToldFact(name, when, encode_fact(fact))  # type: ignore[arg-type]  # Raw takes bytes
        for name, (when, fact) in (
            ("elsewhere", enters(8, State.READY)),
            ("elsewhere", enters(9, State.LOGGED_OFF)),
            ("here", enters(9.5, State.NOT_READY, Reason.MEAL)),
        )
    )
    here = SessionFacts("here", [enters(9.5, State.READY)])
    figure = own_day.computed(known(own_plan(DAY, before=told), 10, here), TODAY).figure.figure
    assert figure.scheduled_s - figure.in_adherence_s == 1800


def test_an_approved_exception_counts_and_a_pending_one_is_shown() -> None:
    def row(standing: Standing) -> ExceptionRow:
        return ExceptionRow(
            *("e", "1001", TODAY, at(8), at(8.5), Overlay.EXCUSE, "COACHING", "", "1002"),
            standing,
            at(9),
        )

    session = SessionFacts("s", [enters(8.5, State.READY)])
    approved = own_plan(DAY, exceptions=(row(Standing.APPROVED),))
    pending = own_plan(DAY, exceptions=(row(Standing.SECOND),))
    assert own_day.computed(known(approved, 9, session), TODAY).figure.figure.in_adherence_s == 3600
    waits = own_day.computed(known(pending, 9, session), TODAY).figure.figure
    assert (waits.in_adherence_s, waits.pending_review_s) == (1800, 1800)


def test_each_day_has_the_rules_that_hold_on_it() -> None:
    strict = AdoptedRules(date(2027, 1, 16), "v2", DayRules(AdherenceRules(grace_s=0)))
    plan = own_plan(DAY, rules=(RULES, strict))
    assert own_day.computed(known(plan, 9), TODAY).rules.version == "v1"
    assert own_day.computed(known(plan, 33), date(2027, 1, 16)).rules.version == "v2"
    assert own_day.rules_at(known(plan, 9)) == RULES.values.adherence
    assert own_day.rules_at(known(plan, 33)) == strict.values.adherence


@pytest.mark.parametrize(
    ("hour", "day"), [(-3, date(2027, 1, 14)), (1, date(2027, 1, 14)), (12, TODAY)]
)
def test_a_night_belongs_to_the_day_on_which_it_began(hour: float, day: date) -> None:
    night = shift((-2, 6, Activity.WORK), day=date(2027, 1, 14))
    assert own_day.business_date(known(own_plan(night), hour)) == day


def test_what_comes_next_is_told() -> None:
    present = own_day.present(DAY.segments, at(9))
    assert present.now is not None
    assert present.next is not None
    assert (present.now.activity, present.next.activity) == (Activity.WORK, Activity.BREAK)
    assert own_day.present(DAY.segments, at(15)) == (None, None)
    tomorrow = shift((32, 40, Activity.WORK), day=date(2027, 1, 16))
    assert own_day.next_shift(known(own_plan(DAY, tomorrow), 9), TODAY) == tomorrow


def test_a_shift_that_one_stands_in_for_is_the_plan_and_one_given_away_is_none() -> None:
    def stood_in(agent: str, substitute: str, day: date = TODAY) -> StandIn:
        return StandIn(agent, day, substitute, "2001", "ill", at(0), DAY.segments)

    given_away = own_plan(DAY, stand_ins=(stood_in("1001", "1002"),))
    found = own_day.computed(known(given_away, 9), TODAY)
    assert (found.segments, found.figure.figure.scheduled_s) == ((), 0)
    tomorrow = date(2027, 1, 16)
    taken = own_plan(stand_ins=(stood_in("1002", "1001"), stood_in("1003", "1001", tomorrow)))
    found = own_day.computed(known(taken, 9), TODAY)
    assert (found.plan, found.figure.figure.scheduled_s) == (None, 3600)
    following = own_day.next_shift(known(taken, 9), TODAY)
    assert following == DayPlan("1001", tomorrow, DAY.segments)


def seen(now: float, plan: OwnPlan, *facts: tuple[int, StateEntered]) -> bool | None:
    """Whether the desk says that the person is where the plan has them."""
    sitting = known(plan, now, SessionFacts("s", facts))
    last = facts[-1][1]
    planned = own_day.present(DAY.segments, sitting.now_ms).now
    assert planned is not None
    found = own_day.computed(sitting, TODAY)
    return own_day.adhering(found, (last.state, last.reason), planned.activity, sitting.now_ms)


def test_the_desk_says_whether_one_is_where_the_plan_has_one() -> None:
    resting = enters(8, State.NOT_READY, Reason.REST)
    assert seen(9, own_plan(DAY), enters(8, State.READY)) is True
    assert seen(9, own_plan(DAY), resting) is False
    assert seen(8.01, own_plan(DAY), resting) is True, "within the grace"
    assert seen(8.1, own_plan(DAY), enters(8, State.NOT_READY, Reason.PERSONAL)) is True
    assert seen(9, own_plan(DAY), enters(8, State.OFFLINE)) is None


def test_a_call_that_runs_into_a_break_is_excused_while_it_lasts() -> None:
    talk = at(9.9), StateEntered(State.TALK, "test", "1001", None, "c1")
    assert seen(10.2, own_plan(DAY), enters(8, State.READY), talk) is True


def test_what_a_lead_has_still_to_decide_is_not_said_to_be_out() -> None:
    fault = enters(8.5, State.NOT_READY, Reason.SYSTEM_FAULT)
    assert seen(9, own_plan(DAY), enters(8, State.READY), fault) is None


# A whole seat.


def around(now_ms: int) -> DayPlan:
    """A shift that began an hour ago."""
    day = datetime.fromtimestamp(now_ms / 1000, UTC).date()
    whole = PlannedSegment(now_ms - HOUR, now_ms + HOUR, Activity.WORK)
    return DayPlan("1001", day, (whole,), "early", 3)


async def told_plan(sits: Sitting, service: FakeService) -> None:
    await service.tell(own_plan(around(SERVER_MS)))
    await eventually(lambda: sits.seat.plans.plan is not None)


async def test_the_day_is_told_when_its_plan_comes_and_when_the_state_changes(
    sits: Sitting, service: FakeService
) -> None:
    days: list[OwnDay] = []
    sits.client.listen(lambda told: days.append(told) if isinstance(told, OwnDay) else None)
    await sits.client.ask(WatchDay)
    await eventually(lambda: bool(days))
    assert not days[0].planned
    assert days[0].alone
    await service.tell(own_plan(around(SERVER_MS)))
    await eventually(lambda: days[-1].planned)
    assert (days[-1].now_planned, days[-1].adhering) == (Activity.WORK, False)
    await sits.client.ask(desk.Ready)
    await eventually(lambda: days[-1].adhering is True)
    await service.tell(OwnNotices(1, 2, 3))
    await eventually(lambda: days[-1].notices == OwnNotices(1, 2, 3))


async def test_the_plan_outlives_the_seat(sits: Sitting, service: FakeService) -> None:
    await told_plan(sits, service)
    assert PlanCache(sits.place).plan == sits.seat.plans.plan
    others = OwnPlan("1002", (), (), (), (), (), PERSON)
    for kept in (b"{damaged", b" " * (MAX_FRAME_BYTES + 1), msgspec.json.encode(others)):
        sits.place.plan.write_bytes(kept)
        assert PlanCache(sits.place).plan is None


async def test_somebody_elses_plan_is_not_taken(sits: Sitting, service: FakeService) -> None:
    await told_plan(sits, service)
    kept = sits.seat.plans.plan
    sits.seat.own_plan(OwnPlan("1002", (), (), (), (), (), PERSON))
    assert sits.seat.plans.plan is kept


async def test_what_is_asked_of_the_service_is_passed_on_with_its_answer(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[GetHandovers] = lambda asked: Handovers(asked.id, (), {"1001": "Li"})  # type: ignore[union-attr]
    answer = await sits.client.ask(lambda id_: AskService(id_, GetHandovers(0)))
    assert isinstance(answer, ServiceAnswered)
    assert answer.message == Handovers(service.of(GetHandovers)[0].id, (), {"1001": "Li"})


async def test_without_the_service_ones_own_figure_is_computed_at_the_desk(
    sits: Sitting, service: FakeService
) -> None:
    await told_plan(sits, service)
    day = around(SERVER_MS).day
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    answer = await sits.client.ask(lambda id_: AskService(id_, GetAdherence(0, "1001", day)))
    assert isinstance(answer, ServiceAnswered)
    page = answer.message
    assert isinstance(page, AdherenceDay)
    assert page.offline
    assert page.figure.scheduled_s >= 3600
    with pytest.raises(Refused) as refused:
        await sits.client.ask(lambda id_: AskService(id_, GetAdherence(0, "1002", day)))
    assert refused.value.code == Code.SERVICE_UNREACHABLE


async def test_whoever_is_signed_out_has_no_day(sits: Sitting) -> None:
    await sits.client.ask(desk.SignOut)
    days: list[desk_plan.OwnDay] = []
    sits.client.listen(lambda told: days.append(told) if isinstance(told, OwnDay) else None)
    await sits.client.ask(WatchDay)
    await eventually(lambda: bool(days))
    assert days[0].day is None
