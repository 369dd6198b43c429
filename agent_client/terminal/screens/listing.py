"""A sheet that is a list: headings with rows below them, and the highlighted row in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.screens.lined import Detail, Instead, LinedSheet
from agent_client.terminal.screens.page import SheetTitle
from agent_client.terminal.view import View

Told = TypeVar("Told")
Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Listed(Generic[Subject]):
    """One row, and what it is about; a heading is about nothing and can't be chosen."""

    id: str
    line: Content
    detail: tuple[Content, ...] = ()
    subject: Subject | None = None


def heading(id: str, text: str) -> Listed[Subject]:
    """A line above others."""
    return Listed(id, Content.styled(text, "bold $quiet"))


class Listing(LinedSheet, Generic[Told, Subject]):
    """What was told stays where asking again fails, and why is said."""

    CSS_PATH = "listing.tcss"
    AUTO_FOCUS = "OptionList"
    NAMED: ClassVar[str]
    """The text that names the sheet."""
    NOTHING: ClassVar[str]
    """The text of an empty list: it says what to do next."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Told | None = None
        """What the service said last; null before."""
        self._rows: tuple[Listed[Subject], ...] = ()

    def compose_parts(self) -> ComposeResult:
        """The list, and the highlighted row in full."""
        yield SheetTitle(self.NAMED)
        yield OptionList(markup=False, compact=True, classes="listing")
        yield Instead(classes="listing-instead")
        yield Detail(classes="listing-detail")

    def rows(self, view: View, told: Told, width: int) -> Iterable[Listed[Subject]]:
        """The rows and headings, from the top."""
        raise NotImplementedError

    def summary(self, view: View, told: Told) -> str:
        """What stands beside the sheet's name."""
        raise NotImplementedError

    def take(self, told: Told) -> None:
        """What the service says."""
        self.told, self._refusal = told, None
        self.show_again()

    def chosen(self) -> Subject | None:
        """What the highlighted row is about."""
        row = self._row()
        return row.subject if row is not None else None

    def made_of(self, view: View) -> object:
        """What the service told, and the minute: rows say how long ago things were."""
        minute = view.now.replace(second=0, microsecond=0) if view.now is not None else None
        return self.told, minute

    def show_around(self, view: View) -> None:
        """What stands beside the name, and what is said of an empty list."""
        for title in self.query(SheetTitle):
            title.rest = self._beside(view)
        for instead in self.query(Instead):
            instead.text = self._instead(view)
            instead.display = not self._rows

    def _beside(self, view: View) -> Content:
        if self.told is None:
            return Content("")
        if self._refusal is not None:
            return Content.styled(f"! {self._refusal}", "bold $warning")
        return Content(self.summary(view, self.told))

    def _instead(self, view: View) -> str:
        if self.told is not None:
            return view.words.text(self.NOTHING)
        return self._refusal or view.words.text("listing.asking")

    def _row(self) -> Listed[Subject] | None:
        for options in self.query(OptionList):
            place = options.highlighted
            if place is not None and place < len(self._rows):
                return self._rows[place]
        return None

    def make_lines(self, view: View, width: int) -> None:
        """Headings, and a line a row."""
        for options in self.query(OptionList):
            before = self._row()
            if self.told is not None:
                self._rows = tuple(self.rows(view, self.told, width))
            options.display = bool(self._rows)
            options.set_options(
                Option(row.line.truncate(width, ellipsis=True), row.id, row.subject is None)
                for row in self._rows
            )
            rows = [place for place, row in enumerate(self._rows) if row.subject is not None]
            kept = [place for place in rows if before and self._rows[place].id == before.id]
            options.highlighted = next(iter([*kept, *rows]), None)

    def show_detail(self) -> None:
        """The highlighted row in full."""
        row = self._row()
        for detail in self.query(Detail):
            detail.lines = row.detail if row is not None else ()
            detail.display = bool(self._rows)
