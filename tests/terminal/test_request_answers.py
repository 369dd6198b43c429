"""What a lead is offered to say to a request: nothing that the service would refuse."""

import pytest
from msgspec.structs import replace

from agent_client.terminal.request_answers import Answer, unanswerable
from protocol.facts.request import RequestStanding
from tests.terminal.requests_scenes import LEAVE, request

OPEN = request("r", LEAVE, "1001", RequestStanding.ASKED)
APPROVED = replace(OPEN, standing=RequestStanding.APPROVED)


@pytest.mark.parametrize("answer", [Answer.APPROVE, Answer.REJECT, Answer.CANCEL])
@pytest.mark.parametrize(
    ("undecidable", "why"), [("", ""), ("own_case", "own"), ("not_permitted", "not_led")]
)
def test_a_lead_decides_what_the_service_lets_them(
    answer: Answer, undecidable: str, why: str
) -> None:
    rows = {Answer.CANCEL: APPROVED}
    row = replace(rows.get(answer, OPEN), undecidable=undecidable)
    assert unanswerable(answer, row, "2001", leads=True) == why


def test_who_asked_takes_it_back_whoever_may_decide_it() -> None:
    own = replace(APPROVED, undecidable="own_case")
    assert not unanswerable(Answer.CANCEL, own, "1001", leads=True)
    assert unanswerable(Answer.CANCEL, own, "1002", leads=False) == "not_asked"
