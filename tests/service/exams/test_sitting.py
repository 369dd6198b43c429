"""Sitting an exam: one clock, one desk at a time, and nothing lost that was acknowledged."""

from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Refused
from protocol.wire.exams import ResultState, SavedAnswer
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exams.exam_requests import (
    ESSAY,
    FILL_IN,
    MINUTE_MS,
    MULTI,
    SINGLE,
    StillTime,
    answers,
    exams,
    extend,
    issue,
    mock,
    paper_of,
    result,
    sat,
    save,
    sittings,
    start,
    submit,
    void,
    withdraw,
)
from tests.service.roster_requests import refusal


async def test_an_exam_is_sat_at_any_desk_one_at_a_time(
    trainer: Client, wang: Client, signed_in: SignedIn, data: Path
) -> None:
    paper, (single, multi) = await paper_of(trainer, (SINGLE, 20), (MULTI, 40))
    exam = (await issue(trainer, paper)).issue
    first = await start(wang, exam)
    assert (first.turn, first.number, first.half_points) == (1, 0, 60)
    assert first.deadline_ms - first.now_ms == 1_800_000
    saved = await save(wang, first, *answers(**{single: "C"}), focus_left=2)
    assert (saved.number, saved.deadline_ms) == (1, first.deadline_ms)
    elsewhere = await signed_in("1001", "other desk")
    second = await start(elsewhere, exam)
    assert (second.turn, second.number, second.deadline_ms) == (2, 1, first.deadline_ms)
    assert second.sitting == first.sitting
    assert [each.answer for each in second.questions if each.question == single] == [("C",)]
    assert [each.names for each in second.questions] == [each.names for each in first.questions]
    old = save(elsewhere, first, *answers(2, **{single: "A"}))
    assert await refusal(old) == "not_your_turn"
    row = await submit(elsewhere, second, *answers(2, **{multi: "ABC"}))
    assert (row.state, row.score, row.most, row.percent) == (ResultState.FINAL, 30.0, 30.0, 100.0)
    assert (row.passed, row.focus_left) == (True, 2)
    assert await submit(elsewhere, second) == row
    assert await refusal(start(elsewhere, exam)) == "exam_over"
    assert await refusal(save(elsewhere, second)) == "exam_over"
    verify(data)


async def test_an_older_answer_never_replaces_a_newer_one(trainer: Client, wang: Client) -> None:
    paper, (single, fill_in) = await paper_of(trainer, (SINGLE, 2), (FILL_IN, 2))
    sheet = await start(wang, (await issue(trainer, paper)).issue)
    await save(wang, sheet, SavedAnswer(single, ("A",), 5), SavedAnswer(fill_in, ("1",), 3))
    for answer, number in ((("B",), 4), (("C",), 5)):
        assert (await save(wang, sheet, SavedAnswer(single, answer, number))).number == 5
    again = await start(wang, (await exams(wang))[0].issue)
    assert {each.question: each.answer for each in again.questions} == {
        single: ("A",),
        fill_in: ("1",),
    }


@pytest.mark.parametrize(
    ("place", "answer"), [(0, ("D",)), (0, ("A", "B")), (1, ("A", "A")), (2, ("T",)), (3, ("T",))]
)
async def test_what_is_no_answer_keeps_the_others_of_its_message_back(
    trainer: Client, wang: Client, place: int, answer: tuple[str, ...]
) -> None:
    paper, questions = await paper_of(trainer, (SINGLE, 2), (MULTI, 2), (ESSAY, 2))
    named = dict(enumerate([questions[0], questions[1], "no question", ""]))
    sheet = await start(wang, (await issue(trainer, paper)).issue)
    good = SavedAnswer(questions[0], ("A",), 1)
    bad = save(wang, sheet, good, SavedAnswer(named[place], answer, 2))
    assert await refusal(bad) == "bad_answer"
    assert (await save(wang, sheet)).number == 0


