"""A look at Markdown as agents read it: page by page."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.marked_text import laid_out
from agent_client.terminal.reading_pages import Pages
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line


class MarkdownPreview(Sheet[None]):
    """Nothing is kept by looking; Escape goes back to the form."""

    CSS_PATH = "training.tcss"
    AUTO_FOCUS = "#markdown"
    HINTS = (("↑↓", "help.scroll"), ("Esc", "training_content.back"))

    def __init__(self, named: str, text: str) -> None:
        super().__init__()
        self._named, self._pages = named, Pages(text)

    def compose_parts(self) -> ComposeResult:
        """Its name, and all pages."""
        yield SheetTitle("training_content.title_preview")
        with VerticalScroll(id="markdown"):
            yield _Pages(self._pages)

    def show(self, view: View) -> None:
        """With the name as it stands in the form."""
        for title in self.query(SheetTitle):
            title.rest = Content(shown(self._named))
        super().show(view)


class _Pages(Line):
    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self._pages = pages

    def paint(self, view: View) -> Content:
        """One below the other, each with its number."""
        lines: list[Content] = []
        for section in range(len(self._pages)):
            page = view.words.text("training.page", page=section + 1, of=len(self._pages))
            lines.append(Content.styled(f"── {page} ──", "$quiet"))
            lines += laid_out(view.words, self._pages.tree(section), max(1, self.size.width))
            lines.append(Content(""))
        return Content("\n").join(lines)
