"""Which team's month is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message
from textual.widget import Widget

from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.attendance import GetAttendance


class TeamForm(Form):
    """By its name."""

    NAMED = "attendance_month.title_team"
    HINTS = (("⏎", "attendance_month.team"), ("Esc", "dialog.close"))

    @dataclass
    class Chosen(Message):
        """This one."""

        team: str

    def __init__(self, month: str, team: str) -> None:
        super().__init__()
        self._month, self._team = month, team

    def fields(self) -> Sequence[Widget]:
        """The present one stands there."""
        return (Field(self._team, id="team", compact=True, max_length=64),)

    def says(self, view: View) -> str:
        """What an empty name means."""
        return view.words.text("attendance_month.which_team")

    def message(self) -> GetAttendance:
        """The month of the team."""
        return GetAttendance(0, self._month, self.value("team"))

    def submit(self) -> None:
        """The sheet asks for it."""
        self.post_message(self.Chosen(self.message().team))
        self.dismiss(None)
