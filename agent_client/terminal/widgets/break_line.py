"""Where the person stands in the queue for breaks, in a line that is there only then."""

from textual.content import Content

from agent_client.terminal.break_words import standing
from agent_client.terminal.keys import behind, key_name
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line

_TURN = "▸ "


class BreakLine(Line):
    """Quiet: a turn changes nothing by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False

    def show(self, view: View) -> None:
        """There for who waits or may go."""
        self.display = bool(_said(view))
        super().show(view)

    def paint(self, view: View) -> Content:
        """The turn, or the place and how to give it up."""
        said, queue = _said(view), view.status.break_queue if view.status is not None else None
        if not said or queue is None:
            return Content("")
        if queue.granted:
            return Content.styled(f"{_TURN}{said}", "bold $success")
        action = behind("x", view.offered)
        if action is None or action.name != "leave_queue" or view.typing:
            return Content(said)
        label = view.words.text("action.leave_queue")
        return Content.assemble(said, "  (", (key_name("x"), "bold $key"), f" {label})")


def _said(view: View) -> str:
    status = view.status
    return "" if status is None else standing(view.words, status.break_queue, status.zone)
