"""What was refused or has happened, in words, where it disturbs nobody."""

from textual.content import Content

from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line


class Notice(Line):
    """Empty most of the time."""

    def show(self, view: View) -> None:
        """Take room only with something to say."""
        self.display = view.notice is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        """The words."""
        return Content(view.notice or "")
