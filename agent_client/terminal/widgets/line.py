"""A part of a screen that is text, made from the view and repainted only when it changed."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from agent_client.terminal.line_breaks import broken
from agent_client.terminal.view import View

NO_BREAK = "\u00a0"
BULLET, ALERT = f"·{NO_BREAK}", f"!{NO_BREAK}"


class Line(Static):
    """Text made by `paint`. Nothing in it is ever read as markup."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(Content(""), id=id, classes=classes, markup=False)
        self._view: View | None = None
        self._painted = Content("")

    def paint(self, view: View) -> Content:
        """The text at this moment."""
        raise NotImplementedError

    def show(self, view: View) -> None:
        """Paint anew if that makes a difference."""
        self._view = view
        content = self._lines(view)
        if not content.is_same(self._painted):
            self._painted = content
            self.update(content, layout=self._outgrown(content))

    def entitle(self, title: str) -> None:
        """Set the heading. One that is set is painted with all below it, also if it is the same."""
        if title != self.border_title:
            self.border_title = title

    def on_resize(self, _: events.Resize) -> None:
        """What fits depends on the width; the height of before was that of other lines."""
        if self._view is not None:
            self._painted = self._lines(self._view)
            self.update(self._painted)

    def _lines(self, view: View) -> Content:
        content = self.paint(view)
        if self.styles.text_wrap == "nowrap":
            return content
        return broken(content, self.size.width)

    def _outgrown(self, content: Content) -> bool:
        """Whether a text needs another height than there is. A layout is dear: it is made anew
        only for that, never where the style sheet fixes the height, and for what is hidden when
        it comes into sight."""
        if not self.display:
            return False
        height = self.styles.height
        if height is not None and not height.is_auto:
            return False
        return content.get_height({}, max(1, self.size.width)) != self.size.height


def between(left: Content, right: Content, width: int) -> Content:
    """Two texts at the two ends of a line; the left one is cut first."""
    room = max(0, width - right.cell_length - 1)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    gap = max(0, width - left.cell_length - right.cell_length)
    return Content.assemble(left, " " * gap, right)


def flow(items: Sequence[Content], width: int, gap: int) -> list[Content]:
    """The items in lines of at most `width` cells, none of them broken."""
    lines: list[Content] = []
    for item in items:
        if lines and lines[-1].cell_length + gap + item.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], " " * gap, item)
        else:
            lines.append(item)
    return lines


def progress(done: float, width: int) -> tuple[str, str]:
    """A bar of heavy line and light line, which reads without colour."""
    filled = round(min(1.0, max(0.0, done)) * width)
    return "━" * filled, "─" * (width - filled)
