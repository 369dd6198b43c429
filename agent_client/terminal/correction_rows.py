"""Corrections of plans and incidents as lines of the queue, and each in full."""

from collections.abc import Iterator, Sequence
from datetime import date

from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.exception_rows import Names, mark, named, one_line, second_awaited
from agent_client.terminal.plan_words import length
from agent_client.terminal.roster_words import hours_of
from agent_client.terminal.why_words import who
from agent_client.terminal.wording import Wording, duration
from protocol.facts.correction import PlanInstead
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire.incidents import IncidentRow
from protocol.wire.plan_corrections import PlanCorrectionRow

_WHOSE, _WHOSE_WIDE = 16, 24
_WIDE = 100


def correction_line(
    words: Wording, row: PlanCorrectionRow, names: Names, zone: str, width: int
) -> Content:
    """Where it stands, day, person, the plan before and after, how many days more."""
    first, more = row.days[0], len(row.days) - 1
    person = fit(named(names, first.agent), _WHOSE_WIDE if width >= _WIDE else _WHOSE)
    rest = f" +{more}" if more else ""
    return Content.assemble(
        mark(row.standing),
        f"{first.day:%m-%d} {person} ",
        f"{instead(words, first, zone)}{rest}  ",
        words.term("plan_cause.correction", "correction"),
    )


def incident_line(words: Wording, row: IncidentRow, names: Names, zone: str, width: int) -> Content:
    """Where it stands, day, whom it struck, from when to when, how long, what failed."""
    whom = fit(_struck(words, row), _WHOSE_WIDE if width >= _WIDE else _WHOSE)
    start, end = at_site(row.start_ms, zone), at_site(row.end_ms, zone)
    return Content.assemble(
        mark(row.standing),
        f"{start:%m-%d} {whom} {start:%H:%M}–{end:%H:%M} ",
        f"{duration(lasted(row)):>7}  {words.text('queue.fault')} {one_line(row.text)}",
    )


def correction_details(
    words: Wording, row: PlanCorrectionRow, names: Names, zone: str
) -> Iterator[Content]:
    """Every day of it, who wants it and why, what was answered; last, as far as there is room,
    the plans whole."""
    for each in row.days:
        head = f"{named(names, each.agent)} · {_dated(words, each.day)} · "
        yield Content.styled(f"{head}{instead(words, each, zone)}", "bold")
    yield from map(Content, correction_said(words, row, zone))
    for each in row.days:
        changed = ((each.before, "correction.before"), (each.segments, "correction.after"))
        for segments, key in changed:
            yield Content(words.text(key, plan=_whole(words, segments, zone)))


def correction_said(words: Wording, row: PlanCorrectionRow, zone: str) -> Iterator[str]:
    """Who proposed it and why, where it stands, what was answered."""
    at = f"{at_site(row.proposed_ms, zone):%m-%d %H:%M}"
    by, text = who(words, row.actor), one_line(row.text)
    yield words.text("why.proposed_by", who=by, at=at, text=text)
    if row.decided_by:
        standing = words.term(f"standing.{row.standing}", row.standing)
        at = f"{at_site(row.decided_ms, zone):%m-%d %H:%M}" if row.decided_ms is not None else ""
        by = who(words, row.decided_by)
        yield words.text("correction.decided", standing=standing, who=by, at=at)
    else:
        yield second_awaited(words, (row.actor,))
    if row.decision:
        yield words.text("why.answer", text=one_line(row.decision))
    if row.adjusts:
        yield words.text("why.adjusts", month=shown(row.adjusts))


def incident_details(
    words: Wording, row: IncidentRow, names: Names, zone: str
) -> Iterator[Content]:
    """Whom it struck and when, what failed, by whom it was confirmed, what was answered."""
    start, end = at_site(row.start_ms, zone), at_site(row.end_ms, zone)
    lasts = length(words, lasted(row))
    head = f"{_struck(words, row)} · {start:%m-%d %H:%M:%S} – {end:%m-%d %H:%M:%S} · {lasts}"
    yield Content.styled(head, "bold")
    yield Content(words.text("why.incident", who=who(words, row.actor), text=one_line(row.text)))
    standing = words.term(f"standing.{row.standing}", row.standing)
    if row.decided_ms is None:
        yield Content(second_awaited(words, row.deciders) if row.standing == "second" else standing)
        return
    at = f"{at_site(row.decided_ms, zone):%m-%d %H:%M}"
    by = who(words, row.deciders[-1])
    yield Content(words.text("correction.decided", standing=standing, who=by, at=at))
    if row.decision:
        yield Content(words.text("why.answer", text=one_line(row.decision)))


def instead(words: Wording, each: PlanInstead, zone: str) -> str:
    """`09:00–18:00 → 13:00–22:00`."""
    return f"{_hours(words, each.before, zone)} → {_hours(words, each.segments, zone)}"


def lasted(row: IncidentRow) -> int:
    """Its length in seconds."""
    return (row.end_ms - row.start_ms) // 1000


def _hours(words: Wording, segments: Sequence[PlannedSegment], zone: str) -> str:
    return hours_of(segments, zone) if segments else words.text("roster.off")


def _whole(words: Wording, segments: Sequence[PlannedSegment], zone: str) -> str:
    """The hours, and what in them is not work."""
    rests = words.text("comma").join(
        f"{words.term(f'activity.{each.activity}', each.activity)} {hours_of((each,), zone)}"
        for each in segments
        if each.activity is not Activity.WORK
    )
    return f"{_hours(words, segments, zone)}  {rests}".rstrip()


def _struck(words: Wording, row: IncidentRow) -> str:
    return shown(row.team) or words.text("queue.site")


def _dated(words: Wording, day: date) -> str:
    return f"{words.text(f'weekday.{day.isoweekday()}')} {day}"
