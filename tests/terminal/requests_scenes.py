"""What the service tells of requests, handovers, attendance and reports, for tests and pictures."""

from base64 import b64encode
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from protocol.facts.handover import HandoverItem, ItemKind
from protocol.facts.request import Account, RequestKind, RequestStanding, RosterRequest
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire import attendance, handover, report, requests, roster
from protocol.wire.attendance import AttendanceMonth, AttendanceRow
from protocol.wire.handover import HandoverRow, Handovers, HandoverStands
from protocol.wire.relayed import RelayedRequest
from protocol.wire.report import Column, ColumnKind, Report
from protocol.wire.requests import Booking, Hours, RequestRow, Requests
from protocol.wire.roster import DayPlan, Roster
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import NOW, FakeSeat

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 23)
ME = "1001"
NAMES = {"1001": "王丽", "1002": "Ann-Kathrin Oberländer", "1003": "李建国", "2001": "赵敏"}


def ms(day: date, hour: int, minute: int = 0) -> int:
    """A local time as an instant."""
    return (
        round(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).timestamp()) * 1000
    )


def ago(**parts: float) -> int:
    """An instant before now."""
    return round((NOW - timedelta(**parts)).timestamp() * 1000)


LEAVE = RosterRequest(
    RequestKind.LEAVE,
    "1001",
    TOMORROW,
    ms(TOMORROW, 9),
    ms(TOMORROW, 18),
    account=Account.OWED_LEAVE,
)
SWAP = RosterRequest(
    RequestKind.SWAP, "1002", TOMORROW, partner="1001", partner_day=date(2026, 11, 25)
)
MOVE = RosterRequest(
    RequestKind.MOVE,
    "1003",
    date(2026, 11, 24),
    ms(date(2026, 11, 24), 9),
    ms(date(2026, 11, 24), 11),
    ms(date(2026, 11, 24), 18),
    ms(date(2026, 11, 24), 20),
)
OVERTIME = RosterRequest(
    RequestKind.OVERTIME,
    "1003",
    TODAY,
    ms(TODAY, 18),
    ms(TODAY, 20),
    account=Account.OVERTIME,
)
RELEASE = RosterRequest(RequestKind.RELEASE, "1002", TODAY, ms(TODAY, 16), ms(TODAY, 18))


def request(
    name: str, asked: RosterRequest, actor: str, standing: RequestStanding, **more: object
) -> RequestRow:
    """One that was made 50 minutes ago and is due in an hour."""
    return RequestRow(
        request=name,
        asked=asked,
        actor=actor,
        text="孩子开家长会 [red] please",
        standing=standing,
        made_ms=ago(minutes=50),
        deadline_ms=ago(minutes=-57),
        **more,  # type: ignore[arg-type] - the row's own fields
    )


REQUESTS = Requests(
    0,
    (
        request("r1", LEAVE, "1001", RequestStanding.ASKED),
        request("r2", SWAP, "1002", RequestStanding.ASKED),
        request("r3", MOVE, "1003", RequestStanding.ASKED),
        request("r4", OVERTIME, "2001", RequestStanding.CONSENTED, consented_ms=ago(minutes=5)),
        request(
            "r5",
            RELEASE,
            "1002",
            RequestStanding.APPROVED,
            decided_by="2001",
            decided_ms=ago(minutes=30),
            decision="line is quiet",
            revision=14,
        ),
    ),
    NAMES,
)

HOURS = Hours(
    0,
    ME,
    {Account.OWED_LEAVE: 12 * 3600, Account.OVERTIME: 5400},
    (
        Booking(Account.OWED_LEAVE, -4 * 3600, TODAY, "2001", "leave 11-20", ago(days=2), "r0"),
        Booking(Account.OWED_LEAVE, 16 * 3600, TODAY, "2001", "国庆值班", ago(days=20)),
    ),
)


def shift(day: date) -> tuple[PlannedSegment, ...]:
    """09:00–18:00 with a meal at 12:00."""
    return (
        PlannedSegment(ms(day, 9), ms(day, 12), Activity.WORK),
        PlannedSegment(ms(day, 12), ms(day, 13), Activity.MEAL),
        PlannedSegment(ms(day, 13), ms(day, 18), Activity.WORK),
    )


def own_roster(agent: str) -> Roster:
    """A week of the same shift."""
    days = [TODAY + timedelta(days=each) for each in range(7)]
    return Roster(
        re=0,
        people=(Person(agent, NAMES.get(agent, agent), (Role.AGENT,), "A"),),
        published=tuple(DayPlan(agent, day, shift(day), "day", 12) for day in days),
        drafted=(),
        patterns=(),
        rotations=(),
        holidays=(),
        revision=12,
        zone="Asia/Shanghai",
        editable=False,
    )


HANDOVERS = Handovers(
    0,
    (
        HandoverRow(
            "h1",
            "1002",
            "",
            "A",
            (
                HandoverItem(ItemKind.OPEN, "王先生的退款还在财务, ask for no. 4711"),
                HandoverItem(ItemKind.FOLLOW_UP, "Call Mr Zhang back [b]", ago(hours=1)),
                HandoverItem(ItemKind.ISSUE, "商城下单页面今天很慢"),
            ),
            ago(hours=6),
            settled={2: "1003"},
        ),
        HandoverRow(
            "h2",
            "1003",
            "1001",
            "A",
            (HandoverItem(ItemKind.FOLLOW_UP, "催办派单 88231", ago(hours=-2)),),
            ago(hours=5),
            "1001",
            ago(hours=4),
            "收到",
        ),
    ),
    NAMES,
)


