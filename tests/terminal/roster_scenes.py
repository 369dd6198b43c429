"""A team's week with drafts, requirements and findings, and a queue of exceptions, for tests and
pictures. The roster is kept as the service would keep it."""

from contextlib import asynccontextmanager
from datetime import date, timedelta

import msgspec

from agent_client.terminal.screens.floor import FloorScreen
from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.facts.shift import PlanCause, PlannedSegment
from protocol.wire.desk_floor import Floor
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import (
    DecideExceptions,
    ExceptionRow,
    Exceptions,
    ExceptionsDecided,
    GetExceptions,
    Share,
    Standing,
)
from protocol.wire.roster import (
    CheckRoster,
    DayPlan,
    DraftRoster,
    Finding,
    GetRoster,
    HalfHour,
    Holiday,
    Pattern,
    PatternSegment,
    ProposedDay,
    PublishRoster,
    Requirement,
    Roster,
    RosterChecked,
    RosterDrafted,
    RosterPublication,
    Rotation,
    Severity,
)
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.plan_scenes import DAY_SHIFT, LATE_SHIFT, TODAY, ZONE, at, shift
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened
from tests.terminal.waiting import until

MONDAY = date(2026, 11, 16)
"""Of the present week: today is its Sunday."""
NEXT = MONDAY + timedelta(days=7)
PEOPLE = (
    Person("1001", "王丽", (Role.AGENT,), "A"),
    Person("1002", "Ann-Kathrin Oberländer", (Role.AGENT,), "A"),
    Person("1003", "李建国", (Role.AGENT,), "A"),
    Person("1004", "欧阳娜娜", (Role.AGENT,), "A"),
    Person("1005", "Björk Guðmundsdóttir", (Role.AGENT,), "A"),
    Person("1006", "赵敏", (Role.AGENT,), "A"),
)
PATTERNS = (
    Pattern(
        "day",
        "09:00",
        "18:00",
        {"en": "Day", "zh_CN": "白班"},
        (PatternSegment("12:00", "13:00"),),
    ),
    Pattern("late", "13:00", "22:00", {"en": "Late", "zh_CN": "晚班"}),
    Pattern("night", "22:00", "07:00", {"en": "Night", "zh_CN": "夜班"}),
)
ROTATIONS = (
    Rotation("office", ("day",) * 5 + ("-", "-"), {"en": "Five and two", "zh_CN": "做五休二"}),
    Rotation("shifts", ("day", "day", "late", "late", "-", "-")),
)
_SHIFTS = {"day": DAY_SHIFT, "late": LATE_SHIFT, "-": ()}
NIGHT = (at("22:00", NEXT), at("07:00", NEXT + timedelta(days=1)))
REFUSED = Finding("MIN_REST", Severity.REFUSE, "1003", NEXT + timedelta(days=2), 25_200, 28_800)
WARNINGS = (
    Finding("CONSECUTIVE_DAYS", Severity.WARN, "1002", NEXT + timedelta(days=5), 7, 6),
    Finding("HOLIDAY", Severity.WARN, "1004", NEXT + timedelta(days=3), 28_800, 0),
    Finding("WEEK_HOURS", Severity.WARN, "1005", NEXT + timedelta(days=6), 154_800, 144_000),
)


def planned(agent: str, day: date, pattern: str, **changes: object) -> DayPlan:
    """As it was published, or drafted."""
    segments = shift(*_SHIFTS[pattern], day=day)
    known = DayPlan(agent, day, segments, "" if pattern == "-" else pattern)
    return msgspec.structs.replace(known, **changes)


class Planner:
    """What the service keeps of a roster, and answers."""

    def __init__(self) -> None:
        self.people = PEOPLE
        self.patterns = PATTERNS
        self.rotations = ROTATIONS
        self.findings: tuple[Finding, ...] = ()
        self.required = (Requirement("09:00", 4),)
        self.published = {
            (each.number, day): planned(
                each.number,
                day,
                _pattern(row, number),
                revision=4,
                actor="2001",
                planned_ms=at("17:30", date(2026, 11, 4)),
            )
            for row, each in enumerate(PEOPLE)
            for number, day in enumerate(MONDAY + timedelta(days=n) for n in range(14))
        }
        self.drafts: dict[tuple[str, date], DayPlan] = {}
        del self.published["1006", NEXT + timedelta(days=4)]
        self.published["1004", NEXT] = planned(
            "1004", NEXT, "-", revision=5, cause=PlanCause.LEAVE, actor="2001"
        )
        self.proposed: tuple[ProposedDay, ...] = ()
        self.digest = "d1"
        self.refuse: Refused | None = None
        """What the next draft is refused with."""

    def serve(self, seat: FakeSeat) -> None:
        """Answer what a lead asks."""
        seat.service[GetRoster] = self.get
        seat.service[DraftRoster] = self.draft
        seat.service[CheckRoster] = self.check
        seat.service[PublishRoster] = self.publish

    def get(self, asked: GetRoster) -> Roster:
        """What is kept."""
        span = (asked.first_day, asked.last_day)
        return Roster(
            re=0,
            people=tuple(each for each in self.people if asked.team in ("", each.team)),
            published=_within(self.published, span),
            drafted=_within(self.drafts, span),
            patterns=self.patterns,
            rotations=self.rotations,
            holidays=(
                Holiday(NEXT + timedelta(days=3), "感恩节", off=True),
                Holiday(NEXT + timedelta(days=5), "Make-up", off=False),
            ),
            revision=4,
            zone=ZONE,
            editable=True,
            proposed=self.proposed,
        )

    def draft(self, asked: DraftRoster) -> RosterDrafted:
        """Keep it."""
        if self.refuse is not None:
            raise self.refuse
        for each in asked.days:
            place = (each.agent, each.day)
            self.drafts.pop(place, None)
            if each.segments:
                self.drafts[place] = DayPlan(*place, each.segments)
            elif each.pattern:
                self.drafts[place] = planned(*place, each.pattern)
        return RosterDrafted(0, len(self.drafts))

    def check(self, asked: CheckRoster) -> RosterChecked:
        """The findings that the test says, and the heads of four from nine to ten at night."""
        days = (asked.last_day - asked.first_day).days + 1
        coverage = [
            half_hour(asked.first_day + timedelta(days=number), place, self._plans())
            for number in range(days)
            for place in range(18, 44)
        ]
        return RosterChecked(0, len(self.drafts), self.findings, tuple(coverage), self.digest)

    def publish(self, asked: PublishRoster) -> RosterPublication:
        """Make it the plan."""
        if not self.drafts:
            raise Refused(Code.NOTHING_DRAFTED)
        days = len(self.drafts)
        self.published |= self.drafts
        self.drafts = {}
        return RosterPublication(0, 5, days)

    def _plans(self) -> list[tuple[PlannedSegment, ...]]:
        return [each.segments for each in (self.published | self.drafts).values()]


