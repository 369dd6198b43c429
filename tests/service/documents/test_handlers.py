"""Writing, listing, enabling and removing documents, for those who may."""

import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_service.commands.ledger import verify
from protocol.facts.document import (
    DocumentKind,
    TrainingContent,
    TrainingTask,
    TrainingType,
)
from protocol.facts.exam import QuestionType
from protocol.wire.documents import (
    MAX_AT_ONCE,
    DocumentOrder,
)
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.documents.written import (
    ESSAY,
    MULTI,
    SINGLE,
    TYPE,
    content,
    drawing,
    enable,
    get,
    listed,
    names,
    paper,
    put,
    remove,
)
from tests.service.roster_requests import refusal

TYPES, CONTENTS = DocumentKind.TRAINING_TYPE, DocumentKind.TRAINING_CONTENT
QUESTIONS, PAPERS = DocumentKind.QUESTION, DocumentKind.PAPER


async def test_a_document_is_written_once_and_revised(trainer: Client, data: Path) -> None:
    row = await put(trainer, TYPE, key="k")
    assert (row.number, row.version, row.enabled, row.body) == (1, 1, True, TYPE)
    assert (row.author, row.changed_by, row.created_ms) == ("5001", "5001", row.changed_ms)
    assert await put(trainer, TYPE, key="k") == row
    longer = replace(TYPE, remark="全员")
    revised = await put(trainer, longer, row.document, 1)
    assert (revised.version, revised.number, revised.body) == (2, 1, longer)
    assert revised.created_ms == row.created_ms < revised.changed_ms
    assert await put(trainer, longer, row.document, 1) == revised
    assert await refusal(put(trainer, TYPE, row.document, 1)) == "document_changed"
    assert await put(trainer, TYPE, row.document, 2) != row
    assert [(await get(trainer, row.document, each)).body for each in (1, 2, 3, 0)] == [
        TYPE,
        longer,
        TYPE,
        TYPE,
    ]
    old = await get(trainer, row.document, 1)
    assert (old.version, old.changed_ms) == (1, row.changed_ms)
    verify(data)


async def test_what_is_wrong_is_told_with_its_place(trainer: Client) -> None:
    with pytest.raises(Refused) as refused:
        await put(trainer, replace(SINGLE, key=("C",)))
    assert refused.value.params == {"field": "key", "fault": "key", "most": 0}
    await put(trainer, TYPE)
    with pytest.raises(Refused) as refused:
        await put(trainer, TYPE)
    assert refused.value.params["fault"] == "name_taken"
    assert await names(trainer, TYPES) == ["业务培训"]


@pytest.mark.parametrize("document", ["none", "question"])
async def test_what_is_not_there_is_not_revised(trainer: Client, document: str) -> None:
    there = {"question": (await put(trainer, SINGLE)).document}
    name = there.get(document, document)
    assert await refusal(put(trainer, TYPE, name, 1)) == "unknown_document"


async def test_versions_that_are_not_there(trainer: Client) -> None:
    row = await put(trainer, TYPE)
    assert await refusal(get(trainer, row.document, 2)) == "unknown_document"
    assert await refusal(get(trainer, row.document, -1)) == "unknown_document"
    assert await refusal(get(trainer, "none")) == "unknown_document"


async def test_a_question_and_a_paper_wait_to_be_enabled(trainer: Client) -> None:
    question = await put(trainer, SINGLE)
    exam = await put(trainer, paper(question.document))
    assert not question.enabled
    assert not exam.enabled
    both = question.document, exam.document
    done = await enable(trainer, *both, "none")
    assert (done.done, done.kept) == (both, {"none": "unknown_document"})
    before = await get(trainer, exam.document)
    assert before.enabled
    assert (await enable(trainer, exam.document)).done == (exam.document,)
    assert await get(trainer, exam.document) == before
    revised = await put(trainer, replace(SINGLE, key=("B",)), question.document, 1)
    assert revised.enabled
    await enable(trainer, exam.document, enabled=False)
    assert await names(trainer, PAPERS, enabled_only=True) == []
    assert await names(trainer, PAPERS) == ["月考"]


