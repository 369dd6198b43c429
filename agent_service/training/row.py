"""One assignment of a training task, and what each fact makes of it: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from agent_service.ledger.timing import occurred_ms
from protocol.facts.training import (
    AssignCause,
    TrainingAssigned,
    TrainingItem,
    TrainingItemDone,
    TrainingOpened,
    TrainingPostponed,
    TrainingPushed,
    TrainingRead,
    TrainingRedrawn,
    TrainingWithdrawn,
)
from protocol.rules.training_progress import Progress, progress
from protocol.wire.training import MAX_POSTPONED

Deciding = TrainingRedrawn | TrainingWithdrawn | TrainingPushed
"""What the service says of an assignment …"""
Studying = TrainingOpened | TrainingRead | TrainingItemDone | TrainingPostponed
"""… and what a seat does."""
_MOST_SECTION = 10_000


class StoredItem(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A content in the version that was drawn, and how far it was studied."""

    content: str
    version: int
    credited_s: int = 0
    done: bool = False
    section: int = 0
    opened: bool = False


_items = msgspec.json.Decoder(tuple[StoredItem, ...])


class StoredAssignment(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    assignment: str
    task: str
    version: int
    """Of the task."""
    agent: str
    items: str
    """As JSON."""
    trained_s: int
    min_seconds: int
    actor: str
    cause: AssignCause
    assigned_ms: int
    started_ms: int | None = None
    done_ms: int | None = None
    due_ms: int | None = None
    postponed: int = 0
    postponed_ms: int | None = None
    """When it was put off last."""
    pushed_by: str = ""
    """Who wants it to be done at once …"""
    pushed_until_ms: int | None = None
    """… and until when that is so."""
    withdrawn: bool = False
    began: int = 0
    """The entry by which it was assigned …"""
    position: int = 0
    """… and the last one that changed this row."""

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_ms is None and not self.withdrawn

    def study(self) -> tuple[StoredItem, ...]:
        """What was drawn, in order."""
        return _items.decode(self.items)


def assigned(entry: Entry, fact: TrainingAssigned) -> StoredAssignment:
    """A new assignment."""
    return StoredAssignment(
        fact.assignment,
        fact.task,
        fact.version,
        fact.agent,
        _encoded(_drawn(fact.items)),
        0,
        fact.min_seconds,
        fact.actor,
        fact.cause,
        entry.received_ms,
        due_ms=fact.due_ms,
        began=entry.position,
        position=entry.position,
    )


def decided(row: StoredAssignment, entry: Entry, fact: Deciding) -> StoredAssignment:
    """The assignment after a word of the service's. What is done or withdrawn stays so, and only
    what nobody has begun is drawn anew."""
    if not row.open or (isinstance(fact, TrainingRedrawn) and row.started_ms is not None):
        return row
    row = replace(row, position=entry.position)
    match fact:
        case TrainingRedrawn():
            items = _encoded(_drawn(fact.items))
            seconds = row.min_seconds if fact.min_seconds is None else fact.min_seconds
            return replace(row, version=fact.version, items=items, min_seconds=seconds)
        case TrainingWithdrawn():
            return replace(row, withdrawn=True)
        case TrainingPushed():
            return replace(row, pushed_by=fact.actor, pushed_until_ms=fact.expires_ms)


def studied(row: StoredAssignment, entry: Entry, fact: Studying) -> StoredAssignment:
    """The assignment after what its agent did at a desk. Of a `TrainingRead` the seconds are those
    that count. What is completed stays completed, and its end stays where it was."""
    if row.withdrawn or entry.agent != row.agent:
        return row
    known = occurred_ms(entry)
    at_ms = max(entry.received_ms if known is None else known, row.assigned_ms)
    if isinstance(fact, TrainingPostponed):
        return _postponed(row, entry, at_ms)
    items = row.study()
    if all(each.content != fact.content for each in items):
        return row
    items = tuple(_after(each, fact) if each.content == fact.content else each for each in items)
    row = replace(
        row,
        items=_encoded(items),
        trained_s=sum(each.credited_s for each in items),
        position=entry.position,
    )
    if isinstance(fact, TrainingOpened):
        started_ms = at_ms if row.started_ms is None else min(row.started_ms, at_ms)
        return replace(row, started_ms=started_ms)
    if row.done_ms is None and progress_of(row).completed:
        return replace(row, done_ms=max(at_ms, row.started_ms or 0))
    return row


def progress_of(row: StoredAssignment) -> Progress:
    """How far it has come."""
    items = row.study()
    return progress(
        {each.content: each.credited_s for each in items},
        {each.content: each.done for each in items},
        len(items),
        row.min_seconds,
    )


def _postponed(row: StoredAssignment, entry: Entry, at_ms: int) -> StoredAssignment:
    if row.postponed >= MAX_POSTPONED:
        return row
    return replace(row, postponed=row.postponed + 1, postponed_ms=at_ms, position=entry.position)


def _after(item: StoredItem, fact: TrainingOpened | TrainingRead | TrainingItemDone) -> StoredItem:
    match fact:
        case TrainingOpened():
            return replace(item, opened=True)
        case TrainingRead():
            section = min(max(fact.section, 0), _MOST_SECTION)
            return replace(item, credited_s=item.credited_s + fact.seconds, section=section)
        case TrainingItemDone():
            return replace(item, done=item.done or item.opened)


def _drawn(items: tuple[TrainingItem, ...]) -> tuple[StoredItem, ...]:
    return tuple(StoredItem(each.content, each.version) for each in items)


def _encoded(items: tuple[StoredItem, ...]) -> str:
    return msgspec.json.encode(items).decode()
