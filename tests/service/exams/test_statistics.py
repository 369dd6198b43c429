"""How exams went: only what counts, by the keys in force, on the screen and in a file."""

import io
from base64 import b64decode

from python_calamine import CalamineWorkbook

from protocol.facts.exam import MultiMode, SittingKind
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.exams.exam_requests import (
    ESSAY,
    MINUTE_MS,
    MULTI,
    SINGLE,
    StillTime,
    correct,
    essays,
    issue,
    mark,
    paper_of,
    sat,
    start,
    statistics,
    void,
)
from tests.service.roster_requests import refusal

COLUMNS = ["序号", "试卷名称", "题目名称", "答题人数", "答错人数", "错误率", "答对人数", "正确率"]
AGENTS = ("1001", "1002", "1003", "2001")


async def test_only_what_counts_is_in_the_figures(
    trainer: Client, wang: Client, signed_in: SignedIn, time: StillTime
) -> None:
    paper, (single, multi, essay) = await paper_of(
        trainer, (SINGLE, 20), (MULTI, 20), (ESSAY, 20), mode=MultiMode.HALF_IF_MISSING
    )
    exam = (await issue(trainer, paper, AGENTS)).issue
    practice = (await issue(trainer, paper, sitting=SittingKind.MOCK)).issue
    voided = (await issue(trainer, paper)).issue
    clients = [wang, *[await signed_in(agent) for agent in AGENTS[1:]]]
    given = [
        {single: "C", multi: "ABC", essay: ["一"]},
        {single: "C", multi: "AB", essay: ["二"]},
        {single: "A"},
        {single: "A", essay: ["四"]},
    ]
    for client, each in zip(clients, given, strict=True):
        await sat(client, exam, **each)
    await sat(wang, practice, **{single: "C"})
    await sat(wang, voided, **{single: "C"})
    await void(trainer, voided)
    marks = {"一": 12, "二": 11}
    for row in await essays(trainer, exam):
        if row.answer in marks:
            await mark(trainer, exam, row.essay, marks[row.answer])
    told = await statistics(trainer)
    (line,) = told.papers
    assert (line.issue, line.candidates, line.submitted, line.waiting) == (exam, 4, 4, 1)
    assert (line.passed, line.highest_percent, line.lowest_percent) == (1, 86.67, 0.0)
    assert line.average_percent == 51.67
    assert line.tenths == (1, 0, 0, 0, 0, 0, 1, 0, 1, 0)
    assert [
        (each.question, each.answered, each.wrong, each.wrong_percent, each.right_percent)
        for each in told.questions
    ] == [(single, 3, 1, 33.33, 66.67), (multi, 2, 1, 50.0, 50.0), (essay, 2, 1, 50.0, 50.0)]
    assert {each.paper for each in told.questions} == {"月考"}
    await correct(trainer, exam, single, "A")
    anew = await statistics(trainer)
    assert (anew.questions[0].right, anew.questions[0].wrong) == (1, 2)
    time.passes(MINUTE_MS)
    await start(wang, (await issue(trainer, paper)).issue)
    begun = await statistics(trainer)
    assert [(each.submitted, each.average_percent, each.tenths) for each in begun.papers] == [
        (0, None, (0,) * 10),
        (4, anew.papers[0].average_percent, anew.papers[0].tenths),
    ]
    assert await refusal(statistics(wang)) == "not_permitted"


async def test_issues_are_chosen_by_paper_and_by_when_they_begin(trainer: Client) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 2))
    other, _ = await paper_of(trainer, (SINGLE, 2), name="周测")
    first = await issue(trainer, paper)
    second = await issue(trainer, other, start_ms=MINUTE_MS)

    async def found(**more: object) -> list[str]:
        return [each.issue for each in (await statistics(trainer, **more)).papers]

    assert await found() == [second.issue, first.issue]
    assert await found(paper=paper) == [first.issue]
    assert await found(first_ms=second.start_ms) == [second.issue]
    assert await found(last_ms=second.start_ms) == [first.issue]


async def test_the_file_has_the_columns_of_the_screen(trainer: Client, wang: Client) -> None:
    paper, (single, _) = await paper_of(trainer, (SINGLE, 2), (ESSAY, 2))
    await sat(wang, (await issue(trainer, paper)).issue, **{single: "C"})
    told = await statistics(trainer, file=True, language="zh_CN")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b64decode(told.workbook)))
    assert book.get_sheet_by_index(0).to_python() == [
        COLUMNS,
        [1.0, "月考", SINGLE.text, 1.0, 0.0, 0.0, 1.0, 100.0],
        [2.0, "月考", ESSAY.text, 0.0, 0.0, "", 0.0, ""],
    ]
    assert (await statistics(trainer)).workbook == ""
    english = b64decode((await statistics(trainer, file=True)).workbook)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(english)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["No.", "Paper", "Question"]
