"""Saving a table as an Excel file: under which name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message
from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.report_file import path_of, usual_folder
from agent_client.terminal.screens.form import Form
from agent_client.terminal.screens.report import Asked
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.wire.errors import Refused
from protocol.wire.relayed import RelayedRequest
from protocol.wire.texts import TextFault, bad_text

_LONGEST = 240


class SaveForm(Form):
    """Goes away when the file is written."""

    NAMED = "report.title_save"
    HINTS = (("⏎", "report.save"), ("Esc", "dialog.close"))

    @dataclass
    class NamedFile(Message):
        """Write it there."""

        message: RelayedRequest
        path: Path

    def __init__(self, name: str, asks: RelayedRequest, home: Path) -> None:
        """`name`: what the file is called at first; `asks`: what is answered with a workbook."""
        super().__init__()
        self._called, self._asks, self._home = name, asks, home

    def fields(self) -> Sequence[Widget]:
        """A name that says what is in it."""
        name = self._called.replace("/", "_")
        path = usual_folder(self._home) / f"{name}.xlsx"
        return (Field(str(path), id="file", compact=True, max_length=_LONGEST),)

    def says(self, view: View) -> str:
        """What it holds, and that nothing is overwritten."""
        return view.words.text("report.saves", file=shown(str(self._path())))

    def message(self) -> RelayedRequest:
        """What is answered with a workbook."""
        if not self.value("file"):
            raise bad_text(TextFault.EMPTY, _LONGEST)
        return self._asks

    def submit(self) -> None:
        """Whoever hears it writes the file."""
        try:
            self.post_message(self.NamedFile(self.message(), self._path()))
        except Refused as refusal:
            self.refuse(refusal)

    def _path(self) -> Path:
        return path_of(self.value("file"), self._home)


def file_name(asked: Asked) -> str:
    """What a report's file is called."""
    span, whose = asked.span, asked.agent or asked.team
    teams = "teams" if asked.by_team else ""
    parts = [asked.name, whose, teams, f"{span.first}_{span.last}"]
    return "-".join(part for part in parts if part)
