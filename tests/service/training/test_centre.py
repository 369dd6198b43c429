"""The training centre: what is studied, who sees it, what there is to read, and the figures."""

import uuid
from base64 import b64decode
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from agent_service.commands.ledger import verify
from agent_service.service import Service
from protocol.facts.training import TrainingAssigned, TrainingItem, TrainingOpened, TrainingRead
from tests.service.client import Client, DeskKey
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.documents.written import TRAINER, remove
from tests.service.roster_requests import Time, refusal
from tests.service.training.assigned import (
    Reader,
    assign,
    listed,
    of,
    record,
    statistics,
    taught,
    text_of,
    ticked,
    withdraw,
)

Desks = Callable[..., Awaitable[Client]]


async def comes(
    desks: Desks,
    running: Service,
    data: Path,
    number: str,
    key: DeskKey | None = None,
    session: str = "",
) -> Client:
    """Somebody signs in at a service, or goes on at the same desk."""
    client = await desks(running.server.address, key, name=number)
    token = make_token(data, client.key.desk, number)
    return await client.resume(token, session or str(uuid.uuid4()))


async def test_it_is_completed_with_all_read_and_the_time_reached(
    trainer: Client, signed_in: SignedIn, time: Time, data: Path
) -> None:
    task, _ = await taught(trainer, min_seconds=40)
    await assign(trainer, task, "1001")
    agent = await signed_in("1001")
    reader = Reader(agent, time)
    await reader.reads(await of(agent, "1001"), 15)
    row = await of(agent, "1001")
    assert (row.items_done, row.trained_s, row.done_ms) == (2, 30, None)
    assert [item.credited_s for item in row.items] == [15, 15]
    await reader.reads(row, 10, done=False)
    row = await of(agent, "1001")
    assert row.started_ms is not None
    assert row.done_ms is not None
    assert row.trained_s == 50
    assert 35_000 <= row.done_ms - row.started_ms < 60_000
    assert [item.section for item in row.items] == [0, 0]
    verify(data)


