"""The own published roster, two weeks back to four ahead, day by day."""

from datetime import date

from textual.app import ComposeResult
from textual.widgets.option_list import Option

from agent_client.terminal.plan_weeks import WeekRow, rows
from agent_client.terminal.screens.lined import Detail, Instead, LinedSheet
from agent_client.terminal.screens.page import SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.plan_list import PlanList
from protocol.wire.roster import Roster


class OwnWeeks(LinedSheet):
    """To be read. The highlight begins on the present day."""

    CSS_PATH = "own_weeks.tcss"
    AUTO_FOCUS = "PlanList"
    HINTS = (("↑↓", "weeks.move"), ("Esc", "dialog.close"))

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today
        self.roster: Roster | None = None
        """What the service told; null before."""
        self._rows: tuple[WeekRow, ...] = ()

    def compose_parts(self) -> ComposeResult:
        """The days, and the highlighted one in full."""
        yield SheetTitle("action.own_weeks")
        yield PlanList(id="weeks-list")
        yield Instead(id="weeks-instead")
        yield Detail(id="weeks-detail")

    def take(self, roster: Roster) -> None:
        """The roster as the service has it."""
        self.roster, self._refusal = roster, None
        self.show_again()

    def made_of(self, view: View) -> object:
        """What the service told."""
        return self.roster

    def show_around(self, view: View) -> None:
        """Why there is no list."""
        for instead in self.query(Instead):
            instead.text = self._refusal or view.words.text("weeks.asking")
            instead.display = self.roster is None

    def _row(self) -> WeekRow | None:
        for options in self.query(PlanList):
            place = options.highlighted
            if place is not None and place < len(self._rows):
                return self._rows[place]
        return None

    def make_lines(self, view: View, width: int) -> None:
        """A line a day."""
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
            if before is None and wanted in names:
                options.begin(names.index(wanted))
            else:
                options.highlighted = names.index(wanted) if wanted in names else None
            options.keep_in_sight()

    def show_detail(self) -> None:
        """The highlighted day in full."""
        row = self._row()
        for detail in self.query(Detail):
            detail.lines = row.detail if row is not None else ()
            detail.display = row is not None
