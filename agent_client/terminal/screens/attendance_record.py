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
from protocol.wire.texts import TextFault, bad_text


class PresenceForm(Form):
    """The times take the place of the first sign-in and the last sign-out; an empty one stays as
    it is recorded. In a shift also somebody else may have been seen, who can be named as the
    substitute then."""

    NAMED = "attendance_days.presence"

    def __init__(self, row: AttendanceRow, zone: str, now_ms: int) -> None:
        super().__init__()
        self._row, self._zone, self._now_ms = row, zone, now_ms

    def fields(self) -> Sequence[Widget]:
        """The planned times suggest themselves, as far as they are over."""
        arrived, left = ClockField(id="arrived"), ClockField(id="left")
        for field, ms in ((arrived, self._row.shift_start_ms), (left, self._row.shift_end_ms)):
            if ms is not None and ms <= self._now_ms:
                at = at_site(ms, self._zone)
                field.value = clock(at.hour * 60 + at.minute)
        text = Field(id="text", compact=True, max_length=MAX_TEXT)
        if self._row.shift_start_ms is None:
            return arrived, left, text
        return arrived, left, Field(self._row.agent, id="seen", compact=True, max_length=32), text

    def says(self, view: View) -> str:
        """What takes the place of what is recorded."""
        arrived, left = self.value("arrived") or "–", self.value("left") or "–"
        day = said_day(view.words, self._row.day)
        agent, for_agent = self._whose()
        key = "seen_instead" if for_agent else "seen"
        return view.words.text(
            f"attendance_days.{key}",
            who=shown(agent),
            owner=shown(for_agent),
            day=day,
            arrived=arrived,
            left=left,
        )

    def message(self) -> RecordPresence:
        """Somebody who leaves before they come leaves on the next day."""
        text = self.value("text")
        arrived, left = self._minutes("arrived"), self._minutes("left")
        if not text:
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        if left is not None and arrived is not None and left <= arrived:
            left += MINUTES
        agent, for_agent = self._whose()
        times = self._instant(arrived), self._instant(left)
        return RecordPresence(0, agent, self._row.day, *times, text, for_agent)

    def _whose(self) -> tuple[str, str]:
        """Who was seen, and in whose shift; empty: in their own."""
        row = self._row
        if row.shift_start_ms is None:
            return row.agent, ""
        agent, owner = self.value("seen") or row.agent, row.for_agent or row.agent
        return agent, "" if agent == owner else owner

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
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        return NameSubstitute(0, self._owner, self._day, self.value("substitute"), text)
