"""What the lines about one's own day are made of, on a screen and where there is none."""

from datetime import datetime
from typing import Protocol

from agent_client.terminal.wording import Wording
from protocol.wire.desk import Status
from protocol.wire.desk_plan import OwnDay


class OwnView(Protocol):
    """What is known at one moment."""

    @property
    def words(self) -> Wording:
        """The reader's language."""

    @property
    def status(self) -> Status | None:
        """What the seat told last."""

    @property
    def now(self) -> datetime | None:
        """Null while the time is not known."""

    @property
    def own_day(self) -> OwnDay | None:
        """Null before the seat told of it."""
