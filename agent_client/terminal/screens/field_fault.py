"""What is wrong with a field, said beside it."""

from textual.content import Content

from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import ALERT, Line
from protocol.wire.errors import Refused


class FieldFault(Line):
    """There only while there is something to say. It is said in the reader's language."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, classes="field-fault")
        self._refusal: Refused | None = None

    def say(self, refusal: Refused | None, view: View | None) -> None:
        """Take what is wrong, or that nothing is."""
        self._refusal = refusal
        if view is not None:
            self.show(view)

    def show(self, view: View) -> None:
        """Take room only with something to say."""
        self.display = self._refusal is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        """The words of the refusal."""
        return Content(f"{ALERT}{view.words.refusal(self._refusal)}" if self._refusal else "")
