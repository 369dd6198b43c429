"""A table that comes page by page: search, ticks, pages, and the highlighted row in full."""

from collections.abc import Mapping
from typing import ClassVar, Generic, Protocol, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.report_grid import GridCell
from agent_client.terminal.screens.report_sheet import GridSheet
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.report_grid import ReportGrid

TICK = "✓"
MAX_SEARCH = 200
_SEARCH_CELLS = 24
_TOP = -1_000_000

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)


class PageOf(Protocol[Row_co]):
    """What the service tells of one page."""

    @property
    def rows(self) -> tuple[Row_co, ...]:
        """The rows of the page."""

    @property
    def page(self) -> int:
        """From 1."""

    @property
    def pages(self) -> int:
        """How many there are, 1 at least."""

    @property
    def total(self) -> int:
        """Rows of all pages."""

    @property
    def names(self) -> Mapping[str, str]:
        """Of the people in it, by staff number."""


Told = TypeVar("Told", bound=PageOf[object])


class PagedSheet(GridSheet[Told], Generic[Told, Row]):
    """`/` searches, `<` and `>` turn pages, Space ticks. What is ticked stays so on other pages."""

    NOTHING: ClassVar[str]
    """The text of an empty list: it says what to do next."""
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("slash", "search"),
        ("less_than_sign,comma", "turn(-1)"),
        ("greater_than_sign,full_stop", "turn(1)"),
        ("space", "tick"),
    ]

    class Reread(Message):
        """Other rows are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.search = ""
        self.page = 1
        self.ticked: dict[str, Row] = {}
        """What is ticked, in that order, by identity."""

    def compose_parts(self) -> ComposeResult:
        """The table, and the field to search with."""
        yield from super().compose_parts()
        yield Field(id="paged-search", max_length=MAX_SEARCH)

    def rows(self) -> tuple[Row, ...]:
        """Those of the page."""
        raise NotImplementedError

    def identity(self, row: Row) -> str:
        """What a row is told apart by."""
        raise NotImplementedError

    def detail(self, view: View, row: Row) -> Content:
        """The highlighted row in full."""
        raise NotImplementedError

    def asks(self, view: View) -> tuple[str, ...]:
        """By what the list is narrowed and sorted, in words."""
        raise NotImplementedError

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        rows, place = self.rows(), self.cursor
        return rows[place] if place is not None and place < len(rows) else None

    def meant(self) -> tuple[Row, ...]:
        """All that is ticked, else the row under the cursor."""
        if self.ticked:
            return tuple(self.ticked.values())
        return () if self.chosen is None else (self.chosen,)

    def take(self, told: Told) -> None:
        """A page; the cursor stays on its row where that is still there. What is ticked and has
        changed is ticked as it is now."""
        before, page = self.chosen, self.told.page if self.told is not None else told.page
        super().take(told)
        self.page = told.page
        rows = [self.identity(row) for row in self.rows()]
        for row in self.rows():
            if self.identity(row) in self.ticked:
                self.ticked[self.identity(row)] = row
        known = before is not None and self.identity(before) in rows
        for table in self.query(ReportGrid):
            if before is not None and known:
                table.action_move(rows.index(self.identity(before)) - table.cursor)
            elif told.page != page:
                table.action_move(_TOP)
        self.show_again()

    def untick(self, *names: str) -> None:
        """These are ticked no more; without any, nothing is."""
        for name in names or tuple(self.ticked):
            self.ticked.pop(name, None)
        self.show_again()

    def ask(self, page: int = 1) -> None:
        """Ask for a page with what is wanted now."""
        self.page = page
        self.show_again()
        self.post_message(self.Reread())

    def version(self) -> object:
        """The columns depend on the width, the marks on what is ticked."""
        return self.size.width, tuple(self.ticked)

    def on_resize(self) -> None:
        """Other columns fit."""
        self.show_again()

    def show(self, view: View) -> None:
        """The field says what it is for."""
        for field in self.query(Input):
            field.placeholder = view.words.text("paged.search_for")
        super().show(view)

    def mark(self, row: Row) -> GridCell:
        """Whether it is ticked."""
        return GridCell(TICK if self.identity(row) in self.ticked else "")

    def nothing(self, view: View) -> str:
        """Why there are no rows."""
        return view.words.text("paged.no_match" if self.search else self.NOTHING)

    def beside(self, view: View) -> Content:
        """What is asked for, and how much is ticked."""
        words, parts = view.words, [*self.asks(view)]
        if self.search:
            text = cut(shown(self.search), _SEARCH_CELLS)
            parts.insert(0, words.text("paged.found", text=text))
        said = Content.styled("  ·  ".join(parts), "$quiet")
        if not self.ticked:
            return said
        ticked = f"{TICK} {words.text('paged.ticked', count=len(self.ticked))}"
        return Content.assemble((ticked, "bold $key"), "  ", said)

    def foot(self, view: View, told: Told) -> Content:
        """Which page of how many, and the row under the cursor."""
        page = view.words.text("paged.pages", total=told.total, page=told.page, pages=told.pages)
        row = self.chosen
        lines = [Content.styled(page, "$quiet")]
        if row is not None:
            lines.append(self.detail(view, row))
        return Content("\n").join(lines)

    def action_turn(self, pages: int) -> None:
        """The page before or after."""
        if self.told is not None and 1 <= self.page + pages <= self.told.pages:
            self.ask(self.page + pages)

    def action_tick(self) -> None:
        """Mark the row, or take the mark away; then one down."""
        row = self.chosen
        if row is None:
            return
        name = self.identity(row)
        if name in self.ticked:
            del self.ticked[name]
        else:
            self.ticked[name] = row
        for table in self.query(ReportGrid):
            table.action_move(1)
        self.show_again()

    def action_search(self) -> None:
        """Begin to search."""
        field = self.query_one("#paged-search", Input)
        field.display = True
        field.focus()

    @on(Input.Submitted, "#paged-search")
    def searched(self, event: Input.Submitted) -> None:
        """Those that match; an empty field: all."""
        event.stop()
        self.search = event.value.strip()
        self._leave_search()
        self.ask()

    def action_close(self) -> None:
        """Leave the field, else what is found, else the sheet."""
        if isinstance(self.focused, Input):
            self._leave_search()
        elif self.search:
            self.query_one("#paged-search", Input).clear()
            self.search = ""
            self.ask()
        else:
            super().action_close()

    def _leave_search(self) -> None:
        self.query_one("#paged-search", Input).display = False
        self.query_one(ReportGrid).focus()
