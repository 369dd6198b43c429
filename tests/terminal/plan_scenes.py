"""A shift from 09:00 to 18:00 with its figures, as the rules make them, for tests and pictures."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.facts.shift import Activity, PlanCause, PlannedSegment
from protocol.rules.day_figure import DayFigure, DayMade, day_figure
from protocol.rules.day_rules import DayRules, version
from protocol.rules.day_segments import DaySegment
from protocol.rules.incident import Incident
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.attendance import AttendanceRow
from protocol.wire.desk_plan import OwnDay
from protocol.wire.exceptions import ExceptionRow, Standing, derived_row
from protocol.wire.handover import OwnNotices, PostState
from protocol.wire.person import Segment
from protocol.wire.roster import DayPlan, GetRoster, Holiday, Pattern, Roster
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import NOW

ZONE = "Asia/Shanghai"
SITE = ZoneInfo(ZONE)
TODAY = date(2026, 11, 22)
AS_OF = int(NOW.timestamp() * 1000)
RULES = DayRules()
Stretch = tuple[str, State | None, Reason | None]
"""When a state began, and it; each lasts until the next begins."""


def at(clock: str, day: date = TODAY) -> int:
    """A local time of a day in milliseconds."""
    hours, minutes, *seconds = map(int, clock.split(":"))
    local = datetime(day.year, day.month, day.day, hours, minutes, *seconds, tzinfo=SITE)
    return int(local.timestamp() * 1000)


def shift(*parts: str, day: date = TODAY) -> tuple[PlannedSegment, ...]:
    """Segments out of `09:00-10:30 WORK`."""
    made = []
    for part in parts:
        span, activity = part.split()
        start, end = span.split("-")
        made.append(PlannedSegment(at(start, day), at(end, day), Activity(activity)))
    return tuple(made)


DAY_SHIFT = (
    "09:00-10:30 WORK",
    "10:30-10:45 BREAK",
    "10:45-12:00 WORK",
    "12:00-13:00 MEAL",
    "13:00-15:30 WORK",
    "15:30-15:45 BREAK",
    "15:45-17:00 WORK",
    "17:00-18:00 TRAINING",
)
PLAN = shift(*DAY_SHIFT)
LATE: tuple[Stretch, ...] = (
    ("09:12", State.READY, None),
    ("10:30", State.NOT_READY, Reason.REST),
    ("10:45:40", State.READY, None),
    ("11:55", State.TALK, None),
    ("12:10", State.ACW, None),
    ("12:11:30", State.NOT_READY, Reason.MEAL),
    ("13:11:30", State.READY, None),
)
MIXED: tuple[Stretch, ...] = (
    ("09:12", State.READY, None),
    ("09:40", State.NOT_READY, Reason.PERSONAL),
    ("09:48", State.READY, None),
    ("10:00", State.NOT_READY, Reason.FORCED),
    ("10:15", State.READY, None),
    ("10:30", State.NOT_READY, Reason.REST),
    ("10:45:40", State.READY, None),
    ("11:00", State.NOT_READY, Reason.REST),
    ("11:20", State.READY, None),
    ("11:30", None, None),
    ("11:40", State.READY, None),
    ("11:55", State.TALK, None),
    ("12:10", State.ACW, None),
    ("12:11:30", State.NOT_READY, Reason.MEAL),
    ("13:20", State.READY, None),
)


def recorded(stretches: Sequence[Stretch]) -> tuple[DaySegment, ...]:
    """Up to the present moment."""
    starts = [at(clock) for clock, _, _ in stretches]
    ends = [*starts, AS_OF][1:]
    return tuple(
        DaySegment(start, end, state, reason, _trigger(reason), "2001", _call(state))
        for start, end, (_, state, reason) in zip(starts, ends, stretches, strict=True)
    )


def _trigger(reason: Reason | None) -> str:
    return "force_not_ready" if reason is Reason.FORCED else ""


def _call(state: State | None) -> str | None:
    return "c1" if state in (State.TALK, State.ACW) else None


def shown(segments: Sequence[DaySegment]) -> tuple[Segment, ...]:
    """As the wire tells of them; the last one goes on."""
    return tuple(
        Segment(
            datetime.fromtimestamp(each.from_ms / 1000, UTC),
            None if each.until_ms == AS_OF else datetime.fromtimestamp(each.until_ms / 1000, UTC),
            each.state,
            each.reason,
        )
        for each in segments
    )


def figured(
    stretches: Sequence[Stretch],
    plan: Sequence[PlannedSegment] = PLAN,
    exceptions: Sequence[ExceptionRow] = (),
    incidents: Sequence[Incident] = (),
) -> DayFigure:
    """The figures up to now."""
    applied = [each.applied() for each in exceptions]
    window = (plan[0].start_ms - 86_400_000, plan[-1].end_ms + 86_400_000) if plan else (0, 1 << 52)
    made = DayMade("1001", plan, recorded(stretches), applied, incidents, RULES, AS_OF, window)
    return day_figure(made, SITE)


def own_day(
    stretches: Sequence[Stretch] = LATE, plan: Sequence[PlannedSegment] = PLAN, **changes: object
) -> OwnDay:
    """The present day of the person at the desk."""
    made = figured(stretches, plan)
    known = OwnDay(
        day=TODAY,
        as_of_ms=AS_OF,
        plan=tuple(plan),
        planned=True,
        counted=shown(made.counted),
        figure=made.figure if plan else None,
        fatigue=made.fatigue,
        zone=ZONE,
        tomorrow=DayPlan("1001", date(2026, 11, 23), shift(*DAY_SHIFT, day=date(2026, 11, 23))),
    )
    return msgspec.structs.replace(known, **changes)


def exception(name: str, start: str, end: str, **changes: object) -> ExceptionRow:
    """One that the agent asked for."""
    known = ExceptionRow(
        exception=name,
        agent="1001",
        day=TODAY,
        start_ms=at(start),
        end_ms=at(end),
        what=Overlay.EXCUSE,
        code="COACHING",
        text="Ann 带我复盘了一通投诉",
        actor="1001",
        standing=Standing.PENDING,
        proposed_ms=at("11:25"),
    )
    return msgspec.structs.replace(known, **changes)


PENDING = exception("e1", "11:00", "11:20")
APPROVED = exception(
    "e2",
    "13:11:30",
    "13:20",
    code="HELPING",
    text="Headset of the new colleague",
    standing=Standing.APPROVED,
    deciders=("2001",),
    decided_ms=at("13:40"),
    decision="Thank you",
)
REJECTED = exception(
    "e3",
    "09:00",
    "09:12",
    what=Overlay.EXCLUDE,
    code="OTHER",
    text="The bus",
    standing=Standing.REJECTED,
    deciders=("2001",),
    decided_ms=at("10:02"),
    decision="Please call before the shift",
)
FAULT = Incident("i1", at("11:28"), at("11:41"), "", "3001", "Switch on floor 2 failed")
PLANS = (
    DayPlan(
        "1001",
        TODAY,
        shift("09:00-18:00 WORK"),
        "D",
        4,
        PlanCause.ROSTER,
        "",
        "2001",
        at("09:00", date(2026, 11, 18)),
    ),
    DayPlan(
        "1001", TODAY, PLAN, "D", 7, PlanCause.MOVE, "r1", "3001", at("17:30", date(2026, 11, 21))
    ),
)


def adherence_day(
    stretches: Sequence[Stretch] = MIXED,
    exceptions: Sequence[ExceptionRow] = (REJECTED, PENDING, APPROVED),
    **changes: object,
) -> AdherenceDay:
    """A day with something of everything."""
    made = figured(stretches, PLAN, exceptions)
    known = AdherenceDay(
        re=0,
        person=Person("1001", "王丽", (Role.AGENT,), "A"),
        day=TODAY,
        zone=ZONE,
        as_of_ms=AS_OF,
        from_ms=at("00:00"),
        until_ms=at("23:59"),
        plans=PLANS,
        recorded=shown(recorded(stretches)),
        counted=shown(made.counted),
        raw=made.raw,
        figure=made.figure,
        slices=made.slices,
        exceptions=(*exceptions, *(derived_row("1001", TODAY, each) for each in made.derived)),
        incidents=(),
        attendance=(
            AttendanceRow(
                "1001", TODAY, "LATE", at("09:00"), at("18:00"), at("09:12"), None, 720, None, 0
            ),
        ),
        fatigue=made.fatigue,
        version=version(RULES),
        values=RULES,
    )
    return msgspec.structs.replace(known, **changes)


def tells_day(page: AdherenceDay):
    """How the service answers a question for a day."""

    def answer(message: GetAdherence) -> AdherenceDay:
        return msgspec.structs.replace(page, day=message.day)

    return answer


NOTICES = OwnNotices(1, 0, 3, PostState.SHORT, 7, 9)


def _weeks() -> tuple[DayPlan, ...]:
    first = date(2026, 11, 9)
    made = []
    for number in range(34):
        day = first + timedelta(days=number)
        off = number % 6 == 5
        segments = () if off else shift(*(LATE_SHIFT if number % 4 == 3 else DAY_SHIFT), day=day)
        cause = PlanCause.SWAP if number == 17 else PlanCause.ROSTER
        when = at("17:30", date(2026, 11, 21 if number == 17 else 4))
        name = "" if off else "N" if number % 4 == 3 else "D"
        made.append(DayPlan("1001", day, segments, name, 4, cause, "", "2001", when))
    return tuple(made)


LATE_SHIFT = ("13:00-17:00 WORK", "17:00-17:30 MEAL", "17:30-22:00 WORK")


def roster(message: GetRoster) -> Roster:
    """The own weeks."""
    return Roster(
        re=0,
        people=(),
        published=_weeks(),
        drafted=(),
        patterns=(
            Pattern("D", "09:00", "18:00", {"en": "Day", "zh_CN": "白班"}),
            Pattern("N", "13:00", "22:00", {"en": "Late", "zh_CN": "晚班"}),
        ),
        rotations=(),
        holidays=(
            Holiday(date(2026, 11, 27), "中秋节", off=True),
            Holiday(date(2026, 11, 29), "Make-up", off=False),
        ),
        revision=7,
        zone=ZONE,
        editable=False,
    )
