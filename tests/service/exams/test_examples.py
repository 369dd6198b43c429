"""The worked examples of exams, through the handlers of a running service."""

import pytest

from protocol.facts.document import Question
from protocol.facts.exam import MultiMode, QuestionType, SittingKind
from protocol.wire.exams import ResultState
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exams.exam_requests import (
    ESSAY,
    MINUTE_MS,
    MULTI,
    SINGLE,
    StillTime,
    answers,
    essays,
    issue,
    mark,
    paper_of,
    result,
    sat,
    save,
    sittings,
    start,
    statistics,
    submit,
)
from tests.service.roster_requests import refusal

HOUR_MS = 60 * MINUTE_MS


def keyed(key: str, text: str = "题") -> Question:
    """A choice of A to D."""
    return Question(text, QuestionType.SINGLE, options=("a", "b", "c", "d"), key=(key,))


async def test_x01_x02_a_paper_of_70_points_before_and_after_marking(
    trainer: Client, wang: Client
) -> None:
    paper, (first, second, third, essay) = await paper_of(
        trainer, (keyed("C"), 20), (keyed("A"), 20), (keyed("B"), 40), (ESSAY, 60)
    )
    exam = (await issue(trainer, paper)).issue
    row = await sat(wang, exam, **{first: "C", second: "C", third: "B", essay: ["写了"]})
    assert (row.state, row.score, row.most) == (ResultState.AWAITING_MARKING, None, 70.0)
    assert [each.submitted for each in (await statistics(trainer)).papers] == [1]
    assert [each.answered for each in (await statistics(trainer)).questions] == [0, 0, 0, 0]
    (waiting,) = await essays(trainer, exam)
    await mark(trainer, exam, waiting.essay, 36)
    (row,) = await sittings(trainer, exam)
    assert (row.state, row.score) == (ResultState.FINAL, 48.0)
    shown = await result(trainer, row.sitting)
    scores = {each.question: each.score for each in shown.questions}
    assert [scores[each] for each in (first, second, third, essay)] == [10.0, 0.0, 20.0, 18.0]
    assert [each.answered for each in (await statistics(trainer)).questions] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("mode", "scores"),
    [
        (MultiMode.ALL_OR_NOTHING, [20.0, 0.0, 0.0]),
        (MultiMode.HALF_IF_MISSING, [20.0, 10.0, 0.0]),
        (MultiMode.PER_OPTION, [20.0, 13.33, 6.67]),
    ],
)
async def test_x03_three_modes(
    trainer: Client, wang: Client, mode: MultiMode, scores: list[float]
) -> None:
    paper, questions = await paper_of(trainer, *[(MULTI, 40)] * 3, mode=mode)
    exam = (await issue(trainer, paper)).issue
    row = await sat(wang, exam, **dict(zip(questions, ("ABC", "AB", "ABD"), strict=True)))
    found = {each.question: each.score for each in (await result(trainer, row.sitting)).questions}
    assert [found[each] for each in questions] == scores
    assert (row.score, row.most) == (pytest.approx(sum(scores)), 60.0)


async def test_x04_a_mock_exam_is_in_no_statistics(trainer: Client, wang: Client) -> None:
    paper, (first, second, third) = await paper_of(
        trainer, (keyed("C"), 20), (keyed("A"), 20), (keyed("B"), 40)
    )
    exam = (await issue(trainer, paper, sitting=SittingKind.MOCK)).issue
    row = await sat(wang, exam, **{first: "C", second: "C", third: "B"})
    assert (row.state, row.score, row.most) == (ResultState.FINAL, 30.0, 40.0)
    told = await statistics(trainer)
    assert (told.papers, told.questions) == ((), ())


async def test_x05_the_clock_goes_on_through_a_crash(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, (question,) = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper)).issue
    sheet = await start(wang, exam)
    time.passes(12 * MINUTE_MS)
    saved = await save(wang, sheet, *answers(**{question: "A"}))
    assert saved.deadline_ms - saved.now_ms == 1_080_000
    await wang.cut()
    time.passes(8 * MINUTE_MS)
    wang = await signed_in("1001", "other desk")
    sheet = await start(wang, exam)
    assert sheet.deadline_ms - sheet.now_ms == 600_000
    time.passes(9 * MINUTE_MS + 58_000)
    saved = await save(wang, sheet, *answers(2, **{question: "C"}))
    assert saved.deadline_ms - saved.now_ms == 2_000
    time.passes(3_000)
    assert await refusal(save(wang, sheet, *answers(3, **{question: "A"}))) == "exam_over"
    time.passes(5_000)
    assert await refusal(submit(wang, sheet)) == "exam_over"


async def test_x06_a_submission_on_its_way_for_four_seconds_is_taken(
    trainer: Client, wang: Client, time: StillTime
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    sheet = await start(wang, (await issue(trainer, paper)).issue)
    time.passes(30 * MINUTE_MS + 4_000)
    assert (await submit(wang, sheet)).submitted_ms == sheet.deadline_ms


async def test_x07_x08_a_window_closes_on_whoever_is_late(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    exam = await issue(trainer, paper, ["1001", "1002"], minutes=48 * 60)
    time.passes(48 * HOUR_MS - 15 * MINUTE_MS)
    wang = await signed_in("1001")
    sheet = await start(wang, exam.issue)
    assert sheet.deadline_ms - sheet.now_ms == 900_000
    time.passes(15 * MINUTE_MS)
    li = await signed_in("1002")
    assert await refusal(start(li, exam.issue)) == "outside_window"


async def test_x09_shares_of_answers(trainer: Client, wang: Client, signed_in: SignedIn) -> None:
    asked = ("你日常出行方式是什么", "你喜欢什么类型的衣服", "你会开车吗", "(nobody answered)")
    paper, (travel, clothes, car, _) = await paper_of(
        trainer, *[(keyed("A", text), 2) for text in asked]
    )
    exam = (await issue(trainer, paper, ["1001", "1002"])).issue
    await sat(wang, exam, **{travel: "A", clothes: "B", car: "A"})
    await sat(await signed_in("1002"), exam, **{travel: "B"})
    rows = (await statistics(trainer)).questions
    assert [
        (row.text, row.answered, row.wrong, row.wrong_percent, row.right, row.right_percent)
        for row in rows
    ] == [
        (asked[0], 2, 1, 50.0, 1, 50.0),
        (asked[1], 1, 1, 100.0, 0, 0.0),
        (asked[2], 1, 0, 0.0, 1, 100.0),
        (asked[3], 0, 0, None, 0, None),
    ]
