"""One exception, from its proposal to its decision: pure."""

from datetime import date

import msgspec

from agent_service.ledger.chain import Entry
from protocol.facts.agent import Reason, State
from protocol.facts.correction import (
    ExceptionDecided,
    ExceptionProposed,
    ExceptionWithdrawn,
    Overlay,
)
from protocol.rules import exception_decisions
from protocol.rules.exception_decisions import OPEN, Case, Span, Standing
from protocol.rules.exceptions import SYSTEM, DerivedReason
from protocol.wire.exceptions import ExceptionRow

_texts = msgspec.json.Decoder(tuple[str, ...])


class StoredException(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    exception: str
    agent: str
    day: str
    """ISO 8601."""
    start_ms: int
    end_ms: int
    what: Overlay
    code: str
    text: str
    actor: str
    """Who proposed it: a staff number, or `system`."""
    evidence: str
    """As JSON."""
    state: State | None
    reason: Reason | None
    proposed_ms: int
    proposed: int
    """The entry by which it was proposed."""
    standing: Standing
    deciders: str
    """As JSON."""
    decided_ms: int | None
    decision: str
    adjusts: str
    position: int
    """The last entry that changed this row: what a locked month goes by."""

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.standing in OPEN

    def case(self) -> Case:
        """As decisions about it see it."""
        return Case(self.agent, self.actor, self.standing, _texts.decode(self.deciders))

    def span(self) -> Span:
        """The time that it is about."""
        return Span(self.start_ms, self.end_ms)

    def as_of(self, position: int) -> "StoredException | None":
        """As it counted at an entry of the ledger; None before it was proposed. What was decided
        later was open."""
        if self.position <= position:
            return self
        if self.proposed > position:
            return None
        return msgspec.structs.replace(
            self,
            standing=Standing.PENDING,
            deciders="[]",
            decided_ms=None,
            decision="",
            adjusts="",
            position=self.proposed,
        )

    def row(self) -> ExceptionRow:
        """As people are told of it."""
        return ExceptionRow(
            exception=self.exception,
            agent=self.agent,
            day=date.fromisoformat(self.day),
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            what=self.what,
            code=self.code,
            text=self.text,
            actor=self.actor,
            standing=self.standing,
            proposed_ms=self.proposed_ms,
            state=self.state,
            reason=self.reason,
            evidence=_texts.decode(self.evidence),
            deciders=_texts.decode(self.deciders),
            decided_ms=self.decided_ms,
            decision=self.decision,
            adjusts=self.adjusts,
        )


def is_granted_by_people(row: StoredException) -> bool:
    """Whether people approved it, if only one of two so far. What follows from a forced state, or
    from what the system grants by itself, is nobody's choice."""
    by_itself = row.code == DerivedReason.FORCED or _texts.decode(row.deciders) == (SYSTEM,)
    if row.actor == SYSTEM and by_itself:
        return False
    return row.standing in (Standing.SECOND, Standing.APPROVED)


def proposed(entry: Entry, fact: ExceptionProposed) -> StoredException:
    """A new one."""
    return StoredException(
        exception=fact.exception,
        agent=fact.agent,
        day=fact.day.isoformat(),
        start_ms=fact.start_ms,
        end_ms=fact.end_ms,
        what=fact.what,
        code=fact.code,
        text=fact.text,
        actor=fact.actor,
        evidence=_json(fact.evidence),
        state=fact.state,
        reason=fact.reason,
        proposed_ms=entry.received_ms,
        proposed=entry.position,
        standing=Standing.PENDING,
        deciders="[]",
        decided_ms=None,
        decision="",
        adjusts="",
        position=entry.position,
    )


def decided(row: StoredException, entry: Entry, fact: ExceptionDecided) -> StoredException:
    """After a decision; one that can't be made changes nothing."""
    case = row.case()
    after = exception_decisions.decided(case, fact.actor, fact.approved, fact.needs_second)
    if after == case:
        return row
    counts = after.standing is Standing.APPROVED
    return msgspec.structs.replace(
        row,
        standing=after.standing,
        deciders=_json(after.deciders),
        decided_ms=entry.received_ms,
        decision=fact.text,
        adjusts=fact.adjusts if counts else "",
        position=entry.position,
    )


def withdrawn(row: StoredException, entry: Entry, fact: ExceptionWithdrawn) -> StoredException:
    """After whoever proposed it took it back; anybody else changes nothing."""
    case = row.case()
    after = exception_decisions.withdrawn(case, fact.actor)
    if after == case:
        return row
    return msgspec.structs.replace(
        row, standing=after.standing, decided_ms=entry.received_ms, position=entry.position
    )


def _json(texts: tuple[str, ...]) -> str:
    return msgspec.json.encode(texts).decode()
