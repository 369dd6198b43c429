"""A week of people's shifts, painted line by line: a row a person, a column a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.roster_selection import Selection
from agent_client.terminal.roster_week import DAYS, Place, Week
from agent_client.terminal.roster_words import ASKING, cell_text, finding_mark
from agent_client.terminal.wording import Wording
from protocol.wire.roster import DayPlan, Severity

MARGIN = 1
TICK = "✓"
DRAFT = "*"
WAITING = "?"
"""A correction of the day is proposed, and not decided."""
_SCROLLBAR = 1
_MARKS = 2
_NAME_CELLS = ((160, 28), (100, 24), (0, 20))
"""How wide names are, by the width of the screen."""
_DAY_CELLS = 26
_NUMBER_CELLS = 6


@dataclass(frozen=True)
class Columns:
    """How many cells the name and each day take."""

    name: int
    day: int

    @property
    def before_days(self) -> int:
        """Where the first day begins."""
        return MARGIN + self.name


def columns_of(width: int) -> Columns:
    """As many as there are, up to what a day can say."""
    name = next(cells for least, cells in _NAME_CELLS if width >= least)
    return Columns(name, min(_DAY_CELLS, max(0, (width - MARGIN - _SCROLLBAR - name) // DAYS)))


@dataclass(frozen=True)
class Shown:
    """What the grid shows."""

    words: Wording
    week: Week
    selection: Selection
    findings: Mapping[Place, Severity] = field(default_factory=dict)
    """The gravest of each cell."""


class RosterGrid(ScrollView, can_focus=True):
    """The arrows move a cursor over cells; with Shift they tick what it passes."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own form
        "roster-grid--quiet",
        "roster-grid--draft",
        "roster-grid--finding",
        "roster-grid--ticked",
        "roster-grid--cursor",
    }
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("up", "move(-1, 0)"),
        Binding("down", "move(1, 0)"),
        Binding("left", "move(0, -1)"),
        Binding("right", "move(0, 1)"),
        Binding("home", "move(0, -7)"),
        Binding("end", "move(0, 7)"),
        Binding("pageup", "move_page(-1)"),
        Binding("pagedown", "move_page(1)"),
        Binding("shift+up", "move(-1, 0, True)"),
        Binding("shift+down", "move(1, 0, True)"),
        Binding("shift+left", "move(0, -1, True)"),
        Binding("shift+right", "move(0, 1, True)"),
        Binding("shift+home", "move(0, -7, True)"),
        Binding("shift+end", "move(0, 7, True)"),
    ]

    class Moved(Message):
        """The cursor is elsewhere, or other cells are ticked."""

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection
        self._shown: Shown | None = None
        self._styles_by_tone: dict[str, Style] = {}

    @property
    def columns(self) -> Columns:
        """As they are now; headings and sums follow them."""
        return columns_of(self.size.width)

    def show(self, shown: Shown) -> None:
        """Another week, other words or findings."""
        if shown != self._shown:
            self._shown = shown
            self.virtual_size = Size(self.scrollable_content_region.width, len(shown.week.agents))
            self.refresh()

    def show_selection(self) -> None:
        """The cursor is elsewhere, or other cells are ticked."""
        if self._shown is None or self._selection.cursor is None:
            return
        self.refresh()
        row = self._shown.week.agents.index(self._selection.cursor[0])
        self.scroll_to_region(Region(0, row, self.size.width, 1), animate=False, force=True)

    def action_move(self, rows: int, columns: int, extend: bool = False) -> None:
        """Some cells on."""
        if self._shown is not None:
            self._selection.move(self._shown.week, rows, columns, extend=extend)
            self.show_selection()
            self.post_message(self.Moved())

    def action_move_page(self, pages: int) -> None:
        """A screenful up or down."""
        self.action_move(pages * max(1, self.size.height - 1), 0)

    def on_resize(self, _: events.Resize) -> None:
        """Cells say as much as fits."""
        if self._shown is not None:
            rows = len(self._shown.week.agents)
            self.virtual_size = Size(self.scrollable_content_region.width, rows)
            self.show_selection()

    def on_click(self, event: events.Click) -> None:
        """The cursor goes to the cell under the mouse."""
        if self._shown is None:
            return
        row, columns = event.y + self.scroll_offset.y, self.columns
        day = (event.x - columns.before_days) // max(1, columns.day)
        if row < len(self._shown.week.agents) and 0 <= day < DAYS:
            self._selection.go_to(self._shown.week.agents[row], self._shown.week.days[day])
            self.show_selection()
            self.post_message(self.Moved())

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        self._styles_by_tone = {}
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One row."""
        row, width = y + self.scroll_offset.y, self.size.width
        if self._shown is None or row >= len(self._shown.week.agents):
            return Strip.blank(width, self._style(""))
        agent, columns = self._shown.week.agents[row], self.columns
        segments = [
            Segment(" " * MARGIN, self._style("")),
            self._whose(self._shown, agent, columns),
        ]
        segments += [
            self._cell(self._shown, (agent, day), columns.day) for day in self._shown.week.days
        ]
        return Strip(segments).adjust_cell_length(width, self._style(""))

    def _whose(self, known: Shown, agent: str, columns: Columns) -> Segment:
        number = fit(shown(agent), _NUMBER_CELLS)
        text = f"{number} {shown(known.week.name(agent))}"
        on_row = known.selection.cursor is not None and known.selection.cursor[0] == agent
        tone = "" if on_row else "roster-grid--quiet"
        return Segment(fit(text, columns.name - 1) + " ", self._style(tone))

    def _cell(self, known: Shown, place: Place, width: int) -> Segment:
        plan, draft = known.week.plan(place), known.week.is_draft(place)
        waiting, ticked = known.week.proposed(place), place in known.selection.ticked
        severity = known.findings.get(place)
        mark = finding_mark(severity) if severity is not None else " "
        room, roster = max(0, width - _MARKS), known.week.roster
        text = cell_text(known.words, roster, plan, room) if roster is not None else ASKING
        before, after = TICK if ticked else mark, WAITING if waiting else DRAFT if draft else " "
        whole = fit(f"{before}{fit(text, room)}{after}", width)
        draft = draft or waiting is not None
        tone = _tone(plan, draft=draft, ticked=ticked, found=severity is not None)
        return Segment(whole, self._style(tone, cursor=place == known.selection.cursor))

    def _style(self, tone: str, *, cursor: bool = False) -> Style:
        key = f"{tone}+cursor" if cursor else tone
        if key not in self._styles_by_tone:
            style = self.rich_style
            if tone:
                style += self.get_component_rich_style(tone, partial=True)
            if cursor:
                style += self.get_component_rich_style("roster-grid--cursor", partial=True)
            self._styles_by_tone[key] = style
        return self._styles_by_tone[key]


def _tone(plan: DayPlan | None, *, draft: bool, ticked: bool, found: bool) -> str:
    if ticked:
        return "roster-grid--ticked"
    if found:
        return "roster-grid--finding"
    if draft:
        return "roster-grid--draft"
    return "" if plan is not None and plan.segments else "roster-grid--quiet"
