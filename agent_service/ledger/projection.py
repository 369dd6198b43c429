"""What every projection of the ledger can do: follow it, be stored, and be checked."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from agent_service.ledger.chain import Entry
from protocol.facts.record import AnyFact

Row = tuple[object, ...]


class Projection(Protocol):
    """A table folded from the ledger. Kept in memory by the writer and stored in the same
    transaction as the entries that changed it; an empty one that folds all entries in order
    comes out the same."""

    table: str
    columns: tuple[str, ...]
    """What a row holds, in order."""

    @property
    def facts(self) -> Collection[type[AnyFact]] | None:
        """The kinds that it folds; None: every entry, of whatever kind."""

    def load(self, connection: sqlite3.Connection) -> None:
        """Take up what is stored, and forget everything else."""

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in the next entry of one of its kinds. `fact` is None for a kind that this version
        does not know. Total: no entry that the ledger accepted makes it raise."""

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store what changed since the last flush."""

    def committed(self) -> None:
        """What was flushed is on the disk."""

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """Every row of the table by its key."""


Fold = Callable[[Entry, AnyFact | None], None]


def folding(projections: Sequence[Projection]) -> Fold:
    """What passes an entry on to those projections, in order, that fold its kind: most entries
    concern one or two of them."""
    of_kind = {
        kind: tuple(each.fold for each in projections if each.facts is None or kind in each.facts)
        for kind in AnyFact.__args__
    }
    of_unknown = tuple(each.fold for each in projections if each.facts is None)

    def fold(entry: Entry, fact: AnyFact | None) -> None:
        for take in of_unknown if fact is None else of_kind[type(fact)]:
            take(entry, fact)

    return fold
