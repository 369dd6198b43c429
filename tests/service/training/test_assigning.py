"""Giving tasks: to people and teams, once; drawing anew; taking back."""

from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from agent_service.training.draw import draw
from protocol.facts.document import TrainingTask
from protocol.facts.training import AssignCause, TrainingOpened
from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.documents.written import content, enable, put, remove
from tests.service.roster_requests import Time, refusal
from tests.service.training.assigned import (
    Reader,
    assign,
    listed,
    of,
    redraw,
    taught,
    text_of,
    ticked,
    type_of,
    withdraw,
)

DAY_MS = 86_400_000


async def test_each_gets_what_is_drawn_for_them(trainer: Client, data: Path) -> None:
    task, names = await taught(trainer)
    given = await assign(trainer, task, "1002", "1001")
    assert (given.assigned, given.passed_over) == (("1001", "1002"), ())
    for agent in ("1001", "1002"):
        row = await of(trainer, agent)
        drawn = [item.content for item in row.items]
        assert drawn == draw(names, 2, f"{task}:{agent}:{row.assignment}")
        assert {item.name for item in row.items} <= {"内容1", "内容2", "内容3"}
        assert (row.number, row.name, row.type) == (1, "新人培训", "业务培训")
        assert (row.actor, row.cause, row.min_seconds) == ("5001", AssignCause.MANUAL, 20)
        assert (row.started_ms, row.done_ms, row.due_ms) == (None, None, None)
    verify(data)


async def test_a_team_and_the_same_act_again(trainer: Client) -> None:
    task, _ = await taught(trainer)
    given = await assign(trainer, task, "1002", teams=("A",), key="k")
    assert given.assigned == ("1001", "1002", "1004", "2001")
    again = await assign(trainer, task, "1002", teams=("A",), key="k")
    assert (again.assigned, again.passed_over) == (given.assigned, ())
    assert (await listed(trainer)).total == 4
    other = await assign(trainer, task, "1003", teams=("A",), key="l")
    assert (other.assigned, other.passed_over) == (("1003",), ("1001", "1004", "2001"))


