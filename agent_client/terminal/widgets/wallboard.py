"""The rows of a floor, painted line by line: only lines in sight that changed are made anew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_client.terminal.cells import fit
from agent_client.terminal.floor_columns import GAP, Cell, Placed, columns, place
from agent_client.terminal.look import css_name
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.wire.sync import FloorRow

_MARGIN = 1
_STATES = {state: f"wallboard--{css_name(state)}" for state in State}


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
        self._words = words
        self._rows: Mapping[str, FloorRow] = {}
        self._order: Sequence[str] = ()
        self._places: dict[str, int] = {}
        self._now: datetime | None = None
        self._placed: list[Placed] = []
        self._styles_by_tone: dict[str, Style] = {}
        self.cursor: str | None = None
        """The agent under the cursor; null until it is first moved."""

    def show_order(self, rows: Mapping[str, FloorRow], order: Sequence[str]) -> None:
        """Another set or order of rows."""
        self._rows, self._order = rows, order
        self._places = {agent: place for place, agent in enumerate(order)}
        self.virtual_size = Size(self.scrollable_content_region.width, len(order))
        self.refresh()

    def show_rows(self, changed: Iterable[str], now: datetime | None) -> None:
        """The same order; these agents' rows changed."""
        self._now = now
        for agent in changed:
            if agent in self._places:
                self._refresh_place(self._places[agent])

    def show_time(self, now: datetime | None) -> None:
        """The clocks of all rows in sight go on."""
        self._now = now
        self.refresh()

    def show_words(self, words: Wording) -> None:
        """The language may be another one."""
        if words is not self._words:
            self._words = words
            self._place_columns()

    def headings(self) -> str:
        """The line above the rows."""
        cells = (
            _aligned(self._words.text(f"column.{placed.column.name}"), placed)
            for placed in self._placed
        )
        return " " * _MARGIN + (" " * GAP).join(cells)

    def on_resize(self, _: events.Resize) -> None:
        """What columns fit depends on the width."""
        self._place_columns()
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._order))

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        self._styles_by_tone = {}
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line in sight."""
        place_in_order = y + self.scroll_offset.y
        width = self.size.width
        if place_in_order >= len(self._order):
            return Strip.blank(width, self._style(""))
        agent = self._order[place_in_order]
        row = self._rows[agent]
        cursor = agent == self.cursor
        segments = [Segment(" " * _MARGIN, self._style("", cursor))]
        for placed in self._placed:
            cell = placed.column.say(row, self._words, self._now)
            style = self._style(_tone(cell, row), cursor)
            segments.append(Segment(_aligned(cell.text, placed), style))
            segments.append(Segment(" " * GAP, self._style("", cursor)))
        return Strip(segments).adjust_cell_length(width, self._style("", cursor))

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
        self._placed = place(room, columns(self._words))
        self.refresh()

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
