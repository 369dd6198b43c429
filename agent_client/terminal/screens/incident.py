"""Confirming a fault of the organisation's: from when to when, for whom, and what it was."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.clock import zone_of
from agent_client.terminal.roster_days import read_day
from agent_client.terminal.roster_segments import minutes_of
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_field import DialogFault, LabelledField
from protocol.wire.errors import Refused
from protocol.wire.exceptions import MAX_EXCEPTION_TEXT
from protocol.wire.incidents import ConfirmIncident

_DATE_CELLS = 10
_CLOCK_CELLS = 5
_TEAM_CELLS = 40
_FIELDS = ("day", "from", "to", "team", "text")


class IncidentPrompt(Dialog[None]):
    """Stays with all that was entered until it is on the disk, or left by Escape."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "#from"
    HINTS = (("⇥", "ask_exception.next"), ("⏎", "incident.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """It is to be confirmed."""

        incident: ConfirmIncident

    def __init__(self, today: date, zone: str) -> None:
        super().__init__()
        self._today = today
        self._zone = zone
        self._sent: ConfirmIncident | None = None
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """The day and the times, whose, what happened."""
        with Vertical(classes="dialog", id="incident"):
            yield _Title(classes="question")
            day = self._today.isoformat()
            yield LabelledField("incident.day", id="day", value=day, most=_DATE_CELLS)
            for name, hint in (("from", "incident.from_hint"), ("to", "incident.to_hint")):
                yield LabelledField(f"incident.{name}", id=name, hint=hint, most=_CLOCK_CELLS)
            hint = "incident.team_hint"
            yield LabelledField("incident.team", id="team", hint=hint, most=_TEAM_CELLS)
            hint = "incident.text_hint"
            yield LabelledField("incident.text", id="text", hint=hint, most=MAX_EXCEPTION_TEXT)
            yield DialogFault()

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for field in self.query(LabelledField):
            field.show_hint(view)
        super().show(view)

    def refuse(self, refusal: Refused) -> None:
        """Say why it was not taken. Nothing that was entered is lost."""
        self.query_one(DialogFault).say(lambda words: words.refusal(refusal), self._view)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field, and in the last one confirms. The same again has the
        same key, so that it is confirmed once however often it is sent."""
        event.stop()
        if event.input.id != _FIELDS[-1]:
            self.focus_next()
            return
        incident = self._incident()
        if incident is None:
            return
        if self._sent is None or incident != msgspec.structs.replace(self._sent, key=""):
            self._sent = msgspec.structs.replace(incident, key=uuid.uuid4().hex)
        self.post_message(self.Submitted(self._sent))

    def _incident(self) -> ConfirmIncident | None:
        """What is entered; null, and said which field is wrong, where it can't be meant."""
        day = read_day(self._value("day"), self._today)
        start, end = minutes_of(self._value("from")), minutes_of(self._value("to"))
        text = self._value("text")
        needed = {"day": day, "from": start, "to": end, "text": text or None}
        for name, value in needed.items():
            if value is None:
                self._complain(name)
                return None
        assert day is not None
        assert start is not None
        assert end is not None
        lasts = (end - start) % (24 * 60) or 24 * 60
        return ConfirmIncident(
            0, "", self._ms(day, start), self._ms(day, start + lasts), text, self._value("team")
        )

    def _ms(self, day: date, minutes: int) -> int:
        local = datetime.combine(day, time(), zone_of(self._zone)) + timedelta(minutes=minutes)
        return int(local.timestamp()) * 1000

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def _complain(self, name: str) -> None:
        self.query_one(f"#{name}", Input).focus()
        fault = self.query_one(DialogFault)
        fault.say(lambda words: words.text(f"incident_fault.{name}"), self._view)


class _Title(Line):
    def paint(self, view: View) -> Content:
        return Content.assemble(
            (view.words.text("incident.title"), "bold"),
            "\n",
            (view.words.text("incident.follows"), "$quiet"),
        )
