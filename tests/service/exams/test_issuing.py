"""Giving exams to people, taking them back, and the lists of them."""

from pathlib import Path

import pytest

from agent_service import bootstrap
from protocol.facts.exam import SittingKind
from protocol.wire.errors import Refused
from protocol.wire.exams import IssueState
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.documents.written import enable, put, remove
from tests.service.exams.exam_requests import (
    ESSAY,
    MINUTE_MS,
    SINGLE,
    StillTime,
    exams,
    issue,
    paper_of,
    sat,
    sittings,
    start,
    void,
    withdraw,
)
from tests.service.people import disable
from tests.service.roster_requests import refusal


async def test_only_what_is_enabled_is_given(trainer: Client) -> None:
    paper, (single, _) = await paper_of(trainer, (SINGLE, 2), (ESSAY, 2))
    await enable(trainer, paper, enabled=False)
    with pytest.raises(Refused) as refused:
        await issue(trainer, paper)
    assert (refused.value.code, refused.value.params) == ("document_disabled", {"name": "月考"})
    await enable(trainer, paper)
    await enable(trainer, single, enabled=False)
    assert await refusal(issue(trainer, paper)) == "document_disabled"
    await enable(trainer, single)
    assert await refusal(issue(trainer, single)) == "unknown_document"
    assert (await issue(trainer, paper)).version == 1


async def test_the_design_freezes_and_the_paper_stays(trainer: Client, wang: Client) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = await issue(trainer, paper)
    changed = await put(trainer, SINGLE, single, 1)
    assert changed.version == 2
    assert (await remove(trainer, paper)).kept == {paper: "document_used"}
    (asked,) = (await start(wang, exam.issue)).questions
    assert asked.text == SINGLE.text


async def test_a_paper_that_no_frame_could_hold_is_not_given(trainer: Client) -> None:
    paper, _ = await paper_of(trainer, *[(ESSAY, 2)] * 17)
    with pytest.raises(Refused) as refused:
        await issue(trainer, paper)
    assert refused.value.params["fault"] == "too_long"


@pytest.mark.parametrize(
    ("start_ms", "minutes", "duration_s"),
    [(0, 0, 600), (0, -5, 600), (-10 * MINUTE_MS, 5, 600), (0, 5, 59), (0, 5, 12 * 3600 + 1)],
)
async def test_a_window_is_to_come_and_a_duration_possible(
    trainer: Client, start_ms: int, minutes: int, duration_s: int
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    bad = issue(trainer, paper, start_ms=start_ms, minutes=minutes, duration_s=duration_s)
    assert await refusal(bad) == "bad_window"


async def test_people_and_teams_are_given_it_by_whoever_may(
    trainer: Client, wang: Client, signed_in: SignedIn
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    row = await issue(trainer, paper, ["1002"], teams=("A",), key="k")
    assert row.agents == ("1001", "1002", "2001")
    assert await issue(trainer, paper, ["1003"], key="k") == row
    assert await refusal(issue(trainer, paper, ["9999"])) == "unknown_agent"
    assert await refusal(issue(trainer, paper, (), teams=("Z",))) == "unknown_team"
    assert await refusal(issue(trainer, paper, ())) == "nobody_chosen"
    leader = await signed_in("2001")
    assert (await issue(leader, paper, ["1001"])).actor == "2001"
    assert await refusal(issue(leader, paper, ["1002"])) == "not_permitted"
    assert await refusal(issue(wang, paper, ["1002"])) == "not_permitted"


async def test_an_exam_is_taken_back_before_anybody_began(
    trainer: Client, wang: Client, signed_in: SignedIn
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper)).issue
    leader = await signed_in("2001")
    assert await refusal(withdraw(leader, exam)) == "not_permitted"
    assert await refusal(withdraw(trainer, exam, " ")) == "bad_text"
    assert await refusal(withdraw(trainer, "none")) == "unknown_exam"
    assert (await withdraw(trainer, exam)).state is IssueState.WITHDRAWN
    assert (await withdraw(trainer, exam)).state is IssueState.WITHDRAWN
    assert await refusal(start(wang, exam)) == "unknown_exam"
    assert await refusal(void(trainer, exam)) == "exam_over"
    assert await exams(wang) == ()
    assert [row.state for row in await exams(trainer, own=False)] == [IssueState.WITHDRAWN]


async def test_nobody_voids_what_they_sat(trainer: Client, signed_in: SignedIn) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper, ["5001"])).issue
    await start(trainer, exam)
    assert await refusal(void(trainer, exam)) == "own_case"
    other = await signed_in("5002")
    assert (await void(other, exam)).state is IssueState.VOIDED
    assert (await void(other, exam)).state is IssueState.VOIDED


