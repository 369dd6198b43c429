"""The lines of a day's explanation: each with what is said in full below the list, and with what
can be done about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import fit
from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import doing, length
from agent_client.terminal.why_words import (
    about,
    counted,
    decisions,
    in_one_line,
    proposed,
    shown_by,
    standing,
    told,
)
from agent_client.terminal.wording import Wording, duration
from protocol.facts.shift import Activity
from protocol.rules.adherence import Slice, Verdict
from protocol.wire.adherence import AdherenceDay
from protocol.wire.exceptions import ExceptionRow

_TIMES = 17
_LASTS = 8
_DOING = 18
_CODE = 20


@dataclass(frozen=True)
class Row:
    """One line. A heading can't be chosen."""

    id: str
    line: Content
    detail: tuple[Content, ...] = ()
    slice: Slice | None = None
    """The stretch that an exception can be asked for."""
    exception: ExceptionRow | None = None
    """What can be decided or taken back."""
    heading: bool = False


def heading(id: str, text: str) -> Row:
    """A line above others."""
    return Row(id, Content.styled(text, "bold $quiet"), heading=True)


def said(id: str, text: str, *more: str) -> Row:
    """A line that says something, whole below the list."""
    return Row(id, Content(text), tuple(Content(each) for each in (text, *more)))


def stretch_rows(words: Wording, page: AdherenceDay, width: int) -> Iterator[Row]:
    """Every stretch that is not plainly in adherence, in the order of time."""
    found = [each for each in page.slices if each.verdict is not Verdict.IN]
    yield heading("stretches", words.text("why.stretches", count=len(found)))
    activities = max(cell_len(words.term(f"activity.{each}", each)) for each in Activity)
    for each in found:
        yield _stretch(words, page, each, activities, width)
    if not found:
        key = "why.all_in" if page.slices else "why.nothing_planned"
        yield said("all-in", words.text(key))


def _stretch(words: Wording, page: AdherenceDay, each: Slice, activities: int, width: int) -> Row:
    planned = words.term(f"activity.{each.planned}", each.planned)
    was, how = doing(words, each.state, each.reason), counted(each)
    lasted = each.end_s - each.start_s
    mark, colour = how.mark
    verdict = words.text(f"why_verdict.{how.key}")
    line = Content.assemble(
        (f"{times(each.start_s * 1000, each.end_s * 1000, page.zone)} ", "$quiet"),
        f"{duration(lasted):>{_LASTS}}  {fit(planned, activities)} {fit(was, _DOING)} ",
        (f"{mark} {verdict}", colour),
    )
    summary = words.text("why.stretch", planned=planned, actual=was, length=length(words, lasted))
    texts = [told(words, page, each), *decisions(words, page, each)]
    return Row(
        f"slice-{each.start_s}-{each.segment}",
        line.truncate(width, ellipsis=True),
        (Content.styled(summary, "bold"), *(Content(text) for text in texts)),
        slice=each,
        exception=_meant(page, each),
    )


def _meant(page: AdherenceDay, each: Slice) -> ExceptionRow | None:
    """The exception that the stretch counts by, or waits for."""
    if each.exception is None:
        return None
    name = each.exception.exception_id
    return next((row for row in page.exceptions if row.exception == name), None)


def exception_rows(words: Wording, page: AdherenceDay, width: int) -> Iterator[Row]:
    """Every exception of the day, with its standing."""
    if page.exceptions:
        yield heading("exceptions", words.text("why.exceptions", count=len(page.exceptions)))
    for row in page.exceptions:
        yield _exception(words, page, row, width)


def _exception(words: Wording, page: AdherenceDay, row: ExceptionRow, width: int) -> Row:
    code = words.term(f"exception_code.{row.code}", row.code)
    line = Content.assemble(
        (f"{times(row.start_ms, row.end_ms, page.zone)} ", "$quiet"),
        f"{fit(words.term(f'overlay.{row.what}', row.what), _LASTS)}  ",
        f"{fit(code, _CODE)} ",
        standing(words, row),
    )
    details = [Content.styled(about(words, row, page.zone, page.names), "bold")]
    details += [Content(text) for text in _texts(words, page, row)]
    return Row(
        f"exception-{row.exception}",
        line.truncate(width, ellipsis=True),
        tuple(details),
        exception=row,
    )


def _texts(words: Wording, page: AdherenceDay, row: ExceptionRow) -> Iterator[str]:
    """Who wanted it and why, what the answer said, and what it became."""
    if row.state is not None:
        yield words.text("why.was_in_truth", state=doing(words, row.state, row.reason))
    yield proposed(words, row, page.zone, page.names)
    yield from shown_by(words, row)
    if row.decision:
        yield words.text("why.answer", text=in_one_line(row.decision))
    if row.adjusts:
        yield words.text("why.adjusts", month=in_one_line(row.adjusts))


def times(start_ms: int, end_ms: int, zone: str) -> str:
    """`09:00:00–09:12:00` at the site."""
    text = f"{at_site(start_ms, zone):%H:%M:%S}–{at_site(end_ms, zone):%H:%M:%S}"
    return fit(text, _TIMES)
