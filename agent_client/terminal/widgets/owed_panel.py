"""Customers who were cut off by a fault of ours and wait for a call."""

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.keys import behind, key_name
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line

_SHOWN = 4


class OwedPanel(Line):
    """There only while somebody is owed a call."""

    def show(self, view: View) -> None:
        """Appear and disappear with the list."""
        owed = view.status.owed if view.status is not None else ()
        self.display = bool(owed)
        self.entitle(view.words.text("owed.heading", count=len(owed)))
        super().show(view)

    def paint(self, view: View) -> Content:
        """The first numbers, and the key that calls."""
        if view.status is None or not view.status.owed:
            return Content("")
        owed = view.status.owed
        numbers = Content("   ").join(
            Content.styled(cut(shown(number), 24), "bold") for number in owed[:_SHOWN]
        )
        more = f"   +{len(owed) - _SHOWN}" if len(owed) > _SHOWN else ""
        return Content.assemble(numbers, more, "   ", _hint(view))


def _hint(view: View) -> Content:
    """They are called from the list, which knows whom this phone can reach."""
    action = behind("c", view.offered)
    if action is None:
        return Content("")
    label = view.words.text(f"action.{action.name}")
    return Content.assemble((key_name("c"), "bold $key"), f" {label}")
