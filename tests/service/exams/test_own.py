"""What is pushed to whom: exams that are open, results that are news, essays that wait."""

from protocol.wire.exams import IssueState, OwnExams
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exams.exam_requests import (
    ESSAY,
    MINUTE_MS,
    SINGLE,
    StillTime,
    correct,
    essays,
    exams,
    extend,
    issue,
    mark,
    mock,
    paper_of,
    result,
    sat,
    start,
    void,
    withdraw,
)

DAY_MS = 24 * 60 * MINUTE_MS


async def told(client: Client, *, open: list[str] | None = None, **expected: object) -> OwnExams:
    """The next push that says so."""

    def is_it(message: object) -> bool:
        return (
            isinstance(message, OwnExams)
            and (open is None or [row.issue for row in message.open] == open)
            and all(_said(message)[name] == value for name, value in expected.items())
        )

    message = await client.take(is_it)
    assert isinstance(message, OwnExams)
    return message


def _said(message: OwnExams) -> dict[str, object]:
    return {"told": [row.sitting for row in message.told], "waiting": message.waiting}


async def test_a_candidate_is_told_of_what_is_open(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    await told(wang, open=[])
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    now = (await issue(trainer, paper)).issue
    (row,) = (await told(wang, open=[now])).open
    assert (row.state, row.agents, row.name) == (IssueState.OPEN, ("1001",), "月考")
    soon = (await issue(trainer, paper, start_ms=MINUTE_MS, minutes=10)).issue
    far = (await issue(trainer, paper, start_ms=DAY_MS + 30 * MINUTE_MS)).issue
    rows = (await told(wang, open=[now, soon])).open
    assert [row.state for row in rows] == [IssueState.OPEN, IssueState.PLANNED]
    begun = (await start(wang, now)).sitting
    while (await told(wang, open=[now, soon])).open[0].own_sitting != begun:
        pass
    await withdraw(trainer, soon)
    await told(wang, open=[now])
    again = await signed_in("1001", "other desk")
    assert (await told(again, open=[now])).open[0].own_sitting == begun
    time.passes(30 * MINUTE_MS + 5_001)
    (row,) = (await told(again, told=[begun])).open
    assert (row.issue, row.state) == (far, IssueState.PLANNED)


async def test_an_exam_goes_when_it_is_handed_in_and_a_mock_stays(
    trainer: Client, wang: Client
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 2))
    formal, practice = (await issue(trainer, paper)).issue, (await mock(trainer, paper)).issue
    await told(wang, open=[formal, practice])
    row = await sat(wang, formal, **{single: "C"})
    await told(wang, open=[practice], told=[row.sitting])
    await sat(wang, practice, **{single: "C"})
    await result(wang, row.sitting)
    await told(wang, open=[practice], told=[])
    assert [
        (each.own_sitting, each.own_submitted) for each in await exams(wang, open_only=True)
    ] == [
        ("", False),
        (row.sitting, True),
    ]
    await correct(trainer, formal, single, "A")
    await told(wang, told=[row.sitting])
    await void(trainer, formal)
    await told(wang, told=[])


async def test_a_sitting_with_more_time_goes_on_after_the_window(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    exam = (await issue(trainer, paper, minutes=10)).issue
    sheet = await start(wang, exam)
    await extend(trainer, sheet.sitting, 600)
    time.passes(11 * MINUTE_MS)
    again = await signed_in("1001", "other desk")
    (row,) = (await told(again, open=[exam])).open
    assert (row.state, row.own_sitting) == (IssueState.OVER, sheet.sitting)
    assert (await start(again, exam)).turn == 2


async def test_markers_are_told_how_many_essays_wait_for_them(
    trainer: Client, wang: Client, signed_in: SignedIn
) -> None:
    marker = await signed_in("5002")
    paper, (question,) = await paper_of(trainer, (ESSAY, 20))
    exam = (await issue(trainer, paper, ["1001", "5001"])).issue
    own = await sat(trainer, exam, **{question: ["我也写了"]})
    await told(marker, waiting=1)
    row = await sat(wang, exam, **{question: ["写了"]})
    await told(marker, waiting=2)
    await told(trainer, waiting=1)
    for essay in await essays(marker, exam):
        await mark(marker, exam, essay.essay, 20)
    await told(marker, waiting=0)
    await told(trainer, waiting=0, told=[own.sitting])
    await told(wang, open=[], told=[row.sitting])
    assert {each.waiting for each in wang.inbox if isinstance(each, OwnExams)} <= {0}
