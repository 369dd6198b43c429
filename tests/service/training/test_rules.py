"""Tasks that assign themselves: to newcomers, and again when a content changes; each once."""

import asyncio
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.facts.document import AssignRule, TrainingTask
from protocol.facts.training import AssignCause
from protocol.wire.session import Person, Role
from protocol.wire.training import AssignmentRow
from tests.service.client import LIMIT_S, Client
from tests.service.conftest import Serve, SignedIn
from tests.service.documents.written import content, enable, put
from tests.service.people import hire
from tests.service.roster_requests import Time
from tests.service.training.assigned import Reader, assign, listed, of, taught, type_of, withdraw
from tests.service.training.test_centre import Desks, comes

NEW = Person("1010", "Gu Yan", (Role.AGENT,), "A")
LOOK_S = 0.1


async def rows_of(client: Client, count: int, agent: str = "") -> tuple[AssignmentRow, ...]:
    """The assignments, the newest first, when there are so many."""
    async with asyncio.timeout(LIMIT_S):
        while (found := await listed(client, agent=agent)).total != count:
            await asyncio.sleep(LOOK_S)
    return found.rows


async def test_a_newcomer_gets_it_once(trainer: Client, data: Path) -> None:
    task, _ = await taught(trainer, rules=(AssignRule.NEW_STAFF,))
    lead = Person("2009", "Lu Fei", (Role.LEADER,))
    hire(data, [NEW, lead], "-")
    (row,) = await rows_of(trainer, 1)
    assert (row.agent, row.task, row.cause, row.actor) == (
        NEW.number,
        task,
        AssignCause.NEW_STAFF,
        "system",
    )
    await withdraw(trainer, row.assignment)
    await put(trainer, TrainingTask("别的", await type_of(trainer, task), 1))
    hire(data, [Person("1011", "Ma Li", (Role.AGENT,))], "-")
    rows = await rows_of(trainer, 2)
    assert [row.agent for row in rows] == ["1011", NEW.number]
    verify(data)


async def test_who_joined_before_the_rule_is_no_newcomer(trainer: Client, data: Path) -> None:
    hire(data, [NEW], "-")
    task, _ = await taught(trainer)
    type = await type_of(trainer, task)
    hire(data, [Person("1011", "Ma Li", (Role.AGENT,))], "-")
    ruled = TrainingTask("新人培训", type, 1, rules=(AssignRule.NEW_STAFF,))
    await put(trainer, ruled, task, base=1)
    hire(data, [Person("1012", "Ke Xin", (Role.AGENT,))], "-")
    assert [row.agent for row in await rows_of(trainer, 1)] == ["1012"]


async def test_what_changed_is_studied_again_by_who_completed_it(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    task, names = await taught(trainer, contents=2, rules=(AssignRule.CONTENT_CHANGED,))
    await assign(trainer, task, "1001", "1002")
    done = await of(trainer, "1001")
    reader = Reader(await signed_in("1001"), time)
    await reader.reads(done, 10)
    type = await type_of(trainer, task)
    await put(trainer, content(type, "改过的", text="# 新\n\n规定"), names[0], base=1)
    again = (await rows_of(trainer, 2, "1001"))[0]
    assert again.cause is AssignCause.CONTENT_CHANGED
    assert [item.content for item in again.items] == [item.content for item in done.items]
    assert {item.content: item.version for item in again.items} == {names[0]: 2, names[1]: 1}
    await put(trainer, content(type, "又改", text="# 更新\n\n规定"), names[0], base=2)
    await reader.reads(again, 10)
    third = (await rows_of(trainer, 3, "1001"))[0]
    assert {item.content: item.version for item in third.items} == {names[0]: 3, names[1]: 1}
    assert (await listed(trainer, agent="1002")).total == 1


async def test_what_changed_is_studied_again_without_what_may_no_more_be_given(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    task, names = await taught(trainer, contents=2, rules=(AssignRule.CONTENT_CHANGED,))
    await assign(trainer, task, "1001")
    await Reader(await signed_in("1001"), time).reads(await of(trainer, "1001"), 10)
    await enable(trainer, names[1], enabled=False)
    type = await type_of(trainer, task)
    await put(trainer, content(type, "改过的", text="# 新\n\n规定"), names[0], base=1)
    again = (await rows_of(trainer, 2, "1001"))[0]
    assert [(item.content, item.version) for item in again.items] == [(names[0], 2)]


@pytest.mark.usefixtures("time")
async def test_a_restart_assigns_nothing_twice_and_makes_up_for_what_was_missed(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve() as running:
        trainer = await comes(desks, running, data, "5001")
        _, names = await taught(trainer, rules=(AssignRule.NEW_STAFF,))
        hire(data, [NEW], "-")
        await rows_of(trainer, 1)
        await enable(trainer, *names, enabled=False)
        hire(data, [Person("1011", "Ma Li", (Role.AGENT,))], "-")
    hire(data, [Person("1012", "Ke Xin", (Role.AGENT,))], "-")
    async with serve() as running:
        trainer = await comes(desks, running, data, "5001", trainer.key)
        assert (await listed(trainer)).total == 1
        await enable(trainer, *names)
        rows = await rows_of(trainer, 3)
        assert sorted(row.agent for row in rows) == [NEW.number, "1011", "1012"]
    verify(data)
