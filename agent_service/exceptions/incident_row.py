"""One incident, from its confirmation to its end: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.shift import IncidentConfirmed, IncidentDecided, IncidentWithdrawn
from protocol.rules import exception_decisions
from protocol.rules.exception_decisions import OPEN, Case, Span, Standing
from protocol.rules.incident import Incident
from protocol.wire.incidents import IncidentRow

_texts = msgspec.json.Decoder(tuple[str, ...])


class StoredIncident(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    incident: str
    start_ms: int
    end_ms: int
    team: str
    actor: str
    text: str
    confirmed_ms: int
    standing: Standing
    deciders: str
    """As JSON."""
    decided_ms: int | None
    decision: str
    second: str
    """Who confirmed it, too; empty: nobody, or nobody had to."""
    counts: int | None
    """The entry since which it excludes time …"""
    ended: int | None
    """… and the one since which it does no more: what a locked month goes by."""
    position: int
    """The last entry that changed this row."""

    @property
    def open(self) -> bool:
        """Whether it waits for a second person."""
        return self.standing in OPEN

    @property
    def stands(self) -> bool:
        """Whether it counts, or may once somebody else confirms it."""
        return self.open or self.standing is Standing.APPROVED

    def case(self) -> Case:
        """As decisions about it see it: it is nobody's own."""
        return Case("", self.actor, self.standing, _texts.decode(self.deciders))

    def span(self) -> Span:
        """Its time."""
        return Span(self.start_ms, self.end_ms)

    def strikes(self, team: str) -> bool:
        """Whether it and one of a team (empty: of the site) strike the same people."""
        return not self.team or not team or self.team == team

    def applied(self) -> Incident:
        """As it enters figures."""
        return Incident(
            self.incident,
            self.start_ms,
            self.end_ms,
            self.team,
            self.actor,
            self.text,
            self.second,
        )

    def row(self) -> IncidentRow:
        """As people are told of it."""
        return IncidentRow(
            self.incident,
            self.start_ms,
            self.end_ms,
            self.team,
            self.actor,
            self.text,
            self.confirmed_ms,
            self.standing,
            _texts.decode(self.deciders),
            self.decided_ms,
            self.decision,
        )


def confirmed(entry: Entry, fact: IncidentConfirmed) -> StoredIncident:
    """A new one."""
    return StoredIncident(
        fact.incident,
        fact.start_ms,
        fact.end_ms,
        fact.team,
        fact.actor,
        fact.text,
        entry.received_ms,
        Standing.SECOND if fact.needs_second else Standing.APPROVED,
        _json((fact.actor,)),
        None,
        "",
        "",
        None if fact.needs_second else entry.position,
        None,
        entry.position,
    )


def decided(row: StoredIncident, entry: Entry, fact: IncidentDecided) -> StoredIncident:
    """After a second person's word; one that can't be said changes nothing."""
    case = row.case()
    after = exception_decisions.decided(case, fact.actor, fact.approved, second_needed=False)
    if after == case:
        return row
    counts = after.standing is Standing.APPROVED
    return replace(
        row,
        standing=after.standing,
        deciders=_json(after.deciders),
        decided_ms=entry.received_ms,
        decision=fact.text,
        second=fact.actor if counts else "",
        counts=entry.position if counts else None,
        position=entry.position,
    )


def withdrawn(row: StoredIncident, entry: Entry, fact: IncidentWithdrawn) -> StoredIncident:
    """From here on it excludes nothing."""
    if not row.stands:
        return row
    return replace(
        row,
        standing=Standing.WITHDRAWN,
        deciders=_json((*_texts.decode(row.deciders), fact.actor)),
        decided_ms=entry.received_ms,
        decision=fact.text,
        ended=entry.position,
        position=entry.position,
    )


def _json(texts: tuple[str, ...]) -> str:
    return msgspec.json.encode(texts).decode()
