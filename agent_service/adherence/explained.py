"""Why a figure is what it is, in words: all facts, exceptions, rules and decisions of a day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from agent_service.reports.shown import duration, exception_code
from protocol.facts.agent import Reason, State
from protocol.facts.shift import PlannedSegment
from protocol.i18n import Catalogue
from protocol.rules.adherence import Adherence, Slice
from protocol.rules.rounding import percent
from protocol.rules.stand_ins import StandIn
from protocol.wire.adherence import AdherenceDay
from protocol.wire.attendance import AttendanceRow
from protocol.wire.exceptions import ExceptionRow
from protocol.wire.person import Segment
from protocol.wire.plan_corrections import PlanCorrectionRow
from protocol.wire.roster import DayPlan

_NOTHING = "–"
_GOES_ON = "…"


class Explanation:
    """One page, line by line, in one language."""

    def __init__(self, page: AdherenceDay, catalogue: Catalogue) -> None:
        self._page = page
        self._catalogue = catalogue
        self._where: tzinfo = ZoneInfo(page.zone)

    def adherence(self) -> Iterator[str]:
        """The whole page."""
        page = self._page
        yield from self._head("adherence")
        yield from self._part("plans", self._plans())
        yield from self._part("recorded", map(self._segment, page.recorded))
        if page.counted != page.recorded:
            yield from self._part("counted", map(self._segment, page.counted))
        yield from self._part("exceptions", self._exceptions())
        yield from self._part("slices", map(self._slice, page.slices))
        yield from self._part("sums", self._sums())
        yield from self._part("rules", self._rules())

    def attendance(self) -> Iterator[str]:
        """The attendance of the day, and what it rests on."""
        page = self._page
        yield from self._head("attendance")
        yield from self._part("plans", self._plans())
        yield from self._part("recorded", map(self._segment, page.recorded))
        yield from self._part("exceptions", self._exceptions())
        results = (line for row in page.attendance for line in self._result(row))
        yield from self._part("result", results)
        yield from self._part("rules", self._attendance_rules())

    def _words(self, key: str, **params: object) -> str:
        return self._catalogue.text(f"explain.{key}", **params)

    def _head(self, figure: str) -> Iterator[str]:
        page, person = self._page, self._page.person
        yield self._words(
            "title",
            figure=self._catalogue.text(f"report.name.{figure}"),
            agent=person.number,
            name=person.name,
            day=page.day,
            zone=page.zone,
        )
        yield self._words(
            "as_of",
            at=self._clock(page.as_of_ms),
            start=self._clock(page.from_ms),
            end=self._clock(page.until_ms),
        )
        if page.locked:
            yield self._words("locked")
        if page.left_off:
            yield self._words("left_off", count=page.left_off)

    def _part(self, key: str, lines: Iterable[str]) -> Iterator[str]:
        yield ""
        yield self._catalogue.text(f"explain.part.{key}")
        told = list(lines) or [self._words("none")]
        yield from (f"  {line}" for line in told)

    def _plans(self) -> Iterator[str]:
        """Every revision, and who stood in for whom; then what was proposed to be another, and
        what became of it."""
        yield from map(self._plan, self._page.plans)
        yield from map(self._stood_in, self._page.stand_ins)
        for row in self._page.corrections:
            for each in row.days:
                before, after = self._shift(each.before), self._shift(each.segments)
                standing = self._catalogue.text(f"standing.{row.standing}")
                yield self._words("correction", before=before, after=after, standing=standing)
            yield from (f"  {line}" for line in self._corrected(row))

    def _stood_in(self, each: StandIn) -> str:
        return self._words(
            "stood_in",
            agent=each.agent,
            shift=self._shift(each.segments),
            substitute=each.substitute,
            who=each.actor,
            at=self._clock(each.told_ms),
            text=each.text or _NOTHING,
        )

    def _corrected(self, row: PlanCorrectionRow) -> Iterator[str]:
        yield self._words("proposed", who=row.actor, at=self._clock(row.proposed_ms), text=row.text)
        yield from self._shown_by(row)
        if row.decided_by:
            at, text = self._clock_of(row.decided_ms), row.decision or _NOTHING
            yield self._words("decided", who=row.decided_by, at=at, text=text)
        if row.adjusts:
            yield self._words("adjusts", month=row.adjusts)

    def _plan(self, plan: DayPlan) -> str:
        cause = self._catalogue.text(f"plan_cause.{plan.cause}")
        shift = self._shift(plan.segments)
        return self._words("plan", revision=plan.revision, cause=cause, shift=shift)

    def _shift(self, segments: Sequence[PlannedSegment]) -> str:
        parts = ", ".join(
            f"{self._time(each.start_ms)}–{self._time(each.end_ms)}"
            f" {self._catalogue.text(f'activity.{each.activity}')}"
            for each in segments
        )
        return parts or self._words("day_off")

    def _segment(self, segment: Segment) -> str:
        start = segment.start.astimezone(self._where).strftime("%H:%M:%S")
        end = _GOES_ON
        if segment.end is not None:
            end = segment.end.astimezone(self._where).strftime("%H:%M:%S")
        told = f"{start}–{end}  {self._state(segment.state, segment.reason)}"
        by = ", ".join(each for each in (segment.trigger, segment.actor) if each)
        return f"{told}  ({by})" if by else told

    def _slice(self, each: Slice) -> str:
        start, end = self._time(each.start_s * 1000), self._time(each.end_s * 1000)
        verdict = self._catalogue.text(f"explain.verdict.{each.verdict}")
        planned = self._catalogue.text(f"activity.{each.planned}")
        state = self._state(each.state, each.reason)
        length = duration(each.end_s - each.start_s)
        told = f"{start}–{end}  {length}  {planned} / {state}: {verdict}"
        if each.exception is None:
            return told
        code = exception_code(self._catalogue, each.exception.reason)
        return f"{told}  ({code} {each.exception.exception_id})"

    def _exceptions(self) -> Iterator[str]:
        for row in self._page.exceptions:
            yield self._exception(row)
            yield from (f"  {line}" for line in self._said(row))
        for each in self._page.incidents:
            start, end = self._clock(each.start_ms), self._clock(each.end_ms)
            who = ", ".join(number for number in (each.actor, each.second) if number)
            yield self._words(
                "incident", start=start, end=end, who=who, text=each.text, id=each.incident
            )

    def _exception(self, row: ExceptionRow) -> str:
        return self._words(
            "exception",
            start=self._time(row.start_ms),
            end=self._time(row.end_ms),
            what=self._catalogue.text(f"overlay.{row.what}"),
            code=exception_code(self._catalogue, row.code),
            standing=self._catalogue.text(f"standing.{row.standing}"),
            id=row.exception,
        )

    def _said(self, row: ExceptionRow) -> Iterator[str]:
        who, at = row.actor, self._clock(row.proposed_ms)
        yield self._words("proposed", who=who, at=at, text=row.text or _NOTHING)
        yield from self._shown_by(row)
        if row.deciders:
            at = _NOTHING if row.decided_ms is None else self._clock(row.decided_ms)
            text = row.decision or _NOTHING
            yield self._words("decided", who=", ".join(row.deciders), at=at, text=text)
        if row.adjusts:
            yield self._words("adjusts", month=row.adjusts)

    def _shown_by(self, row: ExceptionRow | PlanCorrectionRow) -> Iterator[str]:
        if row.evidence:
            yield self._words("shown_by", evidence=", ".join(row.evidence))

    def _sums(self) -> Iterator[str]:
        figure, raw = self._page.figure, self._page.raw
        yield self._words(
            "equation",
            scheduled=duration(figure.scheduled_s),
            excluded=duration(figure.excluded_s),
            counted=duration(figure.counted_s),
            in_s=duration(figure.in_adherence_s),
            out_s=duration(figure.out_of_adherence_s),
        )
        yield self._words("share", share=_share(figure.in_adherence_s, figure.counted_s))
        yield self._words("raw", share=_share(raw.in_adherence_s, raw.counted_s))
        if figure.provisional:
            high = _share(figure.in_adherence_high_s, figure.counted_s)
            yield self._words("range", length=duration(figure.unknown_s), share=high)
        yield from self._beside(figure)

    def _beside(self, figure: Adherence) -> Iterator[str]:
        yield self._words(
            "conformance",
            share=_share(figure.actual_work_s, figure.scheduled_work_s),
            done=duration(figure.actual_work_s),
            planned=duration(figure.scheduled_work_s),
        )
        yield self._words(
            "in_parts",
            grace=duration(figure.grace_forgiven_s),
            overrun=duration(figure.auto_excused_s),
            excused=duration(figure.approved_excused_s),
            personal=duration(figure.personal_allowance_used_s),
        )
        yield self._words("pending", length=duration(figure.pending_review_s))
        longest = duration(self._page.fatigue.longest_run_s)
        yield self._words("fatigue", length=longest)
        for each in self._page.fatigue.breaches:
            began, at = self._clock(each.began_ms), self._clock(each.reached_ms)
            yield self._words("breach", began=began, at=at)

    def _rules(self) -> Iterator[str]:
        rules = self._page.values.adherence
        yield self._words("version", version=self._page.version)
        yield self._words(
            "adherence_rules",
            grace=rules.grace_s,
            cap=rules.overrun_cap_s,
            allowance=rules.personal_allowance_s,
            acw=rules.acw_limit_s,
            target=rules.target_pct,
        )
        for line, seconds in sorted(rules.acw_limits_s.items()):
            yield self._words("acw_of_line", line=line, acw=seconds)

    def _attendance_rules(self) -> Iterator[str]:
        rules = self._page.values.attend
        yield self._words("version", version=self._page.version)
        yield self._words(
            "attendance_rules",
            tolerance=rules.tolerance_s,
            half=rules.half_day_s,
            full=rules.full_day_s,
        )

    def _result(self, row: AttendanceRow) -> Iterator[str]:
        yield self._catalogue.text(f"attendance.{row.code}")
        yield self._words(
            "signs", came=self._clock_of(row.signed_in_ms), left=self._clock_of(row.signed_out_ms)
        )
        yield self._words(
            "late_early",
            late=_NOTHING if row.late_s is None else duration(row.late_s),
            early=_NOTHING if row.early_s is None else duration(row.early_s),
            prepared=duration(row.prepared_s),
            overtime=duration(row.overtime_s),
        )
        said = {"by": row.named_by, "text": row.because or _NOTHING}
        if row.substitute:
            yield self._words("substitute", who=row.substitute, **said)
        if row.for_agent:
            yield self._words("for_agent", who=row.for_agent, **said)
        if row.evidence:
            yield self._words("evidence", text=row.evidence)

    def _state(self, state: State | None, reason: Reason | None) -> str:
        if state is None:
            return self._words("unknown")
        told = self._catalogue.text(f"state.{state}")
        if reason is None:
            return told
        return f"{told} ({self._catalogue.text(f'reason.{reason}')})"

    def _clock_of(self, ms: int | None) -> str:
        return _NOTHING if ms is None else self._clock(ms)

    def _clock(self, ms: int) -> str:
        return self._local(ms).strftime("%Y-%m-%d %H:%M:%S")

    def _time(self, ms: int) -> str:
        return self._local(ms).strftime("%H:%M:%S")

    def _local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(self._where)


def _share(part: int, whole: int) -> str:
    share = percent(part, whole)
    return _NOTHING if share is None else f"{share:.2f} %"
