"""The account of a day: the sums that add up, the plans it had, attendance, work without a rest,
and the rules."""

from collections.abc import Iterator

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.correction_rows import correction_said, instead
from agent_client.terminal.plan_difference import in_full
from agent_client.terminal.plan_words import figure, length, percentage
from agent_client.terminal.why_rows import Row, heading, said, times
from agent_client.terminal.why_words import in_one_line, who
from agent_client.terminal.wording import UNKNOWN_TIME, Wording, duration
from protocol.rules.adherence import Adherence
from protocol.rules.stand_ins import StandIn
from protocol.wire.adherence import AdherenceDay
from protocol.wire.attendance import AttendanceRow
from protocol.wire.roster import DayPlan


def sum_rows(words: Wording, page: AdherenceDay) -> Iterator[Row]:
    """in + out = scheduled − excluded, and what `in` is made of."""
    of_day = page.figure
    if not of_day.scheduled_s:
        return
    yield heading("sums", words.text("why.sums"))
    yield said("sum", _equation(words, of_day))
    parts = _parts(words, of_day)
    if parts:
        yield said("of-it", words.text("why.of_it", parts=words.text("comma").join(parts)))
    if of_day.pending_review_s:
        pending = duration(of_day.pending_review_s)
        yield said("pending", words.text("why.pending_s", length=pending))
    if of_day.unknown_s:
        unknown = duration(of_day.unknown_s)
        yield said("unknown", words.text("why.range", length=unknown, figure=figure(of_day)))
    yield said("work", _work(words, of_day))


def _equation(words: Wording, of_day: Adherence) -> str:
    return words.text(
        "why.equation",
        in_s=duration(of_day.in_adherence_s),
        out_s=duration(of_day.out_of_adherence_s),
        counted=duration(of_day.counted_s),
        scheduled=duration(of_day.scheduled_s),
        excluded=duration(of_day.excluded_s),
    )


def _parts(words: Wording, of_day: Adherence) -> list[str]:
    """What counts as in though it was not by state."""
    parts = {
        "grace": of_day.grace_forgiven_s,
        "overrun": of_day.auto_excused_s,
        "personal": of_day.personal_allowance_used_s,
        "excused": of_day.approved_excused_s,
    }
    return [
        f"{words.text(f'why_part.{key}')} {duration(seconds)}"
        for key, seconds in parts.items()
        if seconds
    ]


def _work(words: Wording, of_day: Adherence) -> str:
    parts = [
        words.text(
            "why.conformance",
            share=percentage(of_day.actual_work_s, of_day.scheduled_work_s),
            done=duration(of_day.actual_work_s),
            planned=duration(of_day.scheduled_work_s),
        )
    ]
    if of_day.pre_shift_work_s:
        before = length(words, of_day.pre_shift_work_s)
        parts.append(words.text("why.before_shift", length=before))
    if of_day.overtime_work_s:
        beside = length(words, of_day.overtime_work_s)
        parts.append(words.text("why.overtime", length=beside))
    return " · ".join(parts)


def plan_rows(words: Wording, page: AdherenceDay) -> Iterator[Row]:
    """Every plan that the day has had, of which the last one is in force; and who stood in."""
    yield heading("plans", words.text("why.plans"))
    for place, plan in enumerate(page.plans):
        in_force = place == len(page.plans) - 1
        line = _plan(words, page, plan, in_force=in_force)
        yield said(f"plan-{plan.revision}", line, *_of_plan(words, page, plan))
    if not page.plans:
        yield said("no-plan", words.text("why.no_plan"))
    for row in page.corrections:
        days = words.text("comma").join(instead(words, each, page.zone) for each in row.days)
        standing = words.term(f"standing.{row.standing}", row.standing)
        head = words.text("why.correction", days=days, standing=standing)
        told = correction_said(words, row, page.names, page.zone)
        yield said(f"correction-{row.correction}", head, *told)
    for place, each in enumerate(page.stand_ins):
        yield said(f"stood-in-{place}", *_stood_in(words, page, each))


