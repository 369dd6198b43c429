"""Essays are marked without names; keys are corrected for everybody."""

import pytest

from protocol.wire.errors import Refused
from protocol.wire.exams import Essays, MarkEssay, ResultState
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exams.exam_requests import (
    ESSAY,
    MULTI,
    SINGLE,
    asked,
    correct,
    essays,
    exams,
    issue,
    mark,
    paper_of,
    result,
    sat,
    sittings,
    start,
    void,
)
from tests.service.roster_requests import refusal

AGENTS = ("1001", "1002", "1003")


@pytest.fixture
async def marker(signed_in: SignedIn) -> Client:
    """Another one who teaches."""
    return await signed_in("5002")


async def test_nobody_sees_whose_essay_it_is(trainer: Client, signed_in: SignedIn) -> None:
    paper, (first, second) = await paper_of(trainer, (ESSAY, 60), (ESSAY, 20))
    exam = (await issue(trainer, paper, AGENTS)).issue
    rows = {}
    for agent in AGENTS:
        given = {first: [f"{agent} 写的"], second: [""]}
        rows[agent] = await sat(await signed_in(agent), exam, **given)
    listed = await essays(trainer, exam)
    assert sorted(each.answer for each in listed) == [f"{agent} 写的" for agent in AGENTS]
    assert [each.essay for each in listed] == sorted(each.essay for each in listed)
    (row,) = [row for row in await exams(trainer, own=False) if row.issue == exam]
    assert (row.begun, row.submitted, row.waiting) == (3, 3, 3)
    shown = await result(trainer, rows["1001"].sitting)
    assert (shown.row.state, shown.row.score) == (ResultState.AWAITING_MARKING, None)
    assert {each.answer for each in shown.questions} == {()}
    marked = await mark(trainer, exam, listed[0].essay, 35, "要点齐全")
    assert (marked.essay, marked.marked, marked.markers) == (listed[0].essay, 35, 1)
    assert await essays(trainer, exam) == listed[1:]
    again = MarkEssay(trainer.next_id(), exam, listed[0].essay, 35, "要点齐全")
    assert (await asked(trainer, again, Essays)).rows == (marked, *listed[1:])
    assert len(await essays(trainer, exam, open_only=False)) == 3
    done = rows[listed[0].answer[:4]]
    shown = await result(trainer, done.sitting)
    assert (shown.row.state, shown.row.score, shown.row.most) == (ResultState.FINAL, 17.5, 40.0)
    (essay,) = [each for each in shown.questions if each.question == first]
    assert (essay.answer, essay.score, essay.remark) == ((listed[0].answer,), 17.5, "要点齐全")


async def test_marks_are_halves_within_the_points(trainer: Client, wang: Client) -> None:
    paper, (question,) = await paper_of(trainer, (ESSAY, 19))
    exam = (await issue(trainer, paper)).issue
    await sat(wang, exam, **{question: ["写了"]})
    (essay,) = await essays(trainer, exam)
    for half_points in (-1, 20):
        with pytest.raises(Refused) as refused:
            await mark(trainer, exam, essay.essay, half_points)
        assert (refused.value.code, refused.value.params) == ("bad_mark", {"most": "9.5"})
    assert await refusal(mark(trainer, exam, "none", 1)) == "unknown_essay"
    assert await refusal(mark(wang, exam, essay.essay, 1)) == "not_permitted"
    assert await refusal(essays(wang, exam)) == "not_permitted"
    assert (await mark(trainer, exam, essay.essay, 19)).marked == 19
    assert (await mark(trainer, exam, essay.essay, 0)).marked == 0
    assert [row.score for row in await sittings(trainer, exam)] == [0.0]


async def test_nobody_marks_their_own(trainer: Client, marker: Client) -> None:
    paper, (question,) = await paper_of(trainer, (ESSAY, 20))
    exam = (await issue(trainer, paper, ["5001"])).issue
    await sat(trainer, exam, **{question: ["写了"]})
    assert await essays(trainer, exam) == ()
    (essay,) = await essays(marker, exam)
    assert await refusal(mark(trainer, exam, essay.essay, 20)) == "own_case"
    assert await refusal(correct(trainer, exam, question, "A")) == "own_case"


async def test_two_who_are_far_apart_need_a_third(
    trainer: Client, marker: Client, signed_in: SignedIn, wang: Client
) -> None:
    paper, (question,) = await paper_of(trainer, (ESSAY, 20))
    exam = (await issue(trainer, paper)).issue
    await sat(wang, exam, **{question: ["写了"]})
    (essay,) = await essays(trainer, exam)
    await mark(trainer, exam, essay.essay, 10)
    await mark(marker, exam, essay.essay, 15)
    assert [each.markers for each in await essays(marker, exam)] == [2]
    assert [row.state for row in await sittings(trainer, exam)] == [ResultState.AWAITING_MARKING]
    third = await signed_in("3001")
    await mark(third, exam, essay.essay, 14)
    assert [row.score for row in await sittings(trainer, exam)] == [7.0]
    await mark(marker, exam, essay.essay, 14)
    assert await essays(marker, exam) == ()


async def test_essays_of_what_is_open_or_voided_wait_for_nobody(
    trainer: Client, wang: Client
) -> None:
    paper, (question,) = await paper_of(trainer, (ESSAY, 20))
    exam = (await issue(trainer, paper)).issue
    await start(wang, exam)
    assert await essays(trainer, exam) == ()
    other = (await issue(trainer, paper)).issue
    await sat(wang, other, **{question: ["写了"]})
    (essay,) = await essays(trainer, other)
    await void(trainer, other)
    assert await essays(trainer, other) == ()
    assert await refusal(mark(trainer, other, essay.essay, 1)) == "unknown_essay"
    assert await refusal(essays(trainer, "none")) == "unknown_exam"


async def test_another_key_counts_everybody_anew(
    trainer: Client, wang: Client, signed_in: SignedIn
) -> None:
    paper, (single, multi, essay) = await paper_of(trainer, (SINGLE, 20), (MULTI, 40), (ESSAY, 2))
    exam = (await issue(trainer, paper, AGENTS)).issue
    await sat(wang, exam, **{single: "A", multi: "AB"})
    await sat(await signed_in("1002"), exam, **{single: "C", multi: "ABC"})

    async def scores() -> list[float | None]:
        return [row.score for row in await sittings(trainer, exam)]

    assert await scores() == [0.0, 30.0]
    await correct(trainer, exam, single, "A")
    assert await scores() == [10.0, 20.0]
    await correct(trainer, exam, multi, "B", "A")
    assert await scores() == [30.0, 0.0]
    await correct(trainer, exam, multi, "A", "B")
    for wrong in (("D",), (), ("A", "B")):
        assert await refusal(correct(trainer, exam, single, *wrong)) == "bad_document"
    assert await refusal(correct(trainer, exam, essay, "A")) == "unknown_question"
    assert await refusal(correct(trainer, exam, "none", "A")) == "unknown_question"
    assert await refusal(correct(trainer, exam, single, "A", text="")) == "bad_text"
    assert await refusal(correct(wang, exam, single, "A")) == "not_permitted"
