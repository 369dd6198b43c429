"""Terminal ↔ seat: the floor, and what leads do on it."""

from datetime import date, datetime

from protocol.facts.order import OrderKind
from protocol.wire.desk_base import Answering, Request
from protocol.wire.person import PersonDay
from protocol.wire.sync import FloorRow


class WatchFloor(Request, frozen=True):
    """`Done`, then `Floor` with every row, and on every change the rows that changed. For roles
    that may see the floor."""


class GetPerson(Request, frozen=True):
    """Answered by `PersonPage`. Needs the service."""

    agent: str
    day: date | None = None
    """Null: the present one at the site."""


class PlaceOrder(Request, frozen=True):
    """Ask something of an agent, or (messages) of a team. Needs the service."""

    what: OrderKind
    text: str
    agent: str = ""
    team: str = ""


class ResetPassword(Request, frozen=True):
    """Answered by `ResetCode`. Needs the service."""

    agent: str


class Floor(Answering, frozen=True):
    """Rows of the floor that changed, or with `reset` all of them. `stale` says that the link is
    down and the rows are as old as they are."""

    rows: tuple[FloorRow, ...]
    now: datetime | None
    reset: bool = False
    stale: bool = False


class PersonPage(Answering, frozen=True):
    """One person's day."""

    re: int
    page: PersonDay


class ResetCode(Answering, frozen=True):
    """The one-time code that stands for a forgotten password."""

    re: int
    code: str
    expires: datetime
    zone: str = "UTC"
    """The site's, for showing the time."""