async def test_what_others_need_is_kept(trainer: Client, data: Path) -> None:
    kind = await put(trainer, TYPE)
    text = await put(trainer, content(kind.document))
    task = await put(trainer, TrainingTask("勾选", contents=(text.document,)))
    question = await put(trainer, SINGLE)
    exam = await put(trainer, paper(question.document))
    for each in (kind, text, question):
        done = await remove(trainer, each.document)
        assert (done.done, done.kept) == ((), {each.document: "document_used"})
    together = tuple(each.document for each in (kind, question, exam, text, task))
    done = await remove(trainer, *together, "none")
    assert (done.done, done.kept) == (together, {"none": "unknown_document"})
    assert (await remove(trainer, *together)).done == together
    assert await names(trainer, TYPES) == []
    assert await refusal(get(trainer, kind.document)) == "unknown_document"
    assert (await get(trainer, kind.document, 1)).body == TYPE
    assert await refusal(put(trainer, TYPE, kind.document, 1)) == "unknown_document"
    assert (await enable(trainer, kind.document)).done == ()
    again = await put(trainer, TYPE)
    assert (again.number, again.version) == (2, 1)
    verify(data)


async def test_a_task_asks_for_no_more_than_there_is(trainer: Client) -> None:
    kind = await put(trainer, TYPE)
    texts = [await put(trainer, content(kind.document, name)) for name in ("一", "二")]
    await enable(trainer, texts[0].document, enabled=False)
    assert await refusal(put(trainer, drawing(kind.document, 2))) == "n_exceeds_content"
    task = await put(trainer, drawing(kind.document, 1))
    assert task.parent == "业务培训"
    (row,) = (await listed(trainer, TYPES)).rows
    assert (row.used, row.parent) == (1, "")
    await enable(trainer, texts[1].document, enabled=False)
    assert await put(trainer, drawing(kind.document, 1), task.document, 1) == task
    longer = replace(drawing(kind.document, 1), min_seconds=900)
    assert await refusal(put(trainer, longer, task.document, 1)) == "n_exceeds_content"


async def test_a_list_is_searched_filtered_and_sorted(trainer: Client) -> None:
    first = await put(trainer, replace(TYPE, place=2))
    second = await put(trainer, TrainingType("财务培训", 1))
    for name, kind, place, words in (
        ("b VPN", first, 3, ("账号",)),
        ("A 退费", first, 3, ()),
        ("c 开票", second, 1, ()),
    ):
        await put(trainer, content(kind.document, name, place=place, keywords=words))
    assert await names(trainer, TYPES) == ["财务培训", "业务培训"]
    assert await names(trainer, CONTENTS) == ["c 开票", "b VPN", "A 退费"]
    by_number = await names(trainer, CONTENTS, order=DocumentOrder.NUMBER)
    assert by_number == ["c 开票", "A 退费", "b VPN"]
    by_name = await names(trainer, CONTENTS, order=DocumentOrder.NAME)
    assert by_name == ["A 退费", "b VPN", "c 开票"]
    assert await names(trainer, CONTENTS, parent=second.document) == ["c 开票"]
    assert await names(trainer, CONTENTS, search=" ｖｐｎ  账号 ") == ["b VPN"]
    assert await names(trainer, CONTENTS, search="vpn 开票") == []
    assert await names(trainer, CONTENTS, search="核对 A") == ["A 退费"]
    assert await names(trainer, CONTENTS, search="%") == []
    found = await listed(trainer, CONTENTS)
    assert found.parents == {first.document: "业务培训", second.document: "财务培训"}
    assert found.names == {"5001": "Zhou Lan"}
    assert [row.parent for row in found.rows] == ["财务培训", "业务培训", "业务培训"]
    assert {row.body.text for row in found.rows if isinstance(row.body, TrainingContent)} == {""}
    changed = replace(content(first.document, "b VPN"), place=3)
    vpn = next(row for row in found.rows if row.number == 1)
    await put(trainer, changed, vpn.document, 1)
    by_change = await names(trainer, CONTENTS, order=DocumentOrder.CHANGED)
    assert by_change == ["b VPN", "c 开票", "A 退费"]


