"""A sheet of lines under a highlight, with the highlighted line in full below them."""

from collections.abc import Sequence

from textual import on
from textual.content import Content
from textual.widgets import OptionList

from agent_client.terminal.screens.page import Sheet
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line

_SCROLLBAR = 4


class LinedSheet(Sheet[None]):
    """Its lines are made again only where they may differ."""

    def __init__(self) -> None:
        super().__init__()
        self._refusal: str | None = None
        self._view: View | None = None
        self._made_of: object = None

    def made_of(self, view: View) -> object:
        """What the lines depend on, beside language and width."""
        raise NotImplementedError

    def make_lines(self, view: View, width: int) -> None:
        """Put lines of a width in cells into the list; the highlight stays on its line."""
        raise NotImplementedError

    def show_around(self, view: View) -> None:
        """What stands around the list."""

    def show_detail(self) -> None:
        """What stands below the list."""
        raise NotImplementedError

    def refuse(self, why: str) -> None:
        """Nothing was told: what is shown stays, and why is said."""
        self._refusal = why
        self.show_again()

    def show(self, view: View) -> None:
        """The present moment."""
        self._view = view
        width = self.size.width - _SCROLLBAR
        made_of = (self.made_of(view), view.words.language, width)
        if made_of != self._made_of and width > 0:
            self._made_of = made_of
            self.make_lines(view, width)
        self.show_around(view)
        self.show_detail()
        super().show(view)

    def show_again(self) -> None:
        """What may differ, as soon as anything was shown."""
        if self._view is not None:
            self.show(self._view)

    def on_resize(self) -> None:
        """The columns depend on the width."""
        self.show_again()

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Below stands the line that the highlight is on."""
        if self._view is not None:
            self.show_detail()
            super().show(self._view)


class Instead(Line):
    """What is said in place of an empty list."""

    text = ""

    def paint(self, view: View) -> Content:
        """As it was put."""
        return Content(self.text)


class Detail(Line):
    """A line in full."""

    lines: Sequence[Content] = ()

    def paint(self, view: View) -> Content:
        """One below the other."""
        return Content("\n").join(self.lines)
