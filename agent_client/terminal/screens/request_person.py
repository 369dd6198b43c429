"""Whose accounts of hours are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.requests import GetHours


class PersonForm(Form):
    """By staff number."""

    NAMED = "hours.person"
    HINTS = (("⏎", "hours.title"), ("Esc", "dialog.close"))

    @dataclass
    class Chosen(Message):
        """This one."""

        agent: str

    def fields(self) -> Sequence[Widget]:
        """The number."""
        return (Field(id="agent", compact=True, max_length=32),)

    def says(self, view: View) -> str:
        """Whose may be seen."""
        return view.words.text("hours.whose")

    def message(self) -> GetHours:
        """Their accounts."""
        return GetHours(0, self.value("agent"))

    def submit(self) -> None:
        """The sheet asks for them; an empty field changes nothing."""
        if self.value("agent"):
            self.post_message(self.Chosen(self.message().agent))
        self.dismiss(None)
