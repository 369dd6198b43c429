"""Taking training back from people who have not completed it."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.orders import MAX_TEXT
from protocol.wire.texts import TextFault, bad_text
from protocol.wire.training import AssignmentRow, WithdrawAssignments

_NAMED = 4


class WithdrawTrainingForm(Form):
    """Says whose, and what is lost; the reason is kept."""

    NAMED = "training_withdraw.title"
    HINTS = (("⏎", "training_withdraw.do"), ("Esc", "dialog.close"))

    def __init__(self, rows: Sequence[AssignmentRow], names: dict[str, str]) -> None:
        super().__init__()
        self._rows, self._names = rows, names

    def fields(self) -> Sequence[Widget]:
        """The reason."""
        return (Field(id="text", compact=True, max_length=MAX_TEXT),)

    def says(self, view: View) -> str:
        """Who has what, and what comes of it."""
        words = view.words
        lines = [
            f"{shown(row.agent)} {shown(self._names.get(row.agent, ''))}  {shown(row.name)}"
            for row in self._rows[:_NAMED]
        ]
        if len(self._rows) > _NAMED:
            lines.append(words.text("documents.and_more", count=len(self._rows) - _NAMED))
        return "\n".join((*lines, words.text("training_withdraw.follows")))

    def message(self) -> WithdrawAssignments:
        """A reason is needed."""
        text = self.value("text")
        if not text:
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        return WithdrawAssignments(0, tuple(row.assignment for row in self._rows), text)