def half_hour(day: date, place: int, plans: list[tuple[PlannedSegment, ...]]) -> HalfHour:
    """Four heads are required up to six in the evening, two after it."""
    start = at("00:00", day) + place * 1_800_000
    required = 4 if place < 36 else 2
    heads = sum(
        each.start_ms <= start < each.end_ms and each.activity == "WORK"
        for plan in plans
        for each in plan
    )
    return HalfHour(start, heads * 1800, required, max(0, required - heads))


def _pattern(row: int, number: int) -> str:
    if (row + number) % 7 > 4:
        return "-"
    return "late" if row % 3 == 2 else "day"


def _within(plans: dict[tuple[str, date], DayPlan], span: tuple[date, date]) -> tuple[DayPlan, ...]:
    return tuple(each for (_, day), each in plans.items() if span[0] <= day <= span[1])


def exception(number: int, agent: str, **changes: object) -> ExceptionRow:
    """Twelve minutes that somebody was coached."""
    start = at("11:00") + number * 600_000
    known = ExceptionRow(
        exception=f"e{number}",
        agent=agent,
        day=TODAY,
        start_ms=start,
        end_ms=start + 720_000,
        what=Overlay.EXCUSE,
        code="COACHING",
        text="Ann 带我复盘了一通投诉",
        actor=agent,
        standing=Standing.PENDING,
        proposed_ms=at("11:40"),
    )
    return msgspec.structs.replace(known, **changes)


QUEUE = (
    exception(1, "1003"),
    exception(
        2,
        "1005",
        what=Overlay.EXCLUDE,
        code="UNKNOWN_TIME",
        text="",
        actor="system",
        end_ms=at("12:24"),
    ),
    exception(
        3,
        "1001",
        what=Overlay.CORRECT,
        state=State.NOT_READY,
        reason=Reason.TRAINING,
        code="WRONG_STATE",
        standing=Standing.SECOND,
        deciders=("2001",),
        decided_ms=at("12:30"),
        decision="Seen on the floor",
        end_ms=at("13:05"),
        evidence=("ticket 4711",),
    ),
    exception(4, "1002", day=date(2026, 11, 20), code="OTHER", text="The bus"),
)
NAMES = {each.number: each.name for each in PEOPLE} | {"2001": "Chen"}
SHARES = (
    Share("2001", "Chen", 41, 3, 31_000),
    Share("2002", "周杰", 7, 6, 4_200),
)


class Queue:
    """What the service keeps of exceptions, and answers. `second` need one more approval, those
    of `refused` can't be decided."""

    def __init__(self, rows: tuple[ExceptionRow, ...] = QUEUE) -> None:
        self.rows = {row.exception: row for row in rows}
        self.second: set[str] = set()
        self.refused: dict[str, str] = {}

    def serve(self, seat: FakeSeat) -> None:
        """Answer what a lead asks."""
        seat.service[GetExceptions] = self.get
        seat.service[DecideExceptions] = self.decide

    def get(self, asked: GetExceptions) -> Exceptions:
        """What is listed."""
        open_ = (Standing.PENDING, Standing.SECOND)
        rows = [
            row
            for row in self.rows.values()
            if asked.first_day <= row.day <= asked.last_day
            and (not asked.open_only or row.standing in open_)
        ]
        return Exceptions(0, tuple(rows), NAMES, SHARES)

    def decide(self, asked: DecideExceptions) -> ExceptionsDecided:
        """Each by itself."""
        for name in asked.exceptions:
            if name not in self.refused:
                self.rows[name] = msgspec.structs.replace(
                    self.rows[name], standing=self._standing(name, asked.approved)
                )
        rows = [self.rows[name] for name in asked.exceptions if name not in self.refused]
        refused = {name: self.refused[name] for name in asked.exceptions if name in self.refused}
        return ExceptionsDecided(0, tuple(rows), refused)

    def _standing(self, name: str, approved: bool) -> Standing:
        if not approved:
            return Standing.REJECTED
        return Standing.SECOND if name in self.second else Standing.APPROVED


@asynccontextmanager
async def on_floor(
    terminal,
    seat: FakeSeat,
    language: str = "en",
    role: Role = Role.SUPERVISOR,
    **options: object,
):
    """A lead's floor, nobody chosen yet."""
    seat.status = status(State.NOT_READY, agent="2001", name="Chen", roles=(role,))
    app = terminal(language, supervisor=True, **options)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
        yield app, pilot
