"""What a lead records of somebody's day: that they were seen, and who worked in their place."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site, zone_of
from agent_client.terminal.request_words import said_day
from agent_client.terminal.screens.form import Form
from agent_client.terminal.typed_time import MINUTES, clock, instant_ms
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.typed_fields import ClockField
from protocol.wire.attendance import AttendanceRow, NameSubstitute, RecordPresence
from protocol.wire.errors import Code, Refused
from protocol.wire.orders import MAX_TEXT


class PresenceForm(Form):
    """The times take the place of the first sign-in and the last sign-out; an empty one stays as
    it is recorded."""

    NAMED = "attendance_days.presence"

    def __init__(self, row: AttendanceRow, zone: str) -> None:
        super().__init__()
        self._row, self._zone = row, zone

    def fields(self) -> Sequence[Widget]:
        """The planned times suggest themselves."""
        arrived, left = ClockField(id="arrived"), ClockField(id="left")
        for field, ms in ((arrived, self._row.shift_start_ms), (left, self._row.shift_end_ms)):
            if ms is not None:
                at = at_site(ms, self._zone)
                field.value = clock(at.hour * 60 + at.minute)
        return arrived, left, Field(id="text", compact=True, max_length=MAX_TEXT)

    def says(self, view: View) -> str:
        """What takes the place of what is recorded."""
        arrived, left = self.value("arrived") or "–", self.value("left") or "–"
        day = said_day(view.words, self._row.day)
        who = shown(self._row.agent)
        return view.words.text("attendance_days.seen", who=who, day=day, arrived=arrived, left=left)

    def message(self) -> RecordPresence:
        """Somebody who leaves before they come leaves on the next day."""
        text = self.value("text")
        arrived, left = self._minutes("arrived"), self._minutes("left")
        if not text:
            raise Refused(Code.BAD_TEXT, most=MAX_TEXT)
        if left is not None and arrived is not None and left <= arrived:
            left += MINUTES
        row = self._row
        times = self._instant(arrived), self._instant(left)
        return RecordPresence(0, row.agent, row.day, *times, text, row.for_agent)

    def _minutes(self, name: str) -> int | None:
        """Raises `Refused` for what is no time."""
        minutes = self.query_one(f"#{name}", ClockField).minutes
        if minutes is None and self.value(name):
            raise Refused(
                Code.BAD_INTERVAL, start=self.value("arrived") or "–", end=self.value("left") or "–"
            )
        return minutes

    def _instant(self, minutes: int | None) -> int | None:
        if minutes is None:
            return None
        return instant_ms(self._row.day, minutes, zone_of(self._zone))


class SubstituteForm(Form):
    """The shift, with its lateness and early leave, is then the substitute's. It can be changed
    from the row of either."""

    NAMED = "attendance_days.substitute"

    def __init__(self, row: AttendanceRow) -> None:
        super().__init__()
        self._day, self._owner = row.day, row.for_agent or row.agent
        self._known = row.agent if row.for_agent else row.substitute

    def fields(self) -> Sequence[Widget]:
        """An empty number takes it back."""
        return (
            Field(self._known, id="substitute", compact=True, max_length=32),
            Field(id="text", compact=True, max_length=MAX_TEXT),
        )

    def says(self, view: View) -> str:
        """Whose the result is."""
        words, substitute = view.words, self.value("substitute")
        day, who = said_day(words, self._day), shown(self._owner)
        if not substitute:
            return words.text("attendance_days.nobody", who=who, day=day)
        return words.text("attendance_days.instead", who=who, day=day, other=shown(substitute))

    def message(self) -> NameSubstitute:
        """Why is needed."""
        text = self.value("text")
        if not text:
            raise Refused(Code.BAD_TEXT, most=MAX_TEXT)
        return NameSubstitute(0, self._owner, self._day, self.value("substitute"), text)
