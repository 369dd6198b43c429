"""An expert, a customer and an agent on real phones: asked, joined, handed on, and cut off."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from agent_client.demo.player import Player
from agent_client.phone import engine
from protocol.facts import call
from protocol.wire import desk, desk_call
from protocol.wire.desk_call import Consultation
from tests.integration.process_ids import stop_process
from tests.integration.rig import Customer, Rig


@pytest.fixture
async def expert() -> AsyncIterator[Customer]:
    """Somebody who can be asked, with a phone of their own."""
    made = Customer()
    try:
        await made.start("8001", "专家")
        yield made
    finally:
        await made.stop()


@contextlib.asynccontextmanager
async def answering(expert: Customer) -> AsyncIterator["asyncio.Task[str]"]:
    """The expert takes the next call."""
    taking = asyncio.create_task(expert.takes())
    try:
        await asyncio.sleep(0)
        yield taking
    finally:
        await taking


def consultation(status: desk.Status) -> Consultation | None:
    return status.call.consultation if status.call is not None else None


def of_the_second_leg(floor: Rig) -> list[str]:
    """What is on the seat's disk of consultations and transfers, and of the calls' ends."""
    kinds = (
        call.ConsultStarted | call.ConsultAnswered | call.ConsultJoined | call.ConsultEnded
    ) | (call.CallTransferred | call.CallEnded | call.CallBackOwed)
    return [type(fact).__name__ for _, _, fact in floor.outbox("1001") if isinstance(fact, kinds)]


async def consulting(floor: Rig, expert: Customer) -> tuple[Player, str, str]:
    """The customer waits and the expert is there: the agent, and the names that both use."""
    agent = await floor.agent_at_work()
    customers = await floor.talking(agent)
    async with answering(expert) as taking:
        await agent.ask(lambda id_: desk_call.Consult(id_, expert.address))
    await agent.until(lambda status: bool((asked := consultation(status)) and asked.answered))
    return agent, customers, await taking


async def test_three_talk_and_the_expert_leaves(floor: Rig, expert: Customer) -> None:
    agent, customers, experts = await consulting(floor, expert)
    await agent.ask(desk_call.Join)
    shown = await agent.until(lambda status: bool((c := consultation(status)) and c.joined))
    assert shown.state == "CONSULT"
    expert.hang_up(experts)
    await agent.until(lambda status: status.state == "TALK")
    floor.customer.hang_up(customers)
    await agent.until(lambda status: status.state == "ACW")
    assert of_the_second_leg(floor) == [
        *("ConsultStarted", "ConsultAnswered", "ConsultJoined", "ConsultEnded", "CallEnded")
    ]
    await floor.all_sent(agent)


async def test_the_customer_is_handed_to_the_expert(floor: Rig, expert: Customer) -> None:
    agent, _, experts = await consulting(floor, expert)
    await agent.ask(desk_call.Transfer)
    await agent.until(lambda status: status.state == "ACW")
    told = of_the_second_leg(floor)
    assert sorted(told[2:]) == ["CallEnded", "CallTransferred", "ConsultEnded"]
    changed = await expert.sees(engine.CallPeerChanged, experts)
    assert isinstance(changed, engine.CallPeerChanged)
    assert changed.peer == "13800138000"
    assert expert.ends(experts) == 0


async def test_the_customer_is_handed_on_blind(floor: Rig, expert: Customer) -> None:
    agent = await floor.agent_at_work()
    await floor.talking(agent)
    async with answering(expert):
        await agent.ask(lambda id_: desk_call.Transfer(id_, expert.address))
    await agent.until(lambda status: status.state == "ACW")
    assert of_the_second_leg(floor) == ["CallTransferred", "CallEnded"]


async def test_a_phone_that_is_killed_in_a_consultation_owes_the_customer_a_call(
    floor: Rig, expert: Customer
) -> None:
    agent, _, _ = await consulting(floor, expert)
    stop_process(floor.phone_pid("1001"))
    shown = await agent.until(lambda status: status.state == "ACW")
    assert shown.owed == ("13800138000",)
    assert of_the_second_leg(floor)[2:] == ["ConsultEnded", "CallEnded", "CallBackOwed"]


async def test_a_seat_that_is_killed_in_a_consultation_says_so_when_it_returns(
    floor: Rig, expert: Customer
) -> None:
    await consulting(floor, expert)
    await floor.seats["1001"].kill()
    agent = await floor.start_seat("1001")
    await agent.until(lambda status: status.state == "NOT_READY")
    assert of_the_second_leg(floor)[2:] == ["ConsultEnded", "CallEnded", "CallBackOwed"]
