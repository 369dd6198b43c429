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
    RequestSeen,
    RequestStanding,
    RequestWithdrawn,
    RosterRequest,
)
from protocol.rules.roster_requests import PersonDay
from protocol.wire.requests import RequestRow

_asked = msgspec.json.Decoder(RosterRequest)
_plans = msgspec.json.Decoder(tuple[PlanSeen, ...])
_heard = msgspec.json.Decoder(dict[str, RequestStanding])
OPEN = (RequestStanding.ASKED, RequestStanding.CONSENTED)
"""As long as it waits for somebody's word."""
_NEWS_MS = 60 * 86_400_000
"""What became of a request that long ago is told to nobody of itself."""


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
    withdrawn_by: str = ""
    withdrawn_ms: int | None = None
    withdrawal: str = ""
    heard: str = "{}"
    """Whom it concerns, and the last standing that they brought about or read; as JSON."""
    news: bool = False
    """Whether somebody has not read what people made of it."""
    began: int = 0
    """The entry by which it was made …"""
    position: int = 0
    """… and the last one that said anything of it. To read it says nothing: hours go by the order
    of what was decided."""

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

    @property
    def said(self) -> RequestStanding:
        """Where people put it, whatever the time."""
        if self.withdrawn:
            return RequestStanding.WITHDRAWN
        if self.approved:
            return RequestStanding.APPROVED
        if self.approved is False or self.consents is False:
            return RequestStanding.REJECTED
        return RequestStanding.CONSENTED if self.consents else RequestStanding.ASKED

    def days(self) -> list[PersonDay]:
        """Whose plans of which business dates it would change."""
        return [(each.agent, each.day) for each in self.plans_seen()]

    def standing(self, now_ms: int) -> RequestStanding:
        """Where it stands at a moment: what nobody decided in time has lapsed."""
        lapsed = self.said in OPEN and now_ms >= self.deadline_ms
        return RequestStanding.LAPSED if lapsed else self.said

    def waits_for(self, number: str, now_ms: int) -> bool:
        """Whether it waits for this person to agree."""
        return self.standing(now_ms) is RequestStanding.ASKED and self.consenter == number

    def waits_for_lead(self, now_ms: int) -> bool:
        """Whether it waits for a lead to decide."""
        standing = self.standing(now_ms)
        return standing in OPEN and (not self.consenter or self.consents is True)

    def unread_by(self, now_ms: int) -> frozenset[str]:
        """Whom it concerns who have not read what became of it."""
        if now_ms - self.stands_since_ms(now_ms) >= _NEWS_MS:
            return frozenset()
        return self._unread(self.standing(now_ms))

    def stands_since_ms(self, now_ms: int) -> int:
        """Since when it stands where it does."""
        if self.standing(now_ms) is RequestStanding.LAPSED:
            return self.deadline_ms
        return self.withdrawn_ms or self.decided_ms or self.consented_ms or self.made_ms

    def heard_by(self, number: str, standing: RequestStanding) -> "AskedRow":
        """Somebody knows that it stands so."""
        heard = msgspec.json.encode(_heard.decode(self.heard) | {number: standing}, order="sorted")
        row = replace(self, heard=heard.decode())
        return replace(row, news=bool(row._unread(row.said)))

    def _unread(self, standing: RequestStanding) -> frozenset[str]:
        if standing is RequestStanding.ASKED:
            return frozenset()
        heard, concerned = _heard.decode(self.heard), {self.actor, self.agent, self.partner} - {""}
        return frozenset(number for number in concerned if heard.get(number) is not standing)

    def told(self, now_ms: int, reader: str = "") -> RequestRow:
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
            withdrawn_by=self.withdrawn_by,
            withdrawn_ms=self.withdrawn_ms,
            withdrawal=self.withdrawal,
            unread=reader in self.unread_by(now_ms),
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


Changing = RequestConsented | RequestDecided | RequestWithdrawn | RequestSeen


def changed(row: AskedRow, entry: Entry, fact: Changing) -> AskedRow:
    """The request after a fact, which whoever told it has heard. The first word of each stands,
    but that consent may be taken back and approved leave be cancelled."""
    if isinstance(fact, RequestSeen):
        return row.heard_by(fact.actor, fact.standing)
    row = replace(row, position=entry.position)
    after = _answered(row, entry, fact)
    return row if after is row else after.heard_by(fact.actor, after.said)


def _answered(
    row: AskedRow, entry: Entry, fact: RequestConsented | RequestDecided | RequestWithdrawn
) -> AskedRow:
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
        case RequestWithdrawn() if not row.withdrawn:
            return replace(
                row,
                withdrawn=True,
                withdrawn_by=fact.actor,
                withdrawn_ms=entry.received_ms,
                withdrawal=fact.text,
            )
    return row


def _is_said(row: AskedRow, consents: bool) -> bool:
    """Whether the other person's word counts."""
    undecided = row.approved is None and not row.withdrawn
    return undecided and (row.consents is None or (row.consents and not consents))
