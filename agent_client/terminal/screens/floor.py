"""The lead's floor: a row an agent, those who need help on top."""

from datetime import date, datetime

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from agent_client.terminal.clock import Monotonic, whole_seconds, zone_of
from agent_client.terminal.floor_board import FloorBoard
from agent_client.terminal.floor_columns import TICK
from agent_client.terminal.look import SYMBOLS, colour
from agent_client.terminal.screens.page import Page
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line, flow
from agent_client.terminal.widgets.post_line import PostLine
from agent_client.terminal.widgets.status_line import StatusLine
from agent_client.terminal.widgets.together_line import TogetherLine
from agent_client.terminal.widgets.wallboard import Wallboard
from agent_client.terminal.wording import Wording, clock_time, duration
from protocol.wire.desk_floor import Floor
from protocol.wire.sync import FloorRow

SUMMARY_S = 0.5
"""How often counts are painted at the most."""


class FloorScreen(Page):
    """Supervisor mode. The order stands still while somebody moves in it."""

    CSS_PATH = "floor.tcss"
    AUTO_FOCUS = "Wallboard"
    BINDINGS = [("escape", "everybody")]  # noqa: RUF012 - Textual's own form

    def __init__(self, words: Wording, monotonic: Monotonic) -> None:
        super().__init__()
        self._words = words
        self._monotonic = monotonic
        self._view: View | None = None
        self._refusal: str | None = None
        self._summary_due = False
        self.board = FloorBoard()
        """What is shown."""
        self._wallboard = Wallboard(words)

    def compose_parts(self) -> ComposeResult:
        """How many in which state, the rows, and the search below them."""
        yield PostLine()
        yield _Counts(self.board)
        yield TogetherLine(self.board)
        yield _Staleness(self.board)
        yield _Headings(self._wallboard)
        yield self._wallboard
        yield _Empty(self)
        yield Field(id="filter")
        yield StatusLine()

    def on_mount(self) -> None:
        """Rows change many times a second; what sums them up is painted less often."""
        self.set_interval(SUMMARY_S, self._show_summary_if_due)

    def take(self, floor: Floor) -> None:
        """Rows came."""
        self._refusal = None
        stood = (self.board.heard, self.board.stale)
        others = self.board.take(floor)
        if others:
            self._show_order(sort=floor.reset)
        else:
            self._wallboard.show_rows((row.agent for row in floor.rows), self._time())
        self._summary_due = True
        if others or stood != (self.board.heard, self.board.stale):
            self._show_summary()

    def refuse(self, why: str) -> None:
        """The seat or the service refuses the floor."""
        self._refusal = why
        self._show_summary()

    def show(self, view: View) -> None:
        """Clocks go on; a list left alone is put in order; the language may have changed."""
        self._view = view
        self._words = view.words
        if self.board.settle(view.now, self._monotonic()):
            self._show_order(sort=False)
        self._wallboard.show_words(view.words)
        self._wallboard.show_site(_day(view), view.status.zone if view.status is not None else "")
        self._wallboard.show_lines(view.status.lines if view.status is not None else ())
        self._wallboard.show_time(self._time())
        for field in self.query(Input):
            field.placeholder = view.words.text("floor.filter")
        self.set_class(view.seat_gone or self.board.stale, "-gone")
        super().show(view)

    @property
    def empty_text(self) -> str | None:
        """What to say where no row is: null where there are rows."""
        if self.board.visible:
            return None
        if self._refusal is not None:
            return self._refusal
        if not self.board.heard:
            return self._words.text("floor.asking")
        return self._words.text("floor.no_match" if self.board.rows else "floor.empty")

    def sort(self) -> None:
        """Put in order now."""
        self._show_order(sort=True)

    def next_order(self) -> None:
        """Put in order by the next thing that one can be put in order by."""
        self.board.next_order()
        self._show_order(sort=True)
        self._show_summary()

    def row_at_cursor(self) -> FloorRow | None:
        """Whoever is under the cursor; null before it was moved, and where nobody is."""
        known = self.board.visible.get(self._wallboard.cursor or "")
        return known.row if known is not None else None

    def team(self) -> str:
        """Of the row under the cursor, else of the first row: empty where there is none."""
        row = self.row_at_cursor()
        agents = self.board.order.agents
        if row is None and agents:
            row = self.board.rows[agents[0]].row
        return row.team if row is not None else ""

    def chosen_rows(self) -> list[FloorRow]:
        """Who is marked, in the order of marking; else whoever is under the cursor."""
        ticked = [self.board.rows[agent].row for agent in self.board.ticked]
        at_cursor = self.row_at_cursor()
        return ticked or ([at_cursor] if at_cursor is not None else [])

    def tick(self) -> bool:
        """Mark whoever is under the cursor, or take the mark away; then one down. Whether anybody
        is there."""
        row = self.row_at_cursor()
        if row is None:
            return False
        self.board.tick(row.agent)
        self._show_ticks()
        self._wallboard.action_move(1)
        return True

    def untick(self) -> None:
        """Nobody is marked."""
        self.board.ticked = {}
        self._show_ticks()

    def open_filter(self) -> None:
        """Begin to search."""
        field = self.query_one(Input)
        field.display = True
        field.focus()

    def action_everybody(self) -> None:
        """No search; and where there was none, no marks."""
        field = self.query_one(Input)
        if not field.display:
            self.untick()
        field.clear()
        field.display = False
        self._wallboard.focus()

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Show who matches."""
        if self.board.search(event.value, self._words):
            self._show_order(sort=True)
        self._show_summary()

    @on(Input.Submitted)
    def leave_filter(self) -> None:
        """Back to the rows that match, the cursor on one of them."""
        self._wallboard.focus()
        if self.row_at_cursor() is None:
            self._wallboard.action_move_to(0)

    @on(Wallboard.CursorMoved)
    def stand_still(self) -> None:
        """Somebody looks for a row."""
        self.board.order.touch(self._monotonic())

    def _show_ticks(self) -> None:
        self._wallboard.show_ticks(self.board.ticked)
        self._show_summary()

    def _show_order(self, sort: bool) -> None:
        if sort:
            self.board.sort(self._view.now if self._view is not None else None)
        self._wallboard.show_order(self.board.visible, self.board.order.agents)

    def _time(self) -> datetime | None:
        return self.board.time(self._view.now if self._view is not None else None)

    def _show_summary_if_due(self) -> None:
        if self._summary_due:
            self._show_summary()

    def _show_summary(self) -> None:
        """What depends on all rows."""
        self._summary_due = False
        if self._view is not None:
            for line in self.query(".summary").results(Line):
                line.show(self._view)


def _day(view: View) -> date | None:
    """The date at the site."""
    if view.now is None or view.status is None:
        return None
    return view.now.astimezone(zone_of(view.status.zone)).date()


class _Counts(Line):
    """How many are in each state."""

    def __init__(self, board: FloorBoard) -> None:
        super().__init__(id="counts", classes="summary")
        self._board = board

    def paint(self, view: View) -> Content:
        helpless = self._board.helpless(view.now)
        order = view.words.text(f"floor.order.{self._board.order.by}")
        parts = [Content.styled(f"↓ {order}", "$quiet")]
        if helpless:
            alarm = f"! {view.words.text('floor.need_help', count=helpless)}"
            parts.insert(0, Content.styled(alarm, "bold $warning"))
        if self._board.ticked:
            marked = view.words.text("floor.ticked", count=len(self._board.ticked))
            parts.append(Content.styled(f"{TICK} {marked}", "bold $key"))
        parts += [
            Content.assemble(
                (f"{SYMBOLS[state]} {view.words.state(state)}", colour(state)), f" {count}"
            )
            for state, count in self._board.counts()
        ]
        return Content("\n").join(flow(parts, self.size.width, gap=3))


class _Staleness(Line):
    """Since when nothing is heard of the floor."""

    def __init__(self, board: FloorBoard) -> None:
        super().__init__(id="staleness", classes="summary")
        self._board = board

    def show(self, view: View) -> None:
        self.display = self._board.stale
        super().show(view)

    def paint(self, view: View) -> Content:
        if view.status is None or self._board.as_of is None:
            return Content(f"! {view.words.text('floor.stale_unknown')}")
        time = clock_time(self._board.as_of, view.status.zone)
        age = duration(whole_seconds(self._board.as_of, view.now))
        return Content(f"! {view.words.text('floor.stale', time=time, age=age)}")


class _Headings(Line):
    """Follows the wallboard's columns."""

    def __init__(self, wallboard: Wallboard) -> None:
        super().__init__(id="headings")
        self._wallboard = wallboard

    def paint(self, view: View) -> Content:
        return Content(self._wallboard.headings())


class _Empty(Line):
    """In the place of rows, why there are none and what to do."""

    def __init__(self, floor: FloorScreen) -> None:
        super().__init__(id="empty", classes="summary")
        self._floor = floor

    def show(self, view: View) -> None:
        self.display = self._floor.empty_text is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        return Content(self._floor.empty_text or "")
