"""Confirming a handover: read, and taken over."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.handover_rows import open_items
from agent_client.terminal.request_words import named
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.handover import ConfirmHandover, HandoverRow
from protocol.wire.orders import MAX_TEXT


class HandoverConfirmForm(Form):
    """With a text or without one."""

    NAMED = "handover.title_confirm"
    HINTS = (("⏎", "handover.confirm"), ("Esc", "dialog.close"))

    def __init__(self, row: HandoverRow, names: dict[str, str]) -> None:
        super().__init__()
        self._row, self._names = row, names

    def fields(self) -> Sequence[Widget]:
        """One's own words, if there are any."""
        return (Field(id="text", compact=True, max_length=MAX_TEXT),)

    def says(self, view: View) -> str:
        """What is taken over."""
        who = named(self._row.agent, self._names)
        return view.words.text("handover.takes_over", who=who, count=open_items(self._row))

    def message(self) -> ConfirmHandover:
        """A text is not needed."""
        return ConfirmHandover(0, self._row.handover, self.value("text"))
