"""The segments of a day, edited: a row each for the shift and for what lies in it."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from agent_client.terminal.roster_segments import BadRow, EditRow, segments_of
from agent_client.terminal.roster_week import Place
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_field import DialogFault, Said
from agent_client.terminal.wording import Wording
from protocol.facts.shift import Activity
from protocol.wire.roster import DraftDay

_BLANK_ROWS = 3
_CLOCK_CELLS = 5


class RosterTimes(Dialog[tuple[DraftDay, ...]]):
    """Answers with the days as they are to be. Stays, with the field named, while a row is none."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "Input"
    HINTS = (
        ("⇥ ↑↓", "roster_times.move"),
        ("←→", "roster_times.activity"),
        ("⏎", "roster_times.do"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("up", "move_row(-1)"),
        Binding("down", "move_row(1)"),
        Binding("enter", "keep"),
    ]

    def __init__(
        self, rows: Sequence[EditRow], places: Sequence[Place], zone: str, whose: Said
    ) -> None:
        super().__init__()
        self._begin = (*rows, *[EditRow()] * _BLANK_ROWS)
        self._places = places
        self._zone = zone
        self._whose = whose
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """What is edited, the rows, what is wrong."""
        with Vertical(classes="dialog", id="roster-times"):
            yield _Title(self._whose)
            with VerticalScroll(id="roster-times-rows", can_focus=False):
                for at, row in enumerate(self._begin):
                    yield TimesRow(at, row)
            yield DialogFault()

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for row in self.query(TimesRow):
            row.show(view)
        super().show(view)

    def action_move_row(self, rows: int) -> None:
        """To the same field of another row."""
        focused = self.focused
        for row in self.query(TimesRow):
            if focused is not None and focused in row.children:
                wanted = min(max(0, row.at + rows), len(self._begin) - 1)
                place = row.children.index(focused)
                self.query(TimesRow)[wanted].children[place].focus()
                return

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter in a field keeps all rows."""
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Answer with the days, if every row can be meant so."""
        rows = [row.typed for row in self.query(TimesRow)]
        try:
            days = tuple(
                DraftDay(agent, day, segments=segments_of(rows, day, self._zone))
                for agent, day in self._places
            )
        except BadRow as fault:
            self._refuse(fault)
        else:
            self.dismiss(days)

    def _refuse(self, fault: BadRow) -> None:
        """Name the row and the field, and go there."""
        row = self.query(TimesRow)[fault.row]
        row.query_one(f".{fault.field}", Input).focus()
        self.query_one(DialogFault).say(lambda words: _said(words, fault), self._view)


def _said(words: Wording, fault: BadRow) -> str:
    """Which row, which field, and why."""
    return words.text(
        "roster_times.fault",
        row=fault.row + 1,
        field=words.text(f"roster_times.{fault.field}"),
        why=words.text(f"roster_fault.{fault.fault}"),
    )


class TimesRow(Horizontal):
    """Start, end and activity."""

    def __init__(self, at: int, row: EditRow) -> None:
        super().__init__(classes="times-row")
        self.at = at
        """Counted from 0."""
        self._row = row

    def compose(self) -> ComposeResult:
        """The number, two times, the activity."""
        yield _Number(self.at)
        yield Field(self._row.start, classes="start", compact=True, max_length=_CLOCK_CELLS)
        yield Field(self._row.end, classes="end", compact=True, max_length=_CLOCK_CELLS)
        yield ActivityChoice(self._row.activity)

    @property
    def typed(self) -> EditRow:
        """As it is now."""
        start, end = (self.query_one(f".{name}", Input).value for name in ("start", "end"))
        return EditRow(start, end, self.query_one(ActivityChoice).activity)

    def show(self, view: View) -> None:
        """What belongs in the fields."""
        for name in ("start", "end"):
            for field in self.query(f".{name}").results(Input):
                field.placeholder = view.words.text(f"roster_times.{name}")


class ActivityChoice(Line, can_focus=True):
    """Left and right go through the activities."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("left", "turn(-1)"),
        Binding("right,space", "turn(1)"),
    ]

    def __init__(self, activity: Activity) -> None:
        super().__init__()
        self.activity = activity

    def action_turn(self, steps: int) -> None:
        """The one before or after, round in a circle."""
        every = list(Activity)
        self.activity = every[(every.index(self.activity) + steps) % len(every)]
        if self._view is not None:
            self.show(self._view)

    def paint(self, view: View) -> Content:
        """Its name between the arrows."""
        return Content(f"‹ {view.words.term(f'activity.{self.activity}', self.activity)} ›")


class _Number(Line):
    def __init__(self, at: int) -> None:
        super().__init__(classes="row-number")
        self._at = at

    def paint(self, view: View) -> Content:
        return Content(f"{self._at + 1:>2}")


class _Title(Line):
    def __init__(self, whose: Said) -> None:
        super().__init__(classes="question")
        self._whose = whose

    def paint(self, view: View) -> Content:
        return Content.assemble(
            (view.words.text("roster_times.title"), "bold"),
            f"  {self._whose(view.words)}\n",
            (view.words.text("roster_times.how"), "$quiet"),
        )