async def test_questions_are_filtered_by_what_they_are(trainer: Client) -> None:
    for body in (SINGLE, MULTI, ESSAY):
        await put(trainer, body)
    told = await listed(trainer, QUESTIONS, question_type=QuestionType.MULTI.value)
    assert [row.body for row in told.rows] == [MULTI]
    assert told.parents == {"礼仪": "礼仪"}
    assert len((await listed(trainer, QUESTIONS, parent="礼仪")).rows) == 2
    assert (await listed(trainer, QUESTIONS, difficulty="hard")).total == 0
    assert (await listed(trainer, QUESTIONS, difficulty="general")).total == 3


async def test_an_empty_list_has_one_page(trainer: Client) -> None:
    told = await listed(trainer, TYPES, page=7)
    assert (told.page, told.pages, told.total, told.rows) == (1, 1, 0, ())


@pytest.mark.parametrize("number", ["1001", "2001"])
async def test_nobody_else_writes_or_sees_a_key(signed_in: SignedIn, number: str) -> None:
    trainer, other = await signed_in("5001"), await signed_in(number)
    question = await put(trainer, SINGLE)
    exam = await put(trainer, paper(question.document))
    for asked in (
        put(other, TYPE),
        put(other, replace(SINGLE, remark="x"), question.document, 1),
        enable(other, question.document),
        remove(other, exam.document),
        listed(other, QUESTIONS),
        listed(other, PAPERS),
        get(other, question.document),
        get(other, question.document, 1),
        get(other, exam.document),
    ):
        assert await refusal(asked) == "not_permitted"
    assert await get(trainer, question.document) == question


async def test_leaders_read_what_is_studied_and_agents_do_not(signed_in: SignedIn) -> None:
    trainer, leader, agent = [await signed_in(each) for each in ("5001", "2001", "1001")]
    kind = await put(trainer, TYPE)
    row = await put(trainer, content(kind.document))
    assert await names(leader, CONTENTS) == ["退费流程"]
    assert await get(leader, row.document) == row
    assert await refusal(listed(agent, CONTENTS)) == "not_permitted"
    assert await refusal(get(agent, row.document)) == "not_permitted"
    assert await refusal(get(agent, "none")) == "not_permitted"


async def test_too_many_at_once_are_refused(trainer: Client) -> None:
    many = [str(each) for each in range(MAX_AT_ONCE + 1)]
    assert await refusal(enable(trainer, *many)) == "malformed_message"
    assert await refusal(remove(trainer, *many)) == "malformed_message"
    assert await refusal(put(trainer, TYPE, key="k" * 65)) == "malformed_message"


async def test_they_are_there_after_a_restart(
    serve: Serve, data: Path, desks: Callable[[str], Awaitable[Client]]
) -> None:
    async with serve() as service:
        trainer = await desks(service.server.address)
        await trainer.resume(make_token(data, trainer.key.desk, "5001"), str(uuid.uuid4()))
        row = await put(trainer, TYPE, key="k")
        gone = await put(trainer, TrainingType("旧"))
        await remove(trainer, gone.document)
    async with serve() as service:
        trainer = await desks(service.server.address)
        await trainer.resume(make_token(data, trainer.key.desk, "5001"), str(uuid.uuid4()))
        assert await put(trainer, TYPE, key="k") == row
        assert await names(trainer, TYPES) == ["业务培训"]
        assert (await put(trainer, TrainingType("新"))).number == 3
    verify(data)