async def test_lists_hold_the_own_or_what_one_gave_or_all(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    leader = await signed_in("2001")
    mine = (await issue(leader, paper, ["1001"], minutes=10)).issue
    both = (await issue(trainer, paper, ["1001", "1002"], start_ms=MINUTE_MS)).issue
    await sat(wang, mine, **{single: "A"})
    own, later = (await exams(wang))[::-1]
    assert (own.issue, own.agents, own.state, own.own_submitted) == (
        mine,
        ("1001",),
        IssueState.OPEN,
        True,
    )
    assert (later.issue, later.state, later.own_sitting) == (both, IssueState.PLANNED, "")
    assert [row.issue for row in await exams(leader, own=False)] == [mine]
    rows = await exams(trainer, own=False)
    assert [(row.issue, row.begun, row.submitted) for row in rows] == [(both, 0, 0), (mine, 1, 1)]
    assert await refusal(exams(wang, own=False)) == "not_permitted"
    time.passes(11 * MINUTE_MS)
    assert [row.issue for row in await exams(wang, open_only=True)] == [both]
    assert [row.state for row in await exams(wang)] == [IssueState.OPEN, IssueState.OVER]


async def test_a_retake_is_for_those_who_did_not_pass(
    trainer: Client, wang: Client, signed_in: SignedIn, data: Path, time: StillTime
) -> None:
    paper, (single, essay) = await paper_of(trainer, (SINGLE, 20), (ESSAY, 2))
    agents = ["1001", "1002", "1003", "2001", "3001"]
    first = await issue(trainer, paper, agents, minutes=60)
    clients = [wang, await signed_in("1002"), await signed_in("2001")]
    for client, given in zip(clients, ("A", "C", "A"), strict=True):
        await sat(client, first.issue, **{single: given})
    unmarked = await signed_in("3001")
    await sat(unmarked, first.issue, **{single: "A", essay: ["写了"]})
    other, _ = await paper_of(trainer, (SINGLE, 2), name="周测")
    assert (await issue(trainer, paper, (), retake_of=first.issue)).agents == ("1001", "2001")
    assert await refusal(issue(trainer, other, (), retake_of=first.issue)) == "malformed_message"
    time.passes(60 * MINUTE_MS)
    disable(data, "2001")
    assert (await clients[2].error()).code == "disabled"
    retake = await issue(trainer, paper, (), retake_of=first.issue)
    assert (retake.agents, retake.retake_of) == (("1001", "1003"), first.issue)
    row = await sat(wang, retake.issue, **{single: "C"})
    assert row.passed is True
    assert [row.passed for row in await sittings(trainer, first.issue)] == [
        False,
        True,
        False,
        None,
    ]


async def test_a_mock_exam_is_repeated_without_being_one(trainer: Client) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    practice = await issue(trainer, paper, sitting=SittingKind.MOCK)
    assert (practice.sitting, practice.issued_ms) == (SittingKind.MOCK, bootstrap.now_ms())
    again = issue(trainer, paper, (), retake_of=practice.issue)
    assert await refusal(again) == "unknown_exam"
