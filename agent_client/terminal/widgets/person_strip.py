"""One person's day as a strip over its hours, in patterns that read without colour."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual.content import Content

from agent_client.terminal.clock import zone_of
from agent_client.terminal.look import FILLS, UNKNOWN_FILL, colour
from agent_client.terminal.person_day import Cell, cells, hours, span
from agent_client.terminal.view import View
from agent_client.terminal.widgets.person_part import PersonPart
from protocol.facts.agent import State
from protocol.wire.person import PersonDay

_OUT = "·"
"""Signed out."""


class PersonStrip(PersonPart):
    """Two lines: the strip, and the hours below it."""

    def has_something(self, page: PersonDay) -> bool:
        """A day of calls alone has no strip."""
        return bool(page.segments)

    def show(self, view: View) -> None:
        """The heading is in the reader's language too."""
        self.entitle(view.words.text("person.strip"))
        super().show(view)

    def paint_page(self, view: View, page: PersonDay, zone: str) -> Content:
        """As wide as there is room."""
        width = self.size.width
        site = zone_of(zone)
        over = span(page.segments, view.now, site)
        if over is None or width < 8:
            return Content("")
        painted = cells(page.segments, over, width, view.now)
        axis = Content.styled(hours(over, width, site), "$quiet")
        return Content("\n").join([Content.assemble(*_runs(painted)), axis])


def _runs(painted: Sequence[Cell]) -> Iterator[tuple[str, str]]:
    for cell, run in groupby(painted):
        fill, style = _look(cell)
        yield fill * len(list(run)), style


def _look(cell: Cell) -> tuple[str, str]:
    if cell.empty:
        return " ", "$quiet"
    if cell.state is None or cell.state is State.OFFLINE:
        return UNKNOWN_FILL, "$error"
    return FILLS.get(cell.state, _OUT), colour(cell.state)
