"""A day's adherence counted again, one second at a time: the sceptic's check on the rule.

Everything here is a set or a dictionary of seconds (UTC), and nothing is shared with the rule that
it checks. It reads what the figure `adherence` reads, and gives the same keys.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.rules.recount_calls import Call, calls_of, overrun_seconds

DEFAULTS = {
    "grace_s": 60,
    "overrun_cap_s": 3600,
    "break_floats": True,
    "personal_allowance_s": 1200,
    "logged_off_ok_in_break": True,
    "work_reasons": ["HANDOVER", "OUTBOUND_PREP"],
    "acw_limit_s": 120,
}
WORK_STATES = {"READY", "RINGING", "DIALING", "TALK", "HOLD", "CONSULT", "ACW"}
REST = {"NOT_READY:REST", "NOT_READY:MEAL", "NOT_READY:PERSONAL"}
FITTING = {
    "BREAK": REST,
    "MEAL": REST,
    "TRAINING": {"NOT_READY:TRAINING", "NOT_READY:EXAM"},
    "EXAM": {"NOT_READY:TRAINING", "NOT_READY:EXAM"},
    "MEETING": {"NOT_READY:MEETING"},
    "COACHING": {"NOT_READY:COACHING"},
    "WORK": set(),
    "BACKOFFICE": {"NOT_READY:BACKOFFICE"},
    "OUTBOUND": {"NOT_READY:OUTBOUND_PREP"},
    "ONLINE": {"NOT_READY:ONLINE"},
}
"""The reasons of each activity; `DONE_BY_WORKING` are also done by what is work in WORK."""
DONE_BY_WORKING = {"WORK", "BACKOFFICE", "OUTBOUND", "ONLINE"}


class Segment(NamedTuple):
    start: int
    end: int
    activity: str


class Day:
    """What was planned, what was done and what was decided, by the second."""

    def __init__(self, given: Mapping) -> None:
        self.zone = ZoneInfo(given.get("tz", "Asia/Shanghai"))
        self.dates: dict[int, date] = {}
        self.config = {**DEFAULTS, **given.get("config", {})}
        self.segments = sorted(
            Segment(*self.span(each), each["activity"]) for each in given["schedule"]
        )
        self.segment_at = {
            second: segment for segment in self.segments for second in range(*segment[:2])
        }
        self.state_at: dict[int, str] = {}
        for each in given["actual"]:
            for second in range(*self.span(each)):
                self.state_at[second] = label(each)
        self.work = WORK_STATES | {f"NOT_READY:{each}" for each in self.config["work_reasons"]}
        exceptions = given.get("exceptions", [])
        self.excluded = self.seconds_of(exceptions, {"exclude"}, "approved")
        self.excused = self.seconds_of(exceptions, {"excuse"}, "approved")
        self.pending = self.seconds_of(exceptions, {"excuse", "exclude"}, "pending")
        calls = calls_of((self.span(each), each) for each in given["actual"])
        self.overrun = self.overrun_of(calls)
        signed_in = [second for second, state in self.state_at.items() if state != "LOGGED_OFF"]
        self.present = range(min(signed_in), max(signed_in) + 1) if signed_in else range(0)

    def instant(self, text: str) -> int:
        moment = datetime.fromisoformat(text)
        local = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment
        return int(local.timestamp())

    def span(self, each: Mapping) -> tuple[int, int]:
        return self.instant(each["start"]), self.instant(each["end"])

    def seconds_of(self, exceptions: Iterable[Mapping], kinds: set[str], status: str) -> set[int]:
        found: set[int] = set()
        for each in exceptions:
            if each["kind"] in kinds and each["status"] == status:
                found |= set(range(*self.span(each)))
        return found

    def overrun_of(self, calls: Iterable[Call]) -> set[int]:
        """The seconds that calls running into what follows WORK excuse, by the state in them."""
        found: set[int] = set()
        for before, segment in pairwise(self.segments):
            follows = before.activity == "WORK" and before.end == segment.start
            if follows and segment.activity != "WORK":
                working, resting = overrun_seconds(segment, calls, self.config)
                found |= {each for each in working if self.state(each) in WORK_STATES}
                found |= {each for each in resting if self.state(each) in REST}
        return found

    def state(self, second: int) -> str:
        return self.state_at.get(second, "LOGGED_OFF")

    def local_date(self, second: int) -> date:
        """That of its minute: no zone changes its date within one."""
        minute = second // 60
        if minute not in self.dates:
            self.dates[minute] = datetime.fromtimestamp(minute * 60, self.zone).date()
        return self.dates[minute]

    def shown(self, second: int) -> str:
        return datetime.fromtimestamp(second, self.zone).isoformat()

    def adheres(self, second: int) -> bool:
        """Whether the state of a planned second is one that its activity asks for."""
        activity, state = self.segment_at[second].activity, self.state(second)
        if activity in ("BREAK", "MEAL") and state == "LOGGED_OFF":
            return self.config["logged_off_ok_in_break"] and second in self.present
        if activity in DONE_BY_WORKING and state in self.work:
            return True
        return state in FITTING[activity]


def label(interval: Mapping) -> str:
    reason = interval.get("reason")
    return f"{interval['state']}:{reason}" if reason else interval["state"]


def recount(given: Mapping) -> dict:
    """The figure of one day."""
    day = Day(given)
    verdicts = first_verdicts(day)
    forgive(day, verdicts)
    return {
        "business_date": str(day.local_date(min(verdicts))) if verdicts else None,
        **sums(day, verdicts),
        **conformance(day, verdicts),
        "by_calendar_day": by_calendar_day(day, verdicts),
        "deviations": deviations(day, verdicts),
    }


def first_verdicts(day: Day) -> dict[int, str]:
    """What each planned second comes to, before grace, by the order of tests."""
    verdicts: dict[int, str] = {}
    allowance = day.config["personal_allowance_s"]
    for second in sorted(day.segment_at):
        personal = day.state(second) == "NOT_READY:PERSONAL"
        if second in day.excluded:
            verdicts[second] = "excluded"
        elif day.adheres(second):
            verdicts[second] = "in"
        elif second in day.excused:
            verdicts[second] = "excused"
        elif second in day.overrun:
            verdicts[second] = "overrun"
        elif personal and day.segment_at[second].activity == "WORK" and allowance > 0:
            verdicts[second] = "personal"
            allowance -= 1
        else:
            verdicts[second] = "out"
    return verdicts


def forgive(day: Day, verdicts: dict[int, str]) -> None:
    """Make `forgiven` of the seconds of each short deviation inside one planned segment."""
    for segment in day.segments:
        run: list[int] = []
        for second in range(segment.start, segment.end + 1):
            if second < segment.end and verdicts[second] == "out":
                run.append(second)
                continue
            if len(run) <= day.config["grace_s"]:
                verdicts.update(dict.fromkeys(run, "forgiven"))
            run = []


def sums(day: Day, verdicts: Mapping[int, str]) -> dict:
    """The seconds of each verdict, and adherence."""
    counted = list(verdicts.values())
    out = counted.count("out")
    left = len(counted) - counted.count("excluded")
    return {
        "scheduled_s": len(counted),
        "excluded_s": counted.count("excluded"),
        "in_adherence_s": left - out,
        "out_of_adherence_s": out,
        "adherence_pct": percent(left - out, left),
        "auto_excused_s": counted.count("overrun"),
        "approved_excused_s": counted.count("excused"),
        "grace_forgiven_s": counted.count("forgiven"),
        "personal_allowance_used_s": counted.count("personal"),
        "pending_review_s": sum(
            verdict == "out" and second in day.pending for second, verdict in verdicts.items()
        ),
    }


def conformance(day: Day, verdicts: Mapping[int, str]) -> dict:
    """Work that was done, over work that was planned; what is excluded is in neither."""
    planned = [
        second
        for second, verdict in verdicts.items()
        if verdict != "excluded" and day.segment_at[second].activity == "WORK"
    ]
    worked = [
        second
        for second, state in day.state_at.items()
        if state in day.work and verdicts.get(second) != "excluded"
    ]
    outside = [second for second in worked if second not in verdicts]
    before = [second for second in outside if verdicts and second < min(day.segments).start]
    return {
        "scheduled_work_s": len(planned),
        "actual_work_s": len(worked),
        "conformance_pct": percent(len(worked), len(planned)),
        "pre_shift_work_s": len(before),
        "overtime_work_s": len(outside) - len(before),
    }


def by_calendar_day(day: Day, verdicts: Mapping[int, str]) -> list[dict]:
    """The planned seconds of each local date, without those that are excluded."""
    dates: dict[date, list[str]] = {}
    for second, verdict in verdicts.items():
        dates.setdefault(day.local_date(second), []).append(verdict)
    rows = []
    for when, found in dates.items():
        left = len(found) - found.count("excluded")
        inside = left - found.count("out")
        row = {"date": str(when), "scheduled_s": left, "in_s": inside}
        rows.append({**row, "adherence_pct": percent(inside, left)})
    return rows


def deviations(day: Day, verdicts: Mapping[int, str]) -> list[dict]:
    """Each stretch out of adherence of one planned segment and one state."""
    rows: list[dict] = []
    last: tuple[int, Segment, str] | None = None
    for second, verdict in verdicts.items():
        if verdict not in ("out", "forgiven"):
            continue
        here = (second, day.segment_at[second], day.state(second))
        if last != (second - 1, *here[1:]):
            row = {"start": day.shown(second), "seconds": 0, "planned": here[1].activity}
            rows.append({**row, "actual": here[2], "counted": verdict == "out"})
        rows[-1]["seconds"] += 1
        rows[-1]["end"] = day.shown(second + 1)
        last = here
    return rows


def percent(part: int, whole: int) -> float | None:
    """Half-up to two places."""
    return (20_000 * part + whole) // (2 * whole) / 100 if whole else None