async def test_the_same_act_again_gives_nobody_more_whatever_came_between(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    """The answer was lost; before it is asked for again, somebody who was passed over has
    completed the task, and it is disabled."""
    task, _ = await taught(trainer)
    await assign(trainer, task, "1002")
    given = await assign(trainer, task, "1001", "1002", key="k")
    await Reader(await signed_in("1002"), time).reads(await of(trainer, "1002"), 10)
    assert (given.assigned, given.passed_over) == (("1001",), ("1002",))
    again = await assign(trainer, task, "1001", "1002", key="k")
    assert (again.assigned, again.passed_over) == (("1001",), ("1002",))
    await enable(trainer, task, enabled=False)
    again = await assign(trainer, task, "1001", "1002", key="k")
    assert (again.assigned, again.passed_over) == (("1001",), ("1002",))
    assert (await listed(trainer)).total == 2


async def test_ticked_contents_come_in_their_order(trainer: Client) -> None:
    _, names = await taught(trainer)
    task = await ticked(trainer, names[::-1])
    await assign(trainer, task, "1001")
    row = await of(trainer, "1001")
    assert [item.content for item in row.items] == names[::-1]
    assert row.type == ""


async def test_more_than_there_are(trainer: Client) -> None:
    task, names = await taught(trainer)
    await enable(trainer, *names[:2], enabled=False)
    assert await refusal(assign(trainer, task, "1001")) == "n_exceeds_content"
    other = await ticked(trainer, names[2:])
    await enable(trainer, names[2], enabled=False)
    assert await refusal(assign(trainer, other, "1001")) == "document_disabled"
    assert (await listed(trainer)).total == 0


async def test_a_task_that_may_not_be_given(trainer: Client) -> None:
    task, names = await taught(trainer)
    await enable(trainer, task, enabled=False)
    assert await refusal(assign(trainer, task, "1001")) == "document_disabled"
    await remove(trainer, task)
    assert await refusal(assign(trainer, task, "1001")) == "unknown_document"
    assert await refusal(assign(trainer, names[0], "1001")) == "unknown_document"


async def test_the_time_that_a_task_gives(trainer: Client) -> None:
    task, _ = await taught(trainer, due_days=3)
    await assign(trainer, task, "1001")
    await assign(trainer, task, "1002", due_ms=5_000)
    first, second = await of(trainer, "1001"), await of(trainer, "1002")
    assert first.due_ms is not None
    assert abs(first.due_ms - first.assigned_ms - 3 * DAY_MS) < 1_000
    assert second.due_ms == 5_000


@pytest.mark.parametrize(
    ("actor", "agents", "teams", "code"),
    [
        ("2001", ("1002",), (), "not_permitted"),
        ("2001", (), ("B",), "not_permitted"),
        ("2002", ("1001",), (), "not_permitted"),
        ("1001", ("1001",), (), "not_permitted"),
        ("5001", ("9999",), (), "unknown_agent"),
        ("5001", (), ("Z",), "unknown_team"),
        ("5001", (), ("",), "unknown_team"),
        ("5001", (), (), "nobody_chosen"),
    ],
)
async def test_whom_nobody_may_give_it(
    trainer: Client,
    signed_in: SignedIn,
    actor: str,
    agents: tuple[str, ...],
    teams: tuple[str, ...],
    code: str,
) -> None:
    task, _ = await taught(trainer)
    client = trainer if actor == "5001" else await signed_in(actor)
    assert await refusal(assign(client, task, *agents, teams=teams)) == code


async def test_a_leader_gives_to_the_own_team(trainer: Client, signed_in: SignedIn) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1002")
    leader = await signed_in("2001")
    await assign(leader, task, "1001")
    assert [row.agent for row in (await listed(leader)).rows] == ["1001"]
    foreign = (await of(trainer, "1002")).assignment
    assert await refusal(withdraw(leader, foreign)) == "not_permitted"
    assert await refusal(redraw(leader, "", foreign)) == "not_permitted"
    done = await redraw(leader, task)
    assert done.done == ((await of(leader, "1001")).assignment,)


async def test_later_edits_do_not_alter_what_was_drawn(
    trainer: Client, signed_in: SignedIn
) -> None:
    task, names = await taught(trainer, contents=2)
    await assign(trainer, task, "1001")
    agent = await signed_in("1001")
    row = await of(agent, "1001")
    type = await type_of(trainer, task)
    for name in names:
        await put(trainer, content(type, f"新{name[:4]}", text="# 新\n\n内容"), name, base=1)
    await put(trainer, TrainingTask("改名", type, 1), task, base=1)
    after = await of(agent, "1001")
    assert (after.items, after.name) == (row.items, "改名")
    first = await text_of(agent, row.assignment, row.items[0].content)
    assert first.text == "# 退费\n\n先核对。"
    assert first.name == row.items[0].name


async def test_redrawn_from_the_present_version_for_those_who_have_not_begun(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001", "1002")
    begun = await of(trainer, "1001")
    reader = Reader(await signed_in("1001"), time)
    await reader.tell(TrainingOpened(begun.assignment, begun.items[0].content))
    idle = await of(trainer, "1002")
    assert (await redraw(trainer, task)).done == (idle.assignment,)
    assert (await of(trainer, "1002")).items == idle.items
    type = await type_of(trainer, task)
    await put(trainer, TrainingTask("新人培训", type, 3, min_seconds=60), task, base=1)
    done = await redraw(trainer, task)
    assert (done.done, done.kept) == ((idle.assignment,), 1)
    after = await of(trainer, "1002")
    assert (len(after.items), after.min_seconds) == (3, 60)
    assert (await of(trainer, "1001")).items == begun.items
    both = await redraw(trainer, task, idle.assignment)
    assert (both.done, both.kept) == ((idle.assignment,), 1)
    assert await refusal(redraw(trainer)) == "nobody_chosen"
    assert await refusal(redraw(trainer, "", "nothing")) == "unknown_assignment"


async def test_taken_back_but_not_what_is_completed(
    trainer: Client, signed_in: SignedIn, time: Time
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001", "1002", "5001")
    done, left = await of(trainer, "1001"), await of(trainer, "1002")
    await Reader(await signed_in("1001"), time).reads(done, 10)
    taken = await withdraw(trainer, done.assignment, left.assignment, text="no more needed")
    assert (taken.done, taken.kept) == ((left.assignment,), 1)
    assert (await of(trainer, "1002")).withdrawn
    assert (await of(trainer, "1001")).done_ms is not None
    own = await of(trainer, "5001")
    assert await refusal(withdraw(trainer, own.assignment)) == "own_case"
    assert await refusal(withdraw(trainer)) == "nobody_chosen"
    assert (await assign(trainer, task, "1001", "1002")).passed_over == ()
