"""Folding the ledger into the tables of attendance: each fact is a row."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.attendance import MonthSigned, PresenceEvidenced, SubstituteNamed
from protocol.facts.record import AnyFact


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Somebody was seen, its fields in the order of the table's columns."""

    agent: str
    day: str
    """ISO 8601."""
    position: int
    arrived_ms: int | None
    left_ms: int | None
    actor: str
    text: str
    told_ms: int
    for_agent: str
    """Whose shift it was; empty: the person's own."""


class Substitute(msgspec.Struct, frozen=True, gc=False):
    """Somebody worked another's shift; an empty `substitute`: nobody did."""

    agent: str
    day: str
    position: int
    substitute: str
    actor: str
    text: str
    told_ms: int


class Signature(msgspec.Struct, frozen=True, gc=False):
    """A team's month was signed."""

    month: str
    team: str
    position: int
    digest: str
    actor: str
    signed_ms: int


R = TypeVar("R", bound=Evidence | Substitute | Signature)


class _Told(KeyedProjection[R]):
    """Each fact of one kind is a row, which never changes."""

    def is_new(self, fact: AnyFact) -> bool:
        """It is told once."""
        return True

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone tells of it."""
        row = self.folded(None, entry, fact) if entry.agent == SERVICE else None
        return None if row is None else tuple(map(str, msgspec.structs.astuple(row)[:3]))


class EvidenceProjector(_Told[Evidence]):
    """Evidence of presence by person, day and entry."""

    def __init__(self) -> None:
        super().__init__("presence_evidence", Evidence, 3, (PresenceEvidenced,))

    def folded(self, row: Evidence | None, entry: Entry, fact: AnyFact) -> Evidence | None:
        """As it was told."""
        if not isinstance(fact, PresenceEvidenced):
            return row
        return Evidence(
            fact.agent,
            fact.day.isoformat(),
            entry.position,
            fact.arrived_ms,
            fact.left_ms,
            fact.actor,
            fact.text,
            entry.received_ms,
            fact.for_agent,
        )


class SubstituteProjector(_Told[Substitute]):
    """Substitutes by person, day and entry."""

    def __init__(
        self, publish: Callable[[tuple[Substitute, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("substitute", Substitute, 3, (SubstituteNamed,), publish)

    def folded(self, row: Substitute | None, entry: Entry, fact: AnyFact) -> Substitute | None:
        """As it was told."""
        if not isinstance(fact, SubstituteNamed):
            return row
        return Substitute(
            fact.agent,
            fact.day.isoformat(),
            entry.position,
            fact.substitute,
            fact.actor,
            fact.text,
            entry.received_ms,
        )


class SignatureProjector(_Told[Signature]):
    """Signatures by month, team and entry."""

    def __init__(self) -> None:
        super().__init__("signed_month", Signature, 3, (MonthSigned,))

    def folded(self, row: Signature | None, entry: Entry, fact: AnyFact) -> Signature | None:
        """As it was told."""
        if not isinstance(fact, MonthSigned):
            return row
        return Signature(
            fact.month, fact.team, entry.position, fact.digest, fact.actor, entry.received_ms
        )
