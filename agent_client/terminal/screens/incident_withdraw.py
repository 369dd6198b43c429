"""Why an incident was none, or not as confirmed."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.correction_rows import incident_details
from agent_client.terminal.exception_rows import Names
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.exceptions import MAX_EXCEPTION_TEXT
from protocol.wire.incidents import IncidentRow, WithdrawIncident
from protocol.wire.relayed import RelayedRequest
from protocol.wire.texts import TextFault, bad_text


class IncidentWithdrawal(Form):
    """Says which; Enter withdraws it."""

    NAMED = "incident_withdrawal.title"
    HINTS = (
        ("⏎", "incident_withdrawal.do"),
        ("↑↓", "dialog.scroll"),
        ("Esc", "dialog.close"),
    )

    def __init__(self, row: IncidentRow, names: Names, zone: str) -> None:
        super().__init__()
        self._row, self._names, self._zone = row, names, zone

    def fields(self) -> Sequence[Widget]:
        """The reason."""
        return (Field(id="text", compact=True, max_length=MAX_EXCEPTION_TEXT),)

    def says(self, view: View) -> str:
        """What comes of it, and which."""
        lines = incident_details(view.words, self._row, self._names, self._zone)
        follows = view.words.text("incident_withdrawal.follows")
        return "\n".join((follows, *(line.plain for line in lines)))

    def message(self) -> RelayedRequest:
        """People whose figures it changes are told why."""
        text = self.value("text")
        if not text:
            raise bad_text(TextFault.EMPTY, MAX_EXCEPTION_TEXT)
        return WithdrawIncident(0, self._row.incident, text)
