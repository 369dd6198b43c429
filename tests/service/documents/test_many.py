"""Documents in number: imports, pages, and the longest that may be written."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_service.appending import appending
from agent_service.commands.ledger import verify
from agent_service.documents.register import DocumentRegister, name_in
from protocol.facts.document import (
    AnyBody,
    DocumentKind,
    Question,
    TrainingContent,
    TrainingTask,
    TrainingType,
)
from protocol.facts.exam import QuestionType
from protocol.wire.codec import MAX_FRAME_BYTES, encode
from protocol.wire.documents import (
    MAX_CONTENT,
    MAX_ITEMS,
    MAX_OPTION,
    MAX_QUESTION,
    MAX_REMARK,
    PAGE,
)
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.documents.written import (
    ESSAY,
    SINGLE,
    TRAINER,
    TYPE,
    content,
    drawing,
    get,
    listed,
    names,
    paper,
    put,
    write,
)
from tests.service.people import CLOCK
from tests.service.roster_requests import refusal

TYPES, CONTENTS = DocumentKind.TRAINING_TYPE, DocumentKind.TRAINING_CONTENT
QUESTIONS, PAPERS = DocumentKind.QUESTION, DocumentKind.PAPER


@pytest.mark.parametrize(
    ("asked", "page", "rows"), [(1, 1, PAGE), (2, 2, 1), (3, 2, 1), (0, 1, PAGE), (-5, 1, PAGE)]
)
async def test_a_list_comes_in_pages(
    data: Path, trainer: Client, asked: int, page: int, rows: int
) -> None:
    write(data, [TrainingType(f"类型{number}") for number in range(PAGE + 1)])
    told = await listed(trainer, TYPES, page=asked)
    assert (told.page, told.pages, told.total, len(told.rows)) == (page, 2, PAGE + 1, rows)


async def test_what_is_imported_is_seen_at_once(data: Path, trainer: Client) -> None:
    row = await put(trainer, TYPE)
    texts: list[AnyBody] = [content(row.document, f"内容{number}") for number in range(3)]
    written = write(data, texts)
    assert [each.number for each in written] == [1, 2, 3]
    assert await names(trainer, CONTENTS) == ["内容0", "内容1", "内容2"]
    assert [each.document for each in write(data, texts)] == [each.document for each in written]
    assert (await put(trainer, content(row.document, "内容3"))).number == 4
    assert await refusal(put(trainer, content(row.document, "内容0"))) == "bad_document"
    verify(data)


def heavy(number: int) -> AnyBody:
    """A question as long as one may be."""
    return Question(
        f"{number}" + "题" * (MAX_QUESTION - 9),
        QuestionType.MULTI,
        options=tuple(letter * MAX_OPTION for letter in "甲乙丙丁戊己庚辛壬癸"),
        key=("A", "B"),
        remark="注" * MAX_REMARK,
    )


@pytest.mark.parametrize(
    "bodies",
    [
        [heavy(number) for number in range(PAGE)],
        [
            replace(content("", f"{number}"), text="长" * MAX_CONTENT, remark="注" * MAX_REMARK)
            for number in range(PAGE)
        ],
    ],
    ids=["questions", "contents"],
)
async def test_a_page_is_never_cut_and_fits_a_frame(
    data: Path, trainer: Client, bodies: list[AnyBody]
) -> None:
    (kind,) = write(data, [TYPE], "type")
    written = write(data, [_of(kind.document, body) for body in bodies])
    told = await listed(trainer, written[0].what)
    assert [row.document for row in told.rows] == [row.document for row in written]
    assert len(encode(told)) < MAX_FRAME_BYTES
    assert (await get(trainer, written[0].document)).body == written[0].read()


def _of(kind: str, body: AnyBody) -> AnyBody:
    return replace(body, type=kind) if isinstance(body, TrainingContent) else body


async def test_the_longest_paper_and_task_fit_too(data: Path, trainer: Client) -> None:
    (kind,) = write(data, [TYPE], "type")
    questions = write(data, [replace(ESSAY, text=f"{each}?") for each in range(MAX_ITEMS)], "q")
    texts = write(data, [content(kind.document, f"{each}") for each in range(MAX_ITEMS)], "c")
    full = paper(*(each.document for each in questions))
    ticked = TrainingTask("x", contents=tuple(each.document for each in texts))
    write(data, [replace(full, name=f"{each}") for each in range(PAGE)], "p")
    write(data, [replace(ticked, name=f"{each}") for each in range(PAGE)], "t")
    for what in (PAPERS, DocumentKind.TRAINING_TASK):
        told = await listed(trainer, what)
        assert (len(told.rows), len(encode(told)) < MAX_FRAME_BYTES) == (PAGE, True)


@pytest.mark.parametrize("wrong", [replace(SINGLE, key=()), replace(TYPE, name="业务培训 ")])
def test_an_import_is_all_or_nothing(data: Path, wrong: AnyBody) -> None:
    before = verify(data)
    with pytest.raises(Refused, match="bad_document"):
        write(data, [TYPE, SINGLE, wrong, ESSAY])
    assert verify(data) == before


def test_what_is_imported_may_refer_to_what_came_before(data: Path) -> None:
    kind, question = (name_in(TRAINER.number, "import", place) for place in (0, 3))
    bodies: list[AnyBody] = [TYPE, content(kind), drawing(kind), SINGLE, paper(question)]
    assert [row.number for row in write(data, bodies)] == [1] * 5
    with pytest.raises(Refused, match="n_exceeds_content"):
        write(data, [*bodies, drawing(kind, 2, "两项")])
    verify(data)


def test_every_fault_of_an_import_is_found(data: Path) -> None:
    with appending(data, CLOCK) as books:
        register = DocumentRegister(books.appender, books.projections.documents)
        bodies: list[AnyBody] = [TYPE, replace(TYPE, name=""), SINGLE, TYPE, content("none")]
        found = register.faults(books.connection, bodies, "5001", "k")
        head = books.appender.head
    assert [(place, fault.params["fault"]) for place, fault in found] == [
        (1, "name_missing"),
        (3, "name_taken"),
        (4, "unknown_type"),
    ]
    assert verify(data) == head


def test_what_was_imported_before_is_no_fault(data: Path) -> None:
    write(data, [TYPE], "k")
    with appending(data, CLOCK) as books:
        register = DocumentRegister(books.appender, books.projections.documents)
        assert register.faults(books.connection, [TYPE], TRAINER.number, "k") == []
        assert len(register.faults(books.connection, [TYPE], TRAINER.number, "l")) == 1
