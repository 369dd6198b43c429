"""The rows of a floor, painted line by line: only lines in sight that changed are made anew, and
of those only the cells that changed."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_client.terminal.cells import fit
from agent_client.terminal.floor_columns import GAP, Cell, Moment, Placed, columns, place
from agent_client.terminal.floor_need import second_of
from agent_client.terminal.floor_order import Known
from agent_client.terminal.look import css_name
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.lines import Line
from protocol.wire.sync import FloorRow

_MARGIN = 1
_STATES = {state: f"wallboard--{css_name(state)}" for state in State}
_MOST_KEPT = 400
"""Lines whose cells are kept: a few screens of them."""


@dataclass
class _Kept:
    """One line's cells as they were painted last; only the timed ones are ever replaced."""

    row: FloorRow
    cursor: bool
    segments: list[Segment]


class Wallboard(ScrollView, can_focus=True):
    """A row an agent, keyed by staff number. The cursor stays on its agent."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own form
        "wallboard--quiet",
        "wallboard--alarm",
        "wallboard--cursor",
        *_STATES.values(),
    }
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("up", "move(-1)"),
        ("down", "move(1)"),
        ("pageup", "move_page(-1)"),
        ("pagedown", "move_page(1)"),
        ("home", "move_to(0)"),
        ("end", "move_to(-1)"),
    ]

    class CursorMoved(Message):
        """Somebody looks for a row."""

    def __init__(self, words: Wording) -> None:
        super().__init__()
        self._moment = Moment(words, None)
        self._rows: Mapping[str, Known] = {}
        self._order: Sequence[str] = ()
        self._places: dict[str, int] = {}
        self._placed: list[Placed] = []
        self._timed: list[int] = []
        """Which of the placed columns change although their row does not."""
        self._cells = _MARGIN
        """How wide a line is, up to the gap after its last column."""
        self._clocks_at: int | None = None
        self._kept: dict[str, _Kept] = {}
        self._styles_by_tone: dict[str, Style] = {}
        self.cursor: str | None = None
        """The agent under the cursor; null until it is first moved."""

    def show_order(self, rows: Mapping[str, Known], order: Sequence[str]) -> None:
        """Another set or order of rows."""
        self._rows, self._order = rows, order
        self._places = {agent: place for place, agent in enumerate(order)}
        self.virtual_size = Size(self.scrollable_content_region.width, len(order))
        self.refresh()

    def show_rows(self, changed: Iterable[str], now: datetime | None) -> None:
        """The same order; these agents' rows changed."""
        self._moment = replace(self._moment, now=now)
        width, height = self.size
        top, places = self.scroll_offset.y, self._places
        lines = [places[agent] - top for agent in changed if agent in places]
        regions = [Region(0, y, width, 1) for y in lines if 0 <= y < height]
        if regions:
            self.refresh(*regions)

    def show_time(self, now: datetime | None) -> None:
        """The clocks of all rows in sight go on."""
        if second_of(now) == self._clocks_at:
            return
        self._clocks_at = second_of(now)
        self._moment = replace(self._moment, now=now)
        height = self.size.height
        self.refresh(*(Region(x, 0, width, height) for x, width in self._timed_places()))

    def show_ticks(self, ticked: Container[str]) -> None:
        """Others are marked."""
        self._moment = replace(self._moment, ticked=ticked)
        self.refresh()

    def show_site(self, today: date | None, zone: str) -> None:
        """The site's date, to which counts belong, and its zone."""
        if (today, zone) != (self._moment.today, self._moment.zone):
            self._moment = replace(self._moment, today=today, zone=zone)
            self._kept = {}
            self.refresh()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """The site's lines of business."""
        if lines != self._moment.lines:
            self._moment = replace(self._moment, lines=lines)
            self._kept = {}
            self.refresh()

    def show_words(self, words: Wording) -> None:
        """The language may be another one."""
        if words is not self._moment.words:
            self._moment = replace(self._moment, words=words)
            self._place_columns()

    def headings(self) -> str:
        """The line above the rows."""
        words = self._moment.words
        cells = (
            _aligned(words.text(f"column.{placed.column.name}"), placed) for placed in self._placed
        )
        return " " * _MARGIN + (" " * GAP).join(cells)

    def on_resize(self, _: events.Resize) -> None:
        """What columns fit depends on the width."""
        self._place_columns()
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._order))

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        self._styles_by_tone = {}
        self._kept = {}
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line in sight."""
        place_in_order = y + self.scroll_offset.y
        width = self.size.width
        if place_in_order >= len(self._order):
            return Strip.blank(width, self._style(""))
        agent = self._order[place_in_order]
        row, cursor = self._rows[agent].row, agent == self.cursor
        joined = Segment.simplify(self._segments(row, cursor))
        strip = Strip(joined, self._cells)
        return strip.adjust_cell_length(width, self._style("", cursor))

    def action_move(self, steps: int) -> None:
        """Up or down; the first move begins at the top."""
        self._move_to(0 if self.cursor is None else self._place_of_cursor() + steps)

    def action_move_page(self, pages: int) -> None:
        """A screenful up or down."""
        self._move_to(self._place_of_cursor() + pages * max(1, self.size.height - 1))

    def action_move_to(self, place_in_order: int) -> None:
        """To the first row, or with -1 to the last."""
        self._move_to(place_in_order % max(1, len(self._order)))

    def on_click(self, event: events.Click) -> None:
        """The cursor goes to the row under the mouse."""
        place_in_order = event.y + self.scroll_offset.y
        if place_in_order < len(self._order):
            self._move_to(place_in_order)

    def _segments(self, row: FloorRow, cursor: bool) -> list[Segment]:
        """A margin, then a cell and a gap for each column. What was painted of the same row is
        taken again, but for the cells that go on with the time."""
        kept = self._kept.get(row.agent)
        if kept is None or kept.row is not row or kept.cursor is not cursor:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[row.agent] = _Kept(row, cursor, self._all(row, cursor))
            return list(kept.segments)
        for column in self._timed:
            kept.segments[1 + 2 * column] = self._cell(self._placed[column], row, cursor)
        return list(kept.segments)

    def _all(self, row: FloorRow, cursor: bool) -> list[Segment]:
        plain = self._style("", cursor)
        gap = Segment(" " * GAP, plain)
        segments = [Segment(" " * _MARGIN, plain)]
        for placed in self._placed:
            segments += (self._cell(placed, row, cursor), gap)
        return segments

    def _cell(self, placed: Placed, row: FloorRow, cursor: bool) -> Segment:
        cell = placed.column.say(row, self._moment)
        return Segment(_aligned(cell.text, placed), self._style(_tone(cell, row), cursor))

    def _place_of_cursor(self) -> int:
        return 0 if self.cursor is None else self._places.get(self.cursor, 0)

    def _move_to(self, wanted: int) -> None:
        if not self._order:
            return
        self._refresh_place(self._place_of_cursor())
        place_in_order = min(max(0, wanted), len(self._order) - 1)
        self.cursor = self._order[place_in_order]
        self._refresh_place(place_in_order)
        self.scroll_to_region(
            Region(0, place_in_order, self.size.width, 1), animate=False, force=True
        )
        self.post_message(self.CursorMoved())

    def _refresh_place(self, place_in_order: int) -> None:
        y = place_in_order - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _place_columns(self) -> None:
        room = self.size.width - 2 * _MARGIN
        self._placed = place(room, columns(self._moment.words))
        self._timed = [at for at, placed in enumerate(self._placed) if placed.column.timed]
        self._cells = _MARGIN + sum(placed.width + GAP for placed in self._placed)
        self._kept = {}
        self.refresh()

    def _timed_places(self) -> list[tuple[int, int]]:
        """Where the timed columns stand: the first cell of each, and its width."""
        places, x = [], _MARGIN
        for placed in self._placed:
            if placed.column.timed:
                places.append((x, placed.width))
            x += placed.width + GAP
        return places

    def _style(self, tone: str, cursor: bool = False) -> Style:
        key = f"{tone}+cursor" if cursor else tone
        if key not in self._styles_by_tone:
            style = self.rich_style
            if tone:
                style += self.get_component_rich_style(tone, partial=True)
            if cursor:
                style += self.get_component_rich_style("wallboard--cursor", partial=True)
            self._styles_by_tone[key] = style
        return self._styles_by_tone[key]


def _tone(cell: Cell, row: FloorRow) -> str:
    if cell.tone == "state":
        return _STATES[row.state]
    return f"wallboard--{cell.tone}" if cell.tone else ""


def _aligned(text: str, placed: Placed) -> str:
    fitted = fit(text, placed.width)
    if not placed.column.right:
        return fitted
    bare = fitted.rstrip()
    return " " * (len(fitted) - len(bare)) + bare
