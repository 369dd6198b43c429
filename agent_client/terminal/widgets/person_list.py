"""One person's day as a list: every stretch with its times, its reason, its cause, and who."""

from collections.abc import Callable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.clock import whole_seconds
from agent_client.terminal.look import SYMBOLS, UNKNOWN_FILL, colour
from agent_client.terminal.view import View
from agent_client.terminal.widgets.person_part import PersonPart, left_off
from agent_client.terminal.wording import Wording, clock_time, duration
from protocol.facts.agent import Reason, State
from protocol.wire.person import PersonDay, Segment

_SYSTEM = "system"
_TIME = 8
_WIDE = 96
"""Cells from which on the end of a stretch is worth its room beside its length."""
_LASTS = 8
_LEAST_CAUSE = 8


class PersonList(PersonPart):
    """The newest stretch first."""

    def has_something(self, page: PersonDay) -> bool:
        """A day of calls alone has no stretches."""
        return bool(page.segments)

    def show(self, view: View) -> None:
        """The heading is in the reader's language too."""
        self.entitle(view.words.text("person.stretches"))
        super().show(view)

    def paint_page(self, view: View, page: PersonDay, zone: str) -> Content:
        """A line a stretch."""
        line = _line(view.words, page.person.number, zone, self.size.width)
        lines = [line(segment) for segment in reversed(page.segments)]
        return Content("\n").join([*lines, *left_off(view.words, page.segments_left_off)])


def _line(words: Wording, agent: str, zone: str, width: int) -> Callable[[Segment], Content]:
    """Makes the lines of a width; what does not fit of a cause is cut."""
    states = 2 + max(cell_len(words.state(state)) for state in State)
    reasons = max(cell_len(words.reason(reason)) for reason in Reason)
    times = 2 * _TIME + 1 if width >= _WIDE else _TIME
    room = width - times - states - _LASTS - 4
    reason_cells = min(reasons, max(0, room - _LEAST_CAUSE))
    cause_cells = max(0, room - reason_cells)

    def line(segment: Segment) -> Content:
        name, style = _state(words, segment)
        reason = words.reason(segment.reason) if segment.reason is not None else ""
        return Content.assemble(
            (f"{set_cell_size(_times(words, segment, zone), times)} ", "$quiet"),
            (f"{fit(name, states)} ", style),
            f"{fit(reason, reason_cells)} ",
            f"{_lasts(segment):>{_LASTS}} ",
            (fit(_cause(words, segment, agent), cause_cells).rstrip(), "$quiet"),
        )

    return line


def _times(words: Wording, segment: Segment, zone: str) -> str:
    end = words.text("person.now") if segment.end is None else clock_time(segment.end, zone)
    return f"{clock_time(segment.start, zone)}–{end}"


def _lasts(segment: Segment) -> str:
    """Empty while it goes on: its clock is on top of the page."""
    return "" if segment.end is None else duration(whole_seconds(segment.start, segment.end))


def _state(words: Wording, segment: Segment) -> tuple[str, str]:
    if segment.state is None:
        return f"{UNKNOWN_FILL} {words.text('day.unknown')}", "bold $error"
    return f"{SYMBOLS[segment.state]} {words.state(segment.state)}", colour(segment.state)


def _cause(words: Wording, segment: Segment, agent: str) -> str:
    """What caused it, and who: nobody is named for what a person did at the own desk."""
    cause = words.named(f"person_cause.{segment.trigger}", segment.trigger)
    if segment.text:
        cause = words.text("person.said", cause=cause, text=shown(segment.text))
    if segment.actor in ("", _SYSTEM, agent):
        return cause
    return words.text("person.by", cause=cause, who=shown(segment.actor))