async def test_a_seat_that_claims_too_much_is_cut(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001")
    agent = await signed_in("1001")
    row, reader = await of(agent, "1001"), Reader(agent, time)
    content = row.items[0].content
    await reader.tell(TrainingOpened(row.assignment, content))
    await reader.tell(*(TrainingRead(row.assignment, content, 10) for _ in range(20)))
    assert (await of(agent, "1001")).trained_s == 0
    time.go_to(time.now_ms() + 25_000)
    await reader.tell(*(TrainingRead(row.assignment, content, 10) for _ in range(20)))
    assert 20 <= (await of(agent, "1001")).trained_s <= 26


async def test_two_desks_of_one_person(trainer: Client, signed_in: SignedIn, time: Time) -> None:
    """The second takes over; what the first still has to tell comes later."""
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001")
    first = await signed_in("1001", "one")
    row, reader = await of(first, "1001"), Reader(first, time)
    content = row.items[0].content
    await reader.tell(TrainingOpened(row.assignment, content))
    time.go_to(time.now_ms() + 10_000)
    second = Reader(await signed_in("1001", "two"), time)
    await second.tell(TrainingOpened(row.assignment, content))
    time.go_to(time.now_ms() + 10_000)
    await second.tell(TrainingRead(row.assignment, content, 10, 2))
    other = await signed_in("1001", "three")
    row = await of(other, "1001")
    assert (row.trained_s, row.items[0].section) == (10, 2)


async def test_it_is_the_same_after_a_restart(
    serve: Serve, desks: Desks, time: Time, data: Path
) -> None:
    async with serve() as running:
        trainer = await comes(desks, running, data, TRAINER.number)
        task, _ = await taught(trainer)
        await assign(trainer, task, "1001")
        agent = await comes(desks, running, data, "1001")
        row, reader = await of(agent, "1001"), Reader(agent, time)
        await reader.tell(TrainingOpened(row.assignment, row.items[0].content))
        time.go_to(time.now_ms() + 10_000)
        await reader.tell(TrainingRead(row.assignment, row.items[0].content, 10))
        before = await of(agent, "1001")
    async with serve() as running:
        back = await comes(desks, running, data, "1001", agent.key, agent.session)
        assert await of(back, "1001") == before
        time.go_to(time.now_ms() + 10_000)
        more = TrainingRead(row.assignment, row.items[0].content, 10)
        await back.record(more, first=3, at_ms=time.now_ms())
        assert (await of(back, "1001")).trained_s == 20


async def test_everybody_sees_their_own_and_leads_those_they_give_tasks_to(
    trainer: Client, signed_in: SignedIn
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001", "1002", "2001")
    agent, leader = await signed_in("1001"), await signed_in("2001")
    assert [row.agent for row in (await listed(agent, agent="1001")).rows] == ["1001"]
    assert await refusal(listed(agent)) == "not_permitted"
    assert await refusal(listed(agent, agent="1002")) == "not_permitted"
    assert [row.agent for row in (await listed(leader)).rows] == ["2001", "1001"]
    assert await refusal(listed(leader, agent="1002")) == "not_permitted"
    supervisor = await signed_in("3001")
    found = await listed(supervisor)
    assert [row.agent for row in found.rows] == ["2001", "1002", "1001"]
    assert found.names["1001"] == "王芳"
    assert found.names[TRAINER.number] == TRAINER.name


async def test_what_is_looked_for_in_pages(trainer: Client, data: Path) -> None:
    task, names = await taught(trainer)
    await assign(trainer, task, "1001", "1002", "1003")
    other, drawn = await ticked(trainer, names[:1]), (TrainingItem(names[0], 1),)
    given = (TrainingAssigned(f"a{n}", other, 1, "1001", drawn, 0, "3001") for n in range(49))
    record(data, given)
    first, last = await listed(trainer), await listed(trainer, page=9)
    assert (first.total, first.pages, len(first.rows), first.page) == (52, 2, 50, 1)
    assert (len(last.rows), last.page) == (2, 2)
    assert (await listed(trainer, search="wei")).total == 1
    assert (await listed(trainer, search=" 新人 ")).total == 3
    assert (await listed(trainer, search="1003")).total == 1
    assert (await listed(trainer, search="nothing")).rows == ()
    assert (await listed(trainer, task=task)).total == 3
    now_ms = first.rows[0].assigned_ms
    assert (await listed(trainer, first_ms=now_ms, last_ms=now_ms)).total == 0
    assert (await listed(trainer, first_ms=now_ms)).total >= 1
    await withdraw(trainer, (await of(trainer, "1002")).assignment)
    assert (await listed(trainer, open_only=True)).total == 51


async def test_assignments_outlive_their_task(trainer: Client, signed_in: SignedIn) -> None:
    task, names = await taught(trainer)
    await assign(trainer, task, "1001")
    await remove(trainer, task)
    await remove(trainer, *names)
    agent = await signed_in("1001")
    row = await of(agent, "1001")
    assert (row.name, row.number) == ("新人培训", 1)
    text = await text_of(agent, row.assignment, row.items[0].content)
    assert text.text.startswith("# 退费")
    assert (await listed(trainer, search="新人")).total == 1


async def test_a_text_is_for_whom_it_was_assigned(trainer: Client, signed_in: SignedIn) -> None:
    task, names = await taught(trainer)
    await assign(trainer, task, "1001")
    agent = await signed_in("1001")
    row = await of(agent, "1001")
    (left,) = set(names) - {item.content for item in row.items}
    name, content = row.assignment, row.items[0].content
    assert await refusal(text_of(trainer, name, content)) == "not_permitted"
    assert await refusal(text_of(agent, "nothing", content)) == "unknown_assignment"
    assert await refusal(text_of(agent, name, left)) == "unknown_assignment"
    await withdraw(trainer, name)
    assert await refusal(text_of(agent, name, content)) == "unknown_assignment"


async def test_statistics_and_the_workbook(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    task, names = await taught(trainer)
    other = await ticked(trainer, names[:1])
    await assign(trainer, other, "1001", "1002")
    await assign(trainer, task, "1001", "1002", "1003")
    done, gone = (await listed(trainer, agent="1001", task=task)).rows[0], "1003"
    await withdraw(trainer, (await of(trainer, gone)).assignment)
    await Reader(await signed_in("1001"), time).reads(done, 12)
    found = await statistics(trainer, file=True, language="zh_CN")
    figures = [(row.task, row.participants, row.not_done, row.done) for row in found.rows]
    assert figures == [(task, 2, 1, 1), (other, 2, 2, 0)]
    assert [(row.number, row.done_percent, row.trained_s) for row in found.rows] == [
        (1, 50.0, 24),
        (2, 0.0, 0),
    ]
    book = CalamineWorkbook.from_filelike(BytesIO(b64decode(found.workbook)))
    heads, first, _ = book.get_sheet_by_index(0).to_python()
    assert heads == ["序号", "培训任务", "参训人数", "未完成", "已完成", "完成率", "总培训时长"]
    assert first == [1, "新人培训", 2, 1, 1, 50, "00:00:24"]
    only = await statistics(trainer, agents=("1002",), task=task)
    assert [(row.participants, row.done) for row in only.rows] == [(1, 0)]
    before = await statistics(trainer, last_ms=done.assigned_ms - 3_600_000)
    assert [(row.participants, row.done_percent) for row in before.rows] == [(0, None)] * 2


@pytest.mark.parametrize("number", ["1001", "2001"])
async def test_statistics_are_for_who_teaches_and_has_the_site(
    signed_in: SignedIn, number: str
) -> None:
    assert await refusal(statistics(await signed_in(number))) == "not_permitted"
    assert (await statistics(await signed_in("3001"))).rows == ()
