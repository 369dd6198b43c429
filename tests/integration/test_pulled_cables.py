"""What must be true after each of the four programs is killed in the middle of a call, and after
the link is cut: nothing acknowledged is lost, nothing counted twice, the call goes on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_client.demo.player import Player
from agent_client.phone import engine
from agent_client.settings import as_environment
from protocol.facts import call, session
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Trigger
from protocol.wire import desk, desk_call
from tests.integration.cable import Cable
from tests.integration.process_ids import stop_process
from tests.integration.rig import Program, Rig, eventually


def of_kind(facts: list[tuple[str, int, AnyFact]], kind: type[AnyFact]) -> list[AnyFact]:
    return [fact for _, _, fact in facts if isinstance(fact, kind)]


async def finish_call(floor: Rig, agent: Player, call_id: str) -> None:
    floor.customer.hang_up(call_id)
    await agent.until(lambda status: status.state == "ACW")
    await agent.ask(desk.AcwDone)
    await agent.until(lambda status: status.state == "READY")


def exactly_once(floor: Rig, number: str) -> None:
    """Every fact on the seat's disk is in the ledger once, in order."""
    kept = floor.outbox(number)
    sessions = {which for which, _, _ in kept}
    assert [entry for entry in floor.ledger() if entry[0] in sessions] == kept


async def test_service_killed_in_a_call(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    call_id = await floor.talking(agent)
    await floor.all_sent(agent)
    before = floor.ledger()
    assert floor.service is not None

    await floor.service.kill()
    await agent.until(lambda status: status.link == "offline")
    await agent.ask(desk_call.Hold)
    await agent.ask(desk_call.Resume)
    await finish_call(floor, agent, call_id)
    assert agent.status is not None
    assert agent.status.unsent > 0
    await floor.start_service()
    await floor.all_sent(agent)

    assert floor.ledger()[: len(before)] == before
    exactly_once(floor, "1001")
    assert floor.customer.ends(call_id) == 1
    await floor.command("verify", "--data", str(floor.data))


async def test_seat_killed_in_a_call(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    call_id = await floor.talking(agent)
    first_session = floor.outbox("1001")[-1][0]
    phone = floor.phone_pid("1001")

    await floor.seats["1001"].kill()
    await floor.customer.sees(engine.CallEnded, call_id)  # the phone says BYE by itself
    await eventually(lambda: not Path(f"/proc/{phone}").exists())
    agent = await floor.start_seat("1001")
    status = await agent.until(lambda status: status.state != "LOGGED_OFF")
    await floor.all_sent(agent)

    assert (status.state, status.reason) == (State.NOT_READY, Reason.SYSTEM_FAULT)
    assert status.owed == ("13800138000",)
    after = [fact for which, _, fact in floor.outbox("1001") if which != first_session]
    anchored, end, owed, entered = after[:4]
    assert isinstance(anchored, session.SessionAnchored)
    assert anchored.previous_session == first_session
    assert isinstance(end, call.CallEnded)
    assert (end.cause, end.released_by) == (call.EndCause.SEAT_LOST, call.ReleasedBy.UNKNOWN)
    assert isinstance(owed, call.CallBackOwed)
    assert isinstance(entered, StateEntered)
    assert entered.trigger == Trigger.SEAT_RESTARTED
    exactly_once(floor, "1001")
    await floor.command("verify", "--data", str(floor.data))
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    await agent.ask(desk.Ready)  # by the agent's own act alone


async def test_phone_killed_in_a_call(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    call_id = await floor.talking(agent)

    stop_process(floor.phone_pid("1001"))
    status = await agent.until(lambda status: status.state == "ACW")
    assert status.owed == ("13800138000",)
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED, limit_s=2)
    await agent.ask(desk.AcwDone)
    status = await agent.until(lambda status: status.state != "ACW")
    assert status.state is State.READY  # the READY of before, by the agent's own act
    floor.customer.hang_up(call_id)
    await floor.talking(agent)
    await floor.all_sent(agent)

    (first, *_) = of_kind(floor.ledger(), call.CallEnded)
    assert isinstance(first, call.CallEnded)
    assert (first.cause, first.released_by) == (
        call.EndCause.PHONE_FAULT,
        call.ReleasedBy.SYSTEM,
    )
    exactly_once(floor, "1001")


async def test_phone_killed_while_ready_is_a_fault_and_never_ready_by_itself(floor: Rig) -> None:
    agent = await floor.agent_at_work()

    stop_process(floor.phone_pid("1001"))
    status = await agent.until(lambda status: status.state == "NOT_READY")
    assert status.reason is Reason.SYSTEM_FAULT
    status = await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)

    assert (status.state, status.reason) == (State.NOT_READY, Reason.SYSTEM_FAULT)
    await agent.ask(desk.Ready)
    await agent.until(lambda status: status.state == "READY")


async def test_phone_killed_while_it_rings_is_no_miss(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    assert agent.status is not None
    assert agent.status.phone_address is not None
    floor.customer.dial(agent.status.phone_address)
    await agent.until(lambda status: status.state == "RINGING")

    stop_process(floor.phone_pid("1001"))
    status = await agent.until(lambda status: status.state == "NOT_READY")
    await floor.all_sent(agent)

    assert status.reason is Reason.SYSTEM_FAULT
    (missed,) = of_kind(floor.ledger(), call.CallMissed)
    assert isinstance(missed, call.CallMissed)
    assert missed.cause is call.MissCause.DEVICE


async def test_terminal_killed_in_a_call(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    settings = floor.settings("1001")
    terminal = await Program.start_in_terminal(
        *("agent_client.cli", "--lang", "en"),
        environment=as_environment(settings),
        painted=b"READY",
    )
    call_id = await floor.talking(agent)

    await terminal.kill()
    await agent.ask(desk_call.Hold)
    await agent.ask(desk_call.Resume)
    await finish_call(floor, agent, call_id)
    await floor.all_sent(agent)

    assert floor.customer.ends(call_id) == 1
    exactly_once(floor, "1001")


async def test_a_terminal_whose_window_is_gone_ends_and_the_seat_goes_on(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    terminal = await Program.start_in_terminal(
        *("agent_client.cli", "--lang", "en"),
        environment=as_environment(floor.settings("1001")),
        painted=b"READY",
    )

    assert await terminal.close_window() != 0

    assert (await floor.status(agent)).state is State.READY


@pytest.fixture
async def cable(floor: Rig) -> AsyncIterator[Cable]:
    made = Cable(floor.server)
    yield made
    await made.close()


async def test_link_cut_in_a_call_and_resumed(floor: Rig, cable: Cable) -> None:
    agent = await floor.agent_at_work(server=await cable.open())
    call_id = await floor.talking(agent)
    await floor.all_sent(agent)

    cable.pull()
    await agent.until(lambda status: status.link == "offline")
    await finish_call(floor, agent, call_id)
    assert agent.status is not None
    assert agent.status.unsent > 0
    cable.plug_in()
    await floor.all_sent(agent)

    exactly_once(floor, "1001")
    assert len({which for which, _, _ in floor.outbox("1001")}) == 1
    await floor.command("verify", "--data", str(floor.data))