def _plan(words: Wording, page: AdherenceDay, plan: DayPlan, *, in_force: bool) -> str:
    at = f"{at_site(plan.planned_ms, page.zone):%m-%d %H:%M}" if plan.planned_ms else UNKNOWN_TIME
    shift = words.term("attendance.DAY_OFF", "DAY_OFF")
    if plan.segments:
        shift = times(plan.segments[0].start_ms, plan.segments[-1].end_ms, page.zone)
    text = words.text(
        "why.plan",
        revision=plan.revision,
        shift=f"{shift} {shown(plan.pattern)}".rstrip(),
        cause=words.term(f"plan_cause.{plan.cause}", plan.cause),
        who=who(words, plan.actor, page.names),
        at=at,
    )
    return words.text("why.in_force", plan=text) if in_force else text


def _of_plan(words: Wording, page: AdherenceDay, plan: DayPlan) -> Iterator[str]:
    """What lies in it, and if a correction made it, by whom that was and why."""
    if plan.segments:
        yield in_full(words, plan.segments, page.zone)
    for row in page.corrections:
        if row.revision == plan.revision:
            yield from correction_said(words, row, page.names, page.zone)


def _stood_in(words: Wording, page: AdherenceDay, each: StandIn) -> list[str]:
    """Whose shift it was, who worked it, and on whose word."""
    shift = times(each.segments[0].start_ms, each.segments[-1].end_ms, page.zone)
    text = words.text(
        "why.stood_in",
        shift=shift,
        owner=shown(each.agent),
        substitute=shown(each.substitute),
        who=who(words, each.actor, page.names),
        at=f"{at_site(each.told_ms, page.zone):%m-%d %H:%M}",
    )
    return [text, in_one_line(each.text), words.text("why.stood_in_counts")]


def presence_rows(words: Wording, page: AdherenceDay) -> Iterator[Row]:
    """Attendance and work without a rest."""
    yield heading("presence", words.text("why.presence"))
    for row in page.attendance:
        of_whom = f"-{row.for_agent}" if row.for_agent else ""
        yield said(f"attendance{of_whom}", _attendance(words, row, page.zone))
    run = page.fatigue
    yield said("fatigue", words.text("why.run", length=length(words, run.longest_run_s)))
    for place, each in enumerate(run.breaches):
        at = f"{at_site(each.reached_ms, page.zone):%H:%M}"
        yield said(f"breach-{place}", words.text("why.breach", at=at))


def _attendance(words: Wording, row: AttendanceRow, zone: str) -> str:
    parts = [
        words.term(f"attendance.{row.code}", row.code),
        words.text("why.signed_in", at=_time(row.signed_in_ms, zone)),
        words.text("why.signed_out", at=_time(row.signed_out_ms, zone)),
    ]
    if row.late_s:
        parts.append(words.text("why.late", length=length(words, row.late_s)))
    if row.early_s:
        parts.append(words.text("why.early", length=length(words, row.early_s)))
    if row.prepared_s:
        parts.append(words.text("why.prepared", length=length(words, row.prepared_s)))
    if row.substitute:
        parts.append(words.text("why.substitute", who=shown(row.substitute)))
    if row.for_agent:
        parts.append(words.text("why.for_agent", who=shown(row.for_agent)))
    return " · ".join(parts)


def rule_rows(words: Wording, page: AdherenceDay) -> Iterator[Row]:
    """By which values the figure is made, and what else has to be known of it."""
    yield heading("rules", words.text("why.rules"))
    values = page.values.adherence
    yield said(
        "version",
        words.text(
            "why.version",
            version=shown(page.version) or "–",
            grace=length(words, values.grace_s),
            cap=length(words, values.overrun_cap_s),
            allowance=length(words, values.personal_allowance_s),
            target=values.target_pct,
        ),
    )
    if page.locked:
        yield said("locked", words.text("why.locked"))
    if page.left_off:
        yield said("left-off", words.text("why.left_off", count=page.left_off))


def _time(ms: int | None, zone: str) -> str:
    return UNKNOWN_TIME if ms is None else f"{at_site(ms, zone):%H:%M:%S}"
