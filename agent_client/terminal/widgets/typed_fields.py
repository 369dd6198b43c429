"""Fields for a day and for a time of day: typed, or moved by ↑ and ↓."""

from collections.abc import Mapping
from datetime import date, timedelta

from agent_client.terminal.typed_time import MINUTES, clock, read_clock, read_day
from agent_client.terminal.widgets.field import Field

STEP_MIN = 15
"""By how much ↑ and ↓ move a time."""


class ClockField(Field):
    """A time of day. `minutes` is null while nothing or no time stands there."""

    BINDINGS = [("up", "step(1)"), ("down", "step(-1)")]  # noqa: RUF012 - Textual's own form

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True, max_length=8)

    @property
    def minutes(self) -> int | None:
        """Since midnight."""
        return read_clock(self.value)

    def action_step(self, steps: int) -> None:
        """A quarter of an hour later or earlier, within the day."""
        if self.minutes is not None:
            wanted = (self.minutes // STEP_MIN + steps) * STEP_MIN
            self.value = clock(wanted % MINUTES)


class DayField(Field):
    """A date. `day` is null while nothing or no date stands there."""

    BINDINGS = [("up", "step(1)"), ("down", "step(-1)")]  # noqa: RUF012 - Textual's own form

    def __init__(
        self, today: date, day_words: Mapping[str, int], value: date | None = None, *, id: str
    ) -> None:
        text = value.isoformat() if value is not None else ""
        super().__init__(text, id=id, compact=True, max_length=16)
        self._today, self._day_words = today, day_words

    @property
    def day(self) -> date | None:
        """The one that is meant."""
        return read_day(self.value, self._today, self._day_words)

    def action_step(self, steps: int) -> None:
        """The next day, or the one before."""
        day = self.day or self._today
        if date.min + timedelta(days=1) < day < date.max - timedelta(days=1):
            self.value = (day + timedelta(days=steps)).isoformat()
