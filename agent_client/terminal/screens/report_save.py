"""Saving a report as an Excel file: under which name."""

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
from protocol.wire.report import GetReport
from protocol.wire.texts import TextFault, bad_text

_LONGEST = 240


class SaveForm(Form):
    """Goes away when the file is written."""

    NAMED = "report.title_save"
    HINTS = (("⏎", "report.save"), ("Esc", "dialog.close"))

    @dataclass
    class NamedFile(Message):
        """Write it there."""

        message: GetReport
        path: Path

    def __init__(self, asked: Asked, language: str, home: Path) -> None:
        super().__init__()
        self._asked, self._language, self._home = asked, language, home

    def fields(self) -> Sequence[Widget]:
        """A name that says what is in it."""
        span, whose = self._asked.span, self._asked.agent or self._asked.team
        teams = "teams" if self._asked.by_team else ""
        parts = [self._asked.name, whose, teams, f"{span.first}_{span.last}"]
        name = "-".join(part for part in parts if part).replace("/", "_")
        path = usual_folder(self._home) / f"{name}.xlsx"
        return (Field(str(path), id="file", compact=True, max_length=_LONGEST),)

    def says(self, view: View) -> str:
        """What it holds, and that nothing is overwritten."""
        return view.words.text("report.saves", file=shown(str(self._path())))

    def message(self) -> GetReport:
        """The report with its workbook."""
        if not self.value("file"):
            raise bad_text(TextFault.EMPTY, _LONGEST)
        return self._asked.message(self._language)

    def submit(self) -> None:
        """Whoever hears it writes the file."""
        try:
            self.post_message(self.NamedFile(self.message(), self._path()))
        except Refused as refusal:
            self.refuse(refusal)

    def _path(self) -> Path:
        return path_of(self.value("file"), self._home)
