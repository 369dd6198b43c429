"""The own published roster, two weeks back to four ahead, day by day."""

from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.plan_weeks import WeekRow, rows
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.plan_list import PlanList
from protocol.wire.roster import Roster

_SCROLLBAR = 4


class OwnWeeks(Sheet[None]):
    """To be read. The highlight begins on the present day."""

    CSS_PATH = "own_weeks.tcss"
    AUTO_FOCUS = "PlanList"
    HINTS = (("↑↓", "weeks.move"), ("Esc", "dialog.close"))

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.roster: Roster | None = None
        """What the service told; null before."""
        self._refusal: str | None = None
        self._view: View | None = None
        self._listed: object = None
        self._rows: tuple[WeekRow, ...] = ()

    def compose_parts(self) -> ComposeResult:
        """The days, and the highlighted one in full."""
        yield SheetTitle("action.own_weeks")
        yield PlanList(id="weeks-list")
        yield _Instead()
        yield _Detail()

    def take(self, roster: Roster) -> None:
        """The roster as the service has it."""
        self.roster, self._refusal = roster, None
        self._show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told."""
        self._refusal = why
        self._show_again()

    def show(self, view: View) -> None:
        """The lines are made again where they may differ; the highlight stays on its day."""
        self._view = view
        width = self.size.width - _SCROLLBAR
        listed = (self.roster, view.words.language, width)
        if listed != self._listed and width > 0:
            self._listed = listed
            self._list(view, width)
        for instead in self.query(_Instead):
            instead.refusal = self._refusal
            instead.display = self.roster is None
        self._show_detail()
        super().show(view)

    def on_resize(self) -> None:
        """The columns depend on the width."""
        self._show_again()

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Below stands the day that the cursor is on."""
        if self._view is not None:
            self._show_detail()
            super().show(self._view)

    def _show_again(self) -> None:
        if self._view is not None:
            self.show(self._view)

    def _row(self) -> WeekRow | None:
        for options in self.query(PlanList):
            place = options.highlighted
            if place is not None and place < len(self._rows):
                return self._rows[place]
        return None

    def _list(self, view: View, width: int) -> None:
        for options in self.query(PlanList):
            before = self._row()
            wanted = before.id if before is not None else f"day-{self.today}"
            if self.roster is not None:
                self._rows = tuple(rows(view.words, self.roster, self.today, width))
            options.display = bool(self._rows)
            options.set_options(
                Option(row.line, id=row.id, disabled=row.heading) for row in self._rows
            )
            names = [row.id for row in self._rows]
            options.highlighted = names.index(wanted) if wanted in names else None
            options.keep_in_sight()

    def _show_detail(self) -> None:
        for detail in self.query(_Detail):
            detail.row = self._row()
            detail.display = detail.row is not None


class _Instead(Line):
    def __init__(self) -> None:
        super().__init__(id="weeks-instead")
        self.refusal: str | None = None

    def paint(self, view: View) -> Content:
        return Content(self.refusal or view.words.text("weeks.asking"))


class _Detail(Line):
    def __init__(self) -> None:
        super().__init__(id="weeks-detail")
        self.row: WeekRow | None = None

    def paint(self, view: View) -> Content:
        return Content("\n").join(self.row.detail) if self.row is not None else Content("")
