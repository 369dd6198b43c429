"""What somebody handed over, and what became of it: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.handover import HandoverConfirmed, HandoverItem, HandoverWritten, ItemSettled
from protocol.wire.handover import HandoverRow

_items = msgspec.json.Decoder(tuple[HandoverItem, ...])
_settled = msgspec.json.Decoder(dict[int, str])

LISTED_MS = 14 * 86_400_000
"""How far back the list of all goes for those with nothing open."""


class StoredHandover(msgspec.Struct, frozen=True, gc=False):
    """One handover, its fields in the order of the table's columns."""

    handover: str
    agent: str
    recipient: str
    """Empty: whoever of the team comes next."""
    team: str
    items: str
    """As JSON."""
    written_ms: int
    confirmed_by: str = ""
    confirmed_ms: int | None = None
    confirmation: str = ""
    settled: str = "{}"
    """By the number of the item, who settled it; as JSON."""
    open: bool = True
    """Whether it is not confirmed, or has an item that nobody has settled."""
    began: int = 0
    """The entry by which it was written …"""
    position: int = 0
    """… and the last one that changed this row."""

    def settlers(self) -> dict[int, str]:
        """By the number of the item, who settled it."""
        return _settled.decode(self.settled)

    def count(self) -> int:
        """How many items it has."""
        return len(_items.decode(self.items))

    def told(self) -> HandoverRow:
        """As people are told of it."""
        return HandoverRow(
            self.handover,
            self.agent,
            self.recipient,
            self.team,
            _items.decode(self.items),
            self.written_ms,
            self.confirmed_by,
            self.confirmed_ms,
            self.confirmation,
            self.settlers(),
        )


def written(entry: Entry, fact: HandoverWritten) -> StoredHandover:
    """A new handover."""
    return StoredHandover(
        fact.handover,
        fact.agent,
        fact.to,
        fact.team,
        msgspec.json.encode(fact.items).decode(),
        entry.received_ms,
        began=entry.position,
        position=entry.position,
    )


def changed(
    row: StoredHandover, entry: Entry, fact: HandoverConfirmed | ItemSettled
) -> StoredHandover:
    """The handover after a fact. The first word of each stands."""
    row = replace(row, position=entry.position)
    settled = row.settlers()
    if isinstance(fact, HandoverConfirmed) and not row.confirmed_by:
        row = replace(
            row,
            confirmed_by=fact.actor,
            confirmed_ms=entry.received_ms,
            confirmation=fact.text,
        )
    elif isinstance(fact, ItemSettled) and 0 <= fact.item < row.count():
        settled.setdefault(fact.item, fact.actor)
    done = bool(row.confirmed_by) and len(settled) == row.count()
    encoded = msgspec.json.encode(dict(sorted(settled.items()))).decode()
    return replace(row, settled=encoded, open=not done)