async def test_nothing_is_taken_after_the_deadline_but_a_submission_under_way(
    trainer: Client, wang: Client, time: StillTime
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = await issue(trainer, paper)
    sheet = await start(wang, exam.issue)
    time.passes(1_800_000 + 1_000)
    assert await refusal(save(wang, sheet, *answers(**{single: "C"}))) == "exam_over"
    assert await refusal(start(wang, exam.issue)) == "exam_over"
    row = await submit(wang, sheet, *answers(**{single: "C"}))
    assert (row.submitted_ms, row.score) == (sheet.deadline_ms, 1.0)


async def test_a_sitting_ends_with_its_window_and_begins_in_it(
    trainer: Client, wang: Client, time: StillTime
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    exam = await issue(trainer, paper, start_ms=MINUTE_MS, minutes=10)
    with pytest.raises(Refused) as early:
        await start(wang, exam.issue)
    assert early.value.code == "outside_window"
    assert early.value.params == {"start": exam.start_ms, "end": exam.end_ms}
    time.passes(5 * MINUTE_MS)
    assert (await start(wang, exam.issue)).deadline_ms == exam.end_ms
    late = await issue(trainer, paper, minutes=1)
    time.passes(MINUTE_MS)
    assert await refusal(start(wang, late.issue)) == "outside_window"


async def test_nobody_sits_what_was_not_given_to_them(
    trainer: Client, wang: Client, signed_in: SignedIn
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper)).issue
    li = await signed_in("1002")
    assert await refusal(start(li, exam)) == "unknown_exam"
    assert await refusal(start(li, "none")) == "unknown_exam"
    sheet = await start(wang, exam)
    assert await refusal(save(li, sheet)) == "unknown_sitting"
    assert await refusal(submit(li, sheet)) == "unknown_sitting"
    assert await refusal(result(li, sheet.sitting)) == "not_permitted"
    assert await refusal(result(wang, sheet.sitting)) == "sitting_open"


async def test_a_mock_exam_is_sat_as_often_as_anybody_likes(trainer: Client, wang: Client) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = (await mock(trainer, paper)).issue
    first, second = await sat(wang, exam, **{single: "A"}), await sat(wang, exam, **{single: "C"})
    assert (first.score, second.score) == (0.0, 1.0)
    assert first.sitting != second.sitting
    third = await start(wang, exam)
    assert (third.turn, third.number) == (1, 0)
    assert (await start(wang, exam)).turn == 2
    assert [row.sitting for row in await sittings(trainer, exam)] == [
        first.sitting,
        second.sitting,
        third.sitting,
    ]


async def test_more_time_is_given_once_and_to_nobody_by_themselves(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = await issue(trainer, paper, ["1001", "5001"], minutes=20)
    sheet = await start(wang, exam.issue)
    leader = await signed_in("2001")
    assert await refusal(extend(leader, sheet.sitting, 60)) == "not_permitted"
    mine = await start(trainer, exam.issue)
    assert await refusal(extend(trainer, mine.sitting, 60)) == "own_case"
    assert await refusal(extend(trainer, sheet.sitting, 4 * 3600 + 1)) == "malformed_message"
    assert await refusal(extend(trainer, sheet.sitting, 60, text=" ")) == "bad_text"
    for _ in range(2):
        row = await extend(trainer, sheet.sitting, 600, "k")
        assert (row.extended_s, row.deadline_ms) == (600, sheet.deadline_ms + 600_000)
    time.passes(25 * MINUTE_MS)
    assert (await save(wang, sheet, *answers(**{single: "C"}))).deadline_ms == row.deadline_ms
    time.passes(6 * MINUTE_MS)
    assert await refusal(extend(trainer, sheet.sitting, 600)) == "exam_over"


async def test_what_is_voided_goes_on_nowhere(trainer: Client, wang: Client) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper)).issue
    sheet = await start(wang, exam)
    assert await refusal(withdraw(trainer, exam)) == "exam_begun"
    await void(trainer, exam)
    assert await refusal(save(wang, sheet, *answers(**{single: "C"}))) == "exam_over"
    assert await refusal(submit(wang, sheet)) == "exam_over"
    assert await refusal(start(wang, exam)) == "exam_over"


async def test_everybody_has_an_order_of_their_own(
    trainer: Client, wang: Client, signed_in: SignedIn
) -> None:
    asked = [(SINGLE, 2), *[(ESSAY, 2)] * 9]
    paper, questions = await paper_of(trainer, *asked)
    plain, as_written = await paper_of(trainer, *asked, name="顺序", shuffled=False)
    exam, ordered = [
        (await issue(trainer, each, ["1001", "1002"])).issue for each in (paper, plain)
    ]
    li = await signed_in("1002")
    orders = [[each.question for each in (await start(who, exam)).questions] for who in (wang, li)]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted(questions)
    sheet = await start(wang, ordered)
    assert [each.question for each in sheet.questions] == as_written
    (single,) = [
        each for each in (await start(wang, exam)).questions if each.type is QuestionType.SINGLE
    ]
    texts = dict(zip(single.names, single.options, strict=True))
    assert texts == {"A": "步行", "B": "公交", "C": "驾车"}
