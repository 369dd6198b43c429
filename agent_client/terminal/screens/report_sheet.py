"""A sheet that is a table: of attendance, of a report."""

from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from agent_client.terminal.report_grid import Grid
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.report_grid import ReportGrid

Told = TypeVar("Told")


class GridSheet(Sheet[None], Generic[Told]):
    """What was told stays where asking again fails, and why is said."""

    CSS_PATH = "report_sheet.tcss"
    AUTO_FOCUS = "ReportGrid"
    NAMED: ClassVar[str]
    """The text that names the sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Told | None = None
        """What the service said last; null before."""
        self._refusal: str | None = None
        self._view: View | None = None
        self._listed: object = None
        self._rows = 0

    def compose_parts(self) -> ComposeResult:
        """The table, and what there is to say of it."""
        yield SheetTitle(self.NAMED)
        yield ReportGrid()
        yield _Instead()
        yield _Foot()

    def grid(self, view: View, told: Told) -> Grid:
        """The table."""
        raise NotImplementedError

    def nothing(self, view: View) -> str:
        """What is said in place of an empty table: it says what to do next."""
        raise NotImplementedError

    def beside(self, view: View) -> Content:
        """What stands beside the sheet's name."""
        raise NotImplementedError

    def foot(self, view: View, told: Told) -> Content:
        """What is said below the table."""
        raise NotImplementedError

    def take(self, told: Told) -> None:
        """What the service says."""
        self.told, self._refusal = told, None
        self.show_again()

    def forget(self) -> None:
        """Something else is asked for."""
        self.told, self._refusal = None, None
        self.show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told."""
        self._refusal = why
        self.show_again()

    @property
    def cursor(self) -> int | None:
        """The row that the cursor is on; null without rows."""
        if not self._rows:
            return None
        return next((each.cursor for each in self.query(ReportGrid)), None)

    def version(self) -> object:
        """What the table depends on beside what was told."""
        return None

    def show(self, view: View) -> None:
        """The table is made again where it may differ; the cursor stays on its line."""
        self._view = view
        listed = (self.told, self.version(), view.words.language)
        if listed != self._listed:
            self._listed = listed
            made = self.grid(view, self.told) if self.told is not None else Grid((), ())
            self._rows = len(made.rows)
            for table in self.query(ReportGrid):
                table.show_grid(made)
                table.display = bool(made.rows)
        for title in self.query(SheetTitle):
            title.rest = self._beside(view)
        for instead in self.query(_Instead):
            instead.text = self._instead(view)
            instead.display = not self._rows
        for line in self.query(_Foot):
            line.text = self.foot(view, self.told) if self.told is not None else Content("")
        super().show(view)

    @on(ReportGrid.Moved)
    def moved(self) -> None:
        """What is said of the row that the cursor is on."""
        self.show_again()

    def show_again(self) -> None:
        """Paint what may differ."""
        if self._view is not None:
            self.show(self._view)

    def _beside(self, view: View) -> Content:
        beside = self.beside(view)
        for table in self.query(ReportGrid):
            if self._rows and table.bottom - table.top < self._rows:
                text = view.words.text(
                    "report.rows", first=table.top + 1, last=table.bottom, count=self._rows
                )
                beside = Content.assemble(beside, "  ", (text, "$quiet"))
        if self._refusal is not None and self.told is not None:
            return Content.assemble((f"! {self._refusal}", "bold $warning"), "  ", beside)
        return beside

    def _instead(self, view: View) -> str:
        if self.told is not None:
            return self.nothing(view)
        return self._refusal or view.words.text("listing.asking")


class _Instead(Line):
    def __init__(self) -> None:
        super().__init__(classes="grid-instead")
        self.text = ""

    def paint(self, view: View) -> Content:
        return Content(self.text)


class _Foot(Line):
    def __init__(self) -> None:
        super().__init__(classes="grid-foot")
        self.text = Content("")

    def paint(self, view: View) -> Content:
        return self.text
