"""What somebody asked of the roster, and what became of it: pure."""

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.request import (
    PlanSeen,
    RequestConsented,
    RequestDecided,
    RequestKind,
    RequestMade,
    RequestWithdrawn,
    RosterRequest,
)
from protocol.wire.requests import RequestRow, RequestStanding

_asked = msgspec.json.Decoder(RosterRequest)
_plans = msgspec.json.Decoder(tuple[PlanSeen, ...])
_OPEN = (RequestStanding.ASKED, RequestStanding.CONSENTED)


class AskedRow(msgspec.Struct, frozen=True, gc=False):
    """One request, its fields in the order of the table's columns."""

    request: str
    agent: str
    partner: str
    """Of a swap; else empty."""
    asked: str
    """As JSON."""
    actor: str
    text: str
    made_ms: int
    deadline_ms: int
    plans: str
    """That it would change, as they were; as JSON."""
    consents: bool | None = None
    """What the other person said; null: nothing yet."""
    consented_ms: int | None = None
    answer: str = ""
    approved: bool | None = None
    """What a lead decided; null: nothing yet."""
    decided_by: str = ""
    decided_ms: int | None = None
    decision: str = ""
    revision: int = 0
    withdrawn: bool = False
    began: int = 0
    """The entry by which it was made …"""
    position: int = 0
    """… and the last one that changed this row."""

    @property
    def consenter(self) -> str:
        """Who has to agree before a lead decides; empty: nobody."""
        if self.partner:
            return self.partner
        return self.agent if self.actor != self.agent else ""

    def roster_request(self) -> RosterRequest:
        """What is asked."""
        return _asked.decode(self.asked)

    def plans_seen(self) -> tuple[PlanSeen, ...]:
        """The plans that it would change, as they were."""
        return _plans.decode(self.plans)

    def standing(self, now_ms: int) -> RequestStanding:
        """Where it stands at a moment: what nobody decided in time has lapsed."""
        if self.withdrawn:
            return RequestStanding.WITHDRAWN
        if self.approved:
            return RequestStanding.APPROVED
        if self.approved is False or self.consents is False:
            return RequestStanding.REJECTED
        if now_ms >= self.deadline_ms:
            return RequestStanding.LAPSED
        return RequestStanding.CONSENTED if self.consents else RequestStanding.ASKED

    def waits_for(self, number: str, now_ms: int) -> bool:
        """Whether it waits for this person to agree."""
        return self.standing(now_ms) is RequestStanding.ASKED and self.consenter == number

    def waits_for_lead(self, now_ms: int) -> bool:
        """Whether it waits for a lead to decide."""
        standing = self.standing(now_ms)
        return standing in _OPEN and (not self.consenter or self.consents is True)

    def told(self, now_ms: int) -> RequestRow:
        """As people are told of it."""
        refused = self.consents is False
        return RequestRow(
            self.request,
            self.roster_request(),
            self.actor,
            self.text,
            self.standing(now_ms),
            self.made_ms,
            self.deadline_ms,
            consented_ms=self.consented_ms if self.consents else None,
            decided_by=self.consenter if refused else self.decided_by,
            decided_ms=self.consented_ms if refused else self.decided_ms,
            decision=self.answer if refused else self.decision,
            revision=self.revision,
        )


def made(entry: Entry, fact: RequestMade) -> AskedRow:
    """A new request."""
    asked = fact.asked
    return AskedRow(
        fact.request,
        asked.agent,
        asked.partner if asked.what is RequestKind.SWAP else "",
        msgspec.json.encode(asked).decode(),
        fact.actor,
        fact.text,
        entry.received_ms,
        fact.deadline_ms,
        msgspec.json.encode(fact.plans).decode(),
        began=entry.position,
        position=entry.position,
    )


def changed(
    row: AskedRow, entry: Entry, fact: RequestConsented | RequestDecided | RequestWithdrawn
) -> AskedRow:
    """The request after a fact. The first word of each stands, but that consent may be taken back
    and approved leave be cancelled."""
    row = replace(row, position=entry.position)
    match fact:
        case RequestConsented() if _is_said(row, fact.consents):
            return replace(
                row, consents=fact.consents, consented_ms=entry.received_ms, answer=fact.text
            )
        case RequestDecided() if row.approved is None:
            return replace(
                row,
                approved=fact.approved,
                decided_by=fact.actor,
                decided_ms=entry.received_ms,
                decision=fact.text,
                revision=fact.revision,
            )
        case RequestWithdrawn():
            return replace(row, withdrawn=True)
    return row


def _is_said(row: AskedRow, consents: bool) -> bool:
    """Whether the other person's word counts."""
    undecided = row.approved is None and not row.withdrawn
    return undecided and (row.consents is None or (row.consents and not consents))
