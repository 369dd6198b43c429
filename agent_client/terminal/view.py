"""All that a screen needs to paint itself at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from agent_client.terminal.clock import whole_seconds
from agent_client.terminal.keys import Action, Mode
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.wire.desk import Day, Status
from protocol.wire.desk_exam import DeskExams
from protocol.wire.desk_plan import OwnDay
from protocol.wire.desk_training import DeskTraining
from protocol.wire.orders import Order


@dataclass(frozen=True)
class DayReading:
    """The day's figures and when they were read, so that the present state can be carried on."""

    day: Day
    read_at: datetime | None

    def seconds(self, state: State, now: datetime | None) -> dict[State, int]:
        """Seconds by state up to now; since the reading the agent was in `state`."""
        since = whole_seconds(self.read_at, now) or 0
        carried = self.day.seconds.get(state, 0) + since
        return self.day.seconds | ({state: carried} if carried else {})

    def carried(self, state: State, at: datetime | None) -> "DayReading":
        """As if read at an instant up to which the agent was in `state`."""
        if at is None or self.read_at is None or at <= self.read_at:
            return self
        seconds = self.seconds(state, at)
        return DayReading(msgspec.structs.replace(self.day, seconds=seconds), at)


@dataclass(frozen=True)
class View:
    """What is known and what is possible at one moment."""

    words: Wording
    mode: Mode
    status: Status | None
    """What the seat told last; null before it told anything."""
    seat_gone: bool
    """No seat is connected: the status is what was, and nothing can be done."""
    now: datetime | None
    day: DayReading | None
    notice: str | None
    """What was refused or has happened, in words."""
    offered: tuple[Action, ...]
    typing: bool
    """Whether letters are typed rather than pressed."""
    read: tuple[Order, ...] = ()
    """Messages that were read since the terminal was opened, the newest first."""
    missed: Mapping[str, int] = field(default_factory=dict)
    """Today's missed calls by cause, the commonest first."""
    own_day: OwnDay | None = None
    """The person's own plan and figures; null before the seat told of them."""
    training: DeskTraining | None = None
    """What the person has to study; null before the seat told of it."""
    exams: DeskExams | None = None
    """What the person has to sit, and the paper that lies open; null before the seat told."""

    def left_until(self, end: datetime | None) -> int | None:
        """Whole seconds up to an instant, 0 once it has passed."""
        return whole_seconds(self.now, end)

    def elapsed(self, since: datetime | None) -> int | None:
        """Whole seconds since an instant."""
        return whole_seconds(since, self.now)