def attended(agent: str, day: int, code: str, **more: object) -> AttendanceRow:
    """One day of October."""
    date_ = date(2026, 11, day)
    known: dict[str, object] = {
        "shift_start_ms": ms(date_, 9),
        "shift_end_ms": ms(date_, 18),
        "signed_in_ms": ms(date_, 8, 57),
        "signed_out_ms": ms(date_, 18, 2),
        "late_s": 0,
        "early_s": 0,
        "half_days": 0,
    }
    return AttendanceRow(agent, date_, code, **(known | more))  # type: ignore[arg-type] - as above


ATTENDANCE = AttendanceMonth(
    0,
    "2026-11",
    "A",
    (
        attended("1001", 2, "NORMAL", prepared_s=180),
        attended("1001", 3, "LATE", late_s=720, signed_in_ms=ms(date(2026, 11, 3), 9, 12)),
        attended("1001", 4, "LEAVE", signed_in_ms=None, signed_out_ms=None),
        attended("1001", 5, "NORMAL", overtime_s=5400, evidence="saw her at 8:55"),
        attended("1002", 2, "ABSENT_HALF_DAY", half_days=1, early_s=3600),
        attended("1002", 3, "NORMAL", substitute="1003"),
        attended("1002", 4, "OPEN", signed_out_ms=None),
        attended("1003", 2, "NORMAL"),
    ),
    NAMES,
    digest="d2",
    signed_by="2001",
    signed_digest="d1",
    signed_ms=ago(days=1),
    signed_text="1002 was ill for two days",
)

_ADHERENCE = (
    ("days", ColumnKind.COUNT),
    ("scheduled_s", ColumnKind.SECONDS),
    ("in_s", ColumnKind.SECONDS),
    ("out_s", ColumnKind.SECONDS),
    ("adherence", ColumnKind.PERCENT),
    ("raw", ColumnKind.PERCENT),
    ("target_met", ColumnKind.CODE),
    ("provisional_days", ColumnKind.COUNT),
    ("adherence_high", ColumnKind.PERCENT),
)
_HEADS = (("agent", ColumnKind.TEXT), ("name", ColumnKind.TEXT))


def columns(*told: tuple[str, ColumnKind]) -> tuple[Column, ...]:
    """By name and kind."""
    return tuple(Column(name, kind) for name, kind in told)


REPORT = Report(
    0,
    "adherence",
    date(2026, 11, 1),
    date(2026, 11, 30),
    columns(*_HEADS, *_ADHERENCE),
    (
        ("1001", "王丽", 15, 432_000, 418_392, 13_608, 96.85, 95.1, "yes", 0, 96.85),
        ("1002", NAMES["1002"], 14, 403_200, 364_896, 38_304, 90.5, 88.0, "no", 1, 91.25),
        ("1003", "李建国", 0, 0, 0, 0, None, None, None, 0, None),
    ),
    (None, None, 29, 835_200, 783_288, 51_912, 93.78, 91.67, "yes", 1, 94.2),
    provisional=True,
    rule_versions=("3f2a9c11",),
    workbook=b64encode(b"an Excel file").decode(),
)

MONTHLY = Report(
    0,
    "adherence",
    date(2026, 10, 1),
    date(2026, 11, 30),
    columns(("month", ColumnKind.TEXT), *_HEADS, ("adherence", ColumnKind.PERCENT)),
    (
        ("2026-10", "1001", "王丽", 97.5),
        ("2026-10", "1002", NAMES["1002"], 92.0),
        ("2026-11", "1001", "王丽", 96.85),
    ),
    (None, None, None, 95.4),
    provisional=False,
    rule_versions=("3f2a9c11",),
)


def answer(seat: FakeSeat) -> None:
    """Let the service know all of this, and take what is sent to it."""
    seat.service |= {
        requests.GetRequests: lambda _: REQUESTS,
        requests.MakeRequest: _made,
        requests.ConsentRequest: lambda _: _stands(REQUESTS.rows[1]),
        requests.DecideRequest: lambda _: _stands(REQUESTS.rows[3]),
        requests.WithdrawRequest: lambda _: _stands(REQUESTS.rows[0]),
        requests.SeeRequests: lambda _: requests.RequestsSeen(0),
        requests.GetHours: _hours,
        requests.BookHours: _hours,
        roster.GetRoster: _roster,
        handover.GetHandovers: lambda _: HANDOVERS,
        handover.WriteHandover: lambda _: HandoverStands(0, HANDOVERS.rows[0]),
        handover.ConfirmHandover: lambda _: HandoverStands(0, HANDOVERS.rows[0]),
        handover.SettleItem: lambda _: HandoverStands(0, HANDOVERS.rows[0]),
        attendance.GetAttendance: lambda _: ATTENDANCE,
        attendance.RecordPresence: lambda _: attendance.AttendanceRecorded(0),
        attendance.NameSubstitute: lambda _: attendance.AttendanceRecorded(0),
        attendance.SignMonth: lambda _: attendance.AttendanceRecorded(0),
        attendance.LockMonth: lambda _: attendance.AttendanceRecorded(0),
        report.GetReport: lambda _: REPORT,
    }


def _stands(row: RequestRow) -> requests.RequestStands:
    return requests.RequestStands(0, row)


def _made(message: RelayedRequest) -> requests.RequestStands:
    assert isinstance(message, requests.MakeRequest)
    return _stands(request("new", message.asked, ME, RequestStanding.ASKED))


def _hours(message: RelayedRequest) -> Hours:
    assert isinstance(message, requests.GetHours | requests.BookHours)
    return Hours(0, message.agent, HOURS.balances, HOURS.bookings)


def _roster(message: RelayedRequest) -> Roster:
    assert isinstance(message, roster.GetRoster)
    return own_roster(message.agent)
