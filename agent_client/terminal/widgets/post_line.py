"""Over the wallboard, that there are too few people: there only then."""

from textual.content import Content

from agent_client.terminal.plan_post import paged_since_ms, short_line
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import ALERT, Line


class PostLine(Line):
    """Quiet until the lead is paged."""

    def __init__(self) -> None:
        super().__init__(id="post")
        self.display = False

    def show(self, view: View) -> None:
        """There as long as there are too few."""
        self.display = bool(short_line(view))
        super().show(view)

    def paint(self, view: View) -> Content:
        """How many are here, and how many should be."""
        text = short_line(view)
        if paged_since_ms(view) is None:
            return Content.styled(text, "$quiet")
        return Content.styled(f"{ALERT}{text}", "bold $warning")
