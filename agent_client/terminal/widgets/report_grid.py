"""A table on the screen. Only lines in sight are made, so that its length costs nothing."""

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from agent_client.terminal.report_grid import (
    GAP,
    MARGIN,
    Grid,
    GridCell,
    aligned,
    furthest,
    placed,
)

_NOTHING = Grid((), ())
_MORE_LEFT, _MORE_RIGHT = "‹", "›"
_WHEEL = 3


class ReportGrid(Widget, can_focus=True):
    """↑ and ↓ move the cursor, ← and → the columns. Headings and totals stay."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own form
        "grid--heading",
        "grid--total",
        "grid--quiet",
        "grid--alarm",
        "grid--cursor",
    }
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("up", "move(-1)"),
        ("down", "move(1)"),
        ("pageup", "move_page(-1)"),
        ("pagedown", "move_page(1)"),
        ("home", "move(-1000000)"),
        ("end", "move(1000000)"),
        ("left", "shift(-1)"),
        ("right", "shift(1)"),
        ("enter", "choose"),
    ]

    class Moved(Message):
        """The cursor is on another row."""

    class Chosen(Message):
        """The row under the cursor was chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        """The row that the cursor is on."""
        self.top = 0
        """The first row in sight."""
        self._grid = _NOTHING
        self._offset = 0

    def show_grid(self, shown: Grid) -> None:
        """Another table, or the same with other words; the cursor stays where it can."""
        if shown == self._grid:
            return
        self._grid = shown
        self._offset = min(self._offset, furthest(shown, self.size.width))
        self._place_cursor(self.cursor)

    @property
    def bottom(self) -> int:
        """The row after the last one in sight."""
        return min(len(self._grid.rows), self.top + self._height)

    def on_resize(self, _: events.Resize) -> None:
        """Other rows and columns fit."""
        self._offset = min(self._offset, furthest(self._grid, self.size.width))
        self._place_cursor(self.cursor)

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Headings on top, totals at the foot, rows between them."""
        if y == 0:
            cells = tuple(GridCell(column.heading) for column in self._grid.columns)
            return self._strip(cells, "grid--heading", marked=True)
        if self._grid.total and y == self._total_y:
            return self._strip(self._grid.total, "grid--total")
        row = self.top + y - 1
        if row >= self.bottom or y > self._height:
            return Strip.blank(self.size.width, self.rich_style)
        cursor = "grid--cursor" if row == self.cursor and self.has_focus else ""
        return self._strip(self._grid.rows[row], cursor)

    def action_move(self, steps: int) -> None:
        """Up or down."""
        self._place_cursor(self.cursor + steps)

    def action_move_page(self, pages: int) -> None:
        """A screenful up or down."""
        self._place_cursor(self.cursor + pages * max(1, self._height - 1))

    def action_shift(self, columns: int) -> None:
        """Further columns, or earlier ones."""
        wanted = self._offset + columns
        self._offset = min(max(0, wanted), furthest(self._grid, self.size.width))
        self.refresh()

    def action_choose(self) -> None:
        """Enter."""
        if self._grid.rows:
            self.post_message(self.Chosen())

    def on_click(self, event: events.Click) -> None:
        """The cursor goes to the row under the mouse."""
        row = self.top + event.y - 1
        if 1 <= event.y <= self._height and row < len(self._grid.rows):
            self._place_cursor(row)

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self._place_cursor(self.cursor + _WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self._place_cursor(self.cursor - _WHEEL)

    @property
    def _height(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - (2 if self._grid.total else 1))

    @property
    def _total_y(self) -> int:
        """Totals stand below the last row, at the foot at the latest."""
        return min(self.size.height - 1, len(self._grid.rows) + 1)

    def _place_cursor(self, wanted: int) -> None:
        rows = len(self._grid.rows)
        self.cursor = min(max(0, wanted), max(0, rows - 1))
        self.top = min(self.top, self.cursor)
        self.top = max(self.top, self.cursor - self._height + 1)
        self.top = max(0, min(self.top, rows - self._height))
        self.refresh()
        self.post_message(self.Moved())

    def _strip(self, cells: tuple[GridCell, ...], name: str, *, marked: bool = False) -> Strip:
        shown, width = self._grid, self.size.width
        style = self._style(name)
        segments = [Segment(" " * MARGIN, style)]
        places = placed(shown, self._offset, width)
        for place in places:
            cell = cells[place]
            tone = self._style(name, cell.tone) if cell.tone else style
            segments.append(Segment(aligned(cell.text, shown.columns[place]), tone))
            segments.append(Segment(" " * GAP, style))
        strip = Strip(segments).adjust_cell_length(width, style)
        return self._with_marks(strip, places, style) if marked else strip

    def _with_marks(self, strip: Strip, places: list[int], style: Style) -> Strip:
        """Where there are more columns than are in sight."""
        left = _MORE_LEFT if self._offset else " "
        more = bool(places) and places[-1] < len(self._grid.columns) - 1
        right = _MORE_RIGHT if more else " "
        inner = strip.crop(1, self.size.width - 1)
        return Strip.join([Strip([Segment(left, style)]), inner, Strip([Segment(right, style)])])

    def _style(self, name: str, tone: str = "") -> Style:
        style = self.rich_style
        if tone:
            style += self.get_component_rich_style(f"grid--{tone}", partial=True)
        if name:
            style += self.get_component_rich_style(name, partial=True)
        return style
