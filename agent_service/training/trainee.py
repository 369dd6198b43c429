"""What training remembers of a person: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from agent_service.ledger.timing import occurred_ms
from agent_service.training.crediting import Reading, Told, began, credited, entered, opened
from protocol.facts.agent import StateEntered
from protocol.facts.session import SessionAdmitted, SessionBegan
from protocol.facts.staff import PersonAdded, Role
from protocol.facts.training import TrainingOpened, TrainingRead, TrainingRecalled
from protocol.rules.reading_time import may_read


class Trainee(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    agent: str
    joined: int = 0
    """The entry by which the person joined the staff as an agent; 0: they did not."""
    recalled_by: str = ""
    """Who asked the person back to the line last …"""
    recalled_ms: int | None = None
    recalled_until_ms: int | None = None
    """… when, and until when that stands."""
    reading: Reading = Reading()
    """As JSON in the table."""
    position: int = 0
    """The last entry that changed this row."""

    def is_recalled(self, now_ms: int) -> bool:
        """Whether somebody's word to come back stands."""
        return self.recalled_until_ms is not None and now_ms < self.recalled_until_ms


def joined(row: Trainee, entry: Entry, fact: PersonAdded) -> Trainee:
    """The person joined the staff."""
    if Role.AGENT not in fact.roles:
        return row
    return replace(row, joined=entry.position, position=entry.position)


def came(row: Trainee, entry: Entry, fact: SessionBegan | SessionAdmitted) -> Trainee:
    """The person signed in, or had done so while the service was away."""
    at_ms = entry.received_ms if isinstance(fact, SessionBegan) else None
    reading = began(row.reading, fact.seat_session, at_ms)
    return replace(row, reading=reading, position=entry.position)


def stands(row: Trainee, entry: Entry, fact: StateEntered) -> Trainee:
    """The person entered a state."""
    busy = not may_read(fact.state, fact.reason)
    reading = entered(row.reading, entry.session, busy)
    return row if reading == row.reading else replace(row, reading=reading, position=entry.position)


def recalled(row: Trainee, entry: Entry, fact: TrainingRecalled) -> Trainee:
    """Somebody asks the person back."""
    return replace(
        row,
        recalled_by=fact.actor,
        recalled_ms=entry.received_ms,
        recalled_until_ms=fact.expires_ms,
        position=entry.position,
    )


def read(row: Trainee, entry: Entry, fact: TrainingOpened | TrainingRead) -> tuple[Trainee, int]:
    """The person opened something, or read in it; and how many seconds of that count."""
    known = occurred_ms(entry)
    at_ms = entry.received_ms if known is None else known
    told = Told(entry.session, fact.assignment, fact.content, at_ms, entry.received_ms)
    if isinstance(fact, TrainingOpened):
        reading, counts = opened(row.reading, told), 0
    else:
        reading, counts = credited(row.reading, told, fact.seconds)
    return replace(row, reading=reading, position=entry.position), counts
