"""What can be said to a request, by whom, and what saying it means there: pure."""

from enum import StrEnum

from agent_client.terminal.request_words import OPEN, consenter, waits_for
from protocol.facts.request import RequestKind, RequestStanding
from protocol.wire.errors import Code
from protocol.wire.requests import RequestRow


class Answer(StrEnum):
    """What can be said to a request."""

    CONSENT = "consent"
    DECLINE = "decline"
    UNCONSENT = "unconsent"
    """Consent taken back."""
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    """Approved leave, before it begins."""


AGREEING = (Answer.CONSENT, Answer.DECLINE, Answer.UNCONSENT)
TAKING_BACK = (Answer.WITHDRAW, Answer.CANCEL)


def meant(answer: Answer, row: RequestRow | None, me: str) -> Answer:
    """One key refuses consent or takes it back, and one takes back what is asked or approved."""
    if row is None:
        return answer
    agreed = row.standing is RequestStanding.CONSENTED and consenter(row) == me
    if answer is Answer.DECLINE and agreed:
        return Answer.UNCONSENT
    leave = row.standing is RequestStanding.APPROVED and row.asked.what is RequestKind.LEAVE
    if answer is Answer.WITHDRAW and leave:
        return Answer.CANCEL
    return answer


def unanswerable(answer: Answer, row: RequestRow | None, me: str, leads: bool) -> str:
    """Why somebody can't say that to this request; empty where they can. The answer is the one
    that is meant."""
    if row is None:
        return "nothing"
    if answer is Answer.CANCEL:
        if row.actor == me:
            return ""
        return _undecidable(row, me) if leads else "not_asked"
    if row.standing not in OPEN:
        return "over"
    if answer is Answer.WITHDRAW:
        return "" if row.actor == me else "not_asked"
    if answer is Answer.UNCONSENT:
        return ""
    if answer in AGREEING:
        return "" if waits_for(row) == me else "not_asked_of"
    waits = "waits" if answer is Answer.APPROVE and waits_for(row) else ""
    return _undecidable(row, me) or waits


def _undecidable(row: RequestRow, me: str) -> str:
    """Why a lead can't decide it."""
    if row.undecidable == Code.OWN_CASE or me in (row.asked.agent, row.asked.partner):
        return "own"
    return "not_led" if row.undecidable else ""
