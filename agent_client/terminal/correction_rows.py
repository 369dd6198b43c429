"""Corrections of plans and incidents as lines of the queue, and each in full."""

from collections.abc import Iterator
from datetime import date

from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.exception_rows import Names, mark, named, one_line, second_awaited
from agent_client.terminal.plan_difference import difference, differences, in_full
from agent_client.terminal.plan_words import length
from agent_client.terminal.why_words import shown_by, who
from agent_client.terminal.wording import Wording, duration
from protocol.facts.correction import PlanInstead
from protocol.rules.exception_decisions import Standing
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
    changed = differences(words, first.before, first.segments, zone)[0]
    rest = f" +{more}" if more else ""
    return Content.assemble(
        mark(row.standing),
        f"{first.day:%m-%d} {person} ",
        f"{changed}{rest}  ",
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
    yield from map(Content, correction_said(words, row, names, zone))
    for each in row.days:
        changed = ((each.before, "correction.before"), (each.segments, "correction.after"))
        for segments, key in changed:
            yield Content(words.text(key, plan=in_full(words, segments, zone)))


def correction_said(
    words: Wording, row: PlanCorrectionRow, names: Names, zone: str
) -> Iterator[str]:
    """Who proposed it and why, where it stands, what was answered."""
    at = f"{at_site(row.proposed_ms, zone):%m-%d %H:%M}"
    by, text = who(words, row.actor, names), one_line(row.text)
    yield words.text("why.proposed_by", who=by, at=at, text=text)
    yield from shown_by(words, row)
    if row.decided_by:
        standing = words.term(f"standing.{row.standing}", row.standing)
        at = f"{at_site(row.decided_ms, zone):%m-%d %H:%M}" if row.decided_ms is not None else ""
        by = who(words, row.decided_by, names)
        yield words.text("correction.decided", standing=standing, who=by, at=at)
    else:
        yield second_awaited(words, (row.actor,), names)
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
    confirmed, text = who(words, row.actor, names), one_line(row.text)
    yield Content(words.text("why.incident", who=confirmed, text=text))
    standing = words.term(f"standing.{row.standing}", row.standing)
    if row.decided_ms is None:
        awaited = second_awaited(words, row.deciders, names)
        yield Content(awaited if row.standing is Standing.SECOND else standing)
        return
    at = f"{at_site(row.decided_ms, zone):%m-%d %H:%M}"
    by = who(words, row.deciders[-1], names)
    yield Content(words.text("correction.decided", standing=standing, who=by, at=at))
    if row.decision:
        yield Content(words.text("why.answer", text=one_line(row.decision)))


def incident_brief(words: Wording, row: IncidentRow, zone: str) -> str:
    """Whom it struck, when, and how long."""
    start, end = at_site(row.start_ms, zone), at_site(row.end_ms, zone)
    times = f"{start:%m-%d %H:%M}–{end:%H:%M}"
    lasts = length(words, lasted(row))
    return f"{words.text('queue.fault')}  {_struck(words, row)}  {times}  {lasts}"


def instead(words: Wording, each: PlanInstead, zone: str) -> str:
    """What differs: `09:00–18:00 → 13:00–22:00`."""
    return difference(words, each.before, each.segments, zone)


def lasted(row: IncidentRow) -> int:
    """Its length in seconds."""
    return (row.end_ms - row.start_ms) // 1000


def _struck(words: Wording, row: IncidentRow) -> str:
    return shown(row.team) or words.text("queue.site")


def _dated(words: Wording, day: date) -> str:
    return f"{words.text(f'weekday.{day.isoweekday()}')} {day}"
