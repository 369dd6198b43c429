"""Exceptions of other people's days as lines of a queue, and each in full."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from agent_client.terminal.cells import cut, fit, shown, shown_lines
from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import doing, length
from agent_client.terminal.why_words import about, shown_by, who
from agent_client.terminal.wording import Wording, duration
from protocol.facts.correction import Overlay
from protocol.wire.exceptions import ExceptionRow, Standing

TICK = "✓"
_MARKS = {
    Standing.PENDING: ("○ ", "$warning"),
    Standing.SECOND: ("◐ ", "$warning"),
    Standing.APPROVED: ("● ", "$success"),
    Standing.REJECTED: ("× ", "$error"),
    Standing.WITHDRAWN: ("– ", "$quiet"),
}
Names = Mapping[str, str]
"""Of people, by staff number."""
_PERSON = 16
_PERSON_WIDE = 24
_LASTS = 7
_WHAT = 9
_CODE = 17
_CODE_WIDE = 30
_WIDE = 100
_WIDEST = 140
"""Where names have room beside the numbers of who was first."""
_TEXT = 400


def mark(standing: Standing) -> tuple[str, str]:
    """Where something stands, to be read without colour, too."""
    return _MARKS[standing]


def line(words: Wording, row: ExceptionRow, names: Names, zone: str, width: int) -> Content:
    """Day, person, times, length, what, why, and where it stands."""
    _, colour = _MARKS[row.standing]
    wide = width >= _WIDE
    person = fit(named(names, row.agent), _PERSON_WIDE if wide else _PERSON)
    code = words.term(f"exception_code.{row.code}", row.code)
    return Content.assemble(
        mark(row.standing),
        f"{row.day:%m-%d} {person} ",
        f"{_times(row, zone)} ",
        f"{duration(lasts(row)):>{_LASTS}}  {fit(what(words, row), _WHAT)} ",
        fit(code, _CODE_WIDE if wide else _CODE),
        (f" {_standing(words, row, names if width >= _WIDEST else {})}" if wide else "", colour),
    )


def details(words: Wording, row: ExceptionRow, names: Names, zone: str) -> tuple[Content, ...]:
    """Whose and how it stands, what it was in truth, who wants it and why, what was answered."""
    day = f"{words.text(f'weekday.{row.day.isoweekday()}')} {row.day}"
    lasted = length(words, lasts(row))
    head = f"{named(names, row.agent)} · {day} · {_exact(row, zone)} · {lasted}"
    lines = [Content.styled(head, "bold"), Content(about(words, row, zone, names))]
    if row.state is not None:
        state = doing(words, row.state, row.reason)
        lines.append(Content(words.text("why.was_in_truth", state=state)))
    proposer = who(words, row.actor)
    if row.actor in names:
        proposer = named(names, row.actor)
    at = f"{at_site(row.proposed_ms, zone):%m-%d %H:%M}"
    text = words.text("why.proposed_by", who=proposer, at=at, text=one_line(row.text))
    lines.append(Content(text.rstrip()))
    lines += map(Content, shown_by(words, row))
    if row.decision:
        lines.append(Content(words.text("why.answer", text=one_line(row.decision))))
    if row.adjusts:
        lines.append(Content(words.text("why.adjusts", month=shown(row.adjusts))))
    return tuple(lines)


def what(words: Wording, row: ExceptionRow) -> str:
    """What it does to its interval; a correction says which state it makes of it."""
    if row.what is Overlay.CORRECT and row.state is not None:
        return f"→ {doing(words, row.state, row.reason)}"
    return words.term(f"overlay.{row.what}", row.what)


def lasts(row: ExceptionRow) -> int:
    """Its length in seconds."""
    return (row.end_ms - row.start_ms) // 1000


def named(names: Names, number: str) -> str:
    """`1003 Ann`."""
    return f"{shown(number)} {shown(names.get(number, ''))}".rstrip()


def second_awaited(words: Wording, first: Sequence[str], names: Names) -> str:
    """It is approved by one, and needs another."""
    told = words.text("comma").join(who(words, each, names) for each in first)
    return words.text("queue.second", first=told)


def _standing(words: Wording, row: ExceptionRow, names: Names) -> str:
    """By whom the first approval was, where a second is needed."""
    if row.standing is Standing.SECOND:
        return second_awaited(words, row.deciders or (row.actor,), names)
    return words.term(f"standing.{row.standing}", row.standing)


def _times(row: ExceptionRow, zone: str) -> str:
    return f"{at_site(row.start_ms, zone):%H:%M}–{at_site(row.end_ms, zone):%H:%M}"


def _exact(row: ExceptionRow, zone: str) -> str:
    return f"{at_site(row.start_ms, zone):%H:%M:%S}–{at_site(row.end_ms, zone):%H:%M:%S}"


def one_line(text: str) -> str:
    """What somebody wrote, as far as a line can tell it."""
    return cut(" ".join(shown_lines(text).split()), _TEXT)
