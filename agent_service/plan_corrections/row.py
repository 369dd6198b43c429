"""One correction of plans, from its proposal to its decision: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.correction import PlanCorrectionDecided, PlanCorrectionProposed, PlanInstead
from protocol.rules import exception_decisions
from protocol.rules.exception_decisions import OPEN, Case, Standing
from protocol.rules.roster_requests import PersonDay
from protocol.wire.plan_corrections import PlanCorrectionRow

_days = msgspec.json.Decoder(tuple[PlanInstead, ...])
_texts = msgspec.json.Decoder(tuple[str, ...])


class StoredCorrection(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    correction: str
    days: str
    """As JSON."""
    first_day: str
    last_day: str
    text: str
    actor: str
    proposed_ms: int
    proposed: int
    """The entry by which it was proposed."""
    standing: Standing = Standing.SECOND
    decided_by: str = ""
    decided_ms: int | None = None
    decision: str = ""
    revision: int = 0
    adjusts: str = ""
    position: int = 0
    """The last entry that changed this row."""
    evidence: str = "[]"
    """As JSON."""

    @property
    def open(self) -> bool:
        """Whether it is still to be decided."""
        return self.standing in OPEN

    def plans(self) -> tuple[PlanInstead, ...]:
        """What is to be planned otherwise."""
        return _days.decode(self.days)

    def whose_days(self) -> list[PersonDay]:
        """Whose plans of which business dates they are."""
        return [(each.agent, each.day) for each in self.plans()]

    def people(self) -> tuple[str, ...]:
        """Whose plans they are."""
        return tuple(dict.fromkeys(each.agent for each in self.plans()))

    def case(self, actor: str) -> Case:
        """As a decision of somebody's sees it: whose plan it is decides nothing, and what was
        proposed is approved by one."""
        people = self.people()
        deciders = (self.actor, self.decided_by) if self.decided_by else (self.actor,)
        whose = actor if actor in people else people[0]
        return Case(whose, self.actor, self.standing, deciders)

    def row(self) -> PlanCorrectionRow:
        """As people are told of it."""
        return PlanCorrectionRow(
            self.correction,
            self.plans(),
            self.text,
            self.actor,
            self.proposed_ms,
            self.standing,
            self.decided_by,
            self.decided_ms,
            self.decision,
            self.revision,
            self.adjusts,
            _texts.decode(self.evidence),
        )


def proposed(entry: Entry, fact: PlanCorrectionProposed) -> StoredCorrection:
    """A new one."""
    days = sorted(each.day.isoformat() for each in fact.days)
    return StoredCorrection(
        fact.correction,
        msgspec.json.encode(fact.days).decode(),
        days[0] if days else "",
        days[-1] if days else "",
        fact.text,
        fact.actor,
        entry.received_ms,
        entry.position,
        position=entry.position,
        evidence=msgspec.json.encode(fact.evidence).decode(),
    )


def decided(row: StoredCorrection, entry: Entry, fact: PlanCorrectionDecided) -> StoredCorrection:
    """After a decision; one that can't be made changes nothing."""
    case = row.case(fact.actor)
    after = exception_decisions.decided(case, fact.actor, fact.approved, second_needed=False)
    if after == case:
        return row
    return replace(
        row,
        standing=after.standing,
        decided_by=fact.actor,
        decided_ms=entry.received_ms,
        decision=fact.text,
        revision=fact.revision,
        adjusts=fact.adjusts,
        position=entry.position,
    )
