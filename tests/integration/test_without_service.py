"""Shifts that begin without the service, a service that was restored, a person at two desks: real
processes, and in the end every fact of every desk is in the ledger once."""

import pytest

from agent_client.demo.player import Player
from agent_client.settings import Settings, as_environment
from protocol.facts.agent import Reason, State
from protocol.facts.session import SessionConfirmed, SessionProvisional
from protocol.wire import desk, desk_call
from protocol.wire.errors import Refused
from protocol.wire.sync import Link
from tests.integration.rig import PASSWORD, Program, Rig

pytestmark = pytest.mark.timeout(180)


def exactly_once(floor: Rig, number: str) -> None:
    """Every fact on the seat's disk is in the ledger once, each session in order."""
    kept = floor.outbox(number)
    sessions = {which for which, _, _ in kept}
    told = [entry for entry in floor.ledger() if entry[0] in sessions]
    assert sorted(told, key=lambda entry: entry[:2]) == sorted(kept, key=lambda entry: entry[:2])
    for each in sessions:
        numbers = [seq for which, seq, _ in told if which == each]
        assert numbers == list(range(1, len(numbers) + 1))


async def restart_seat(floor: Rig, number: str) -> Player:
    await floor.seats[number].end()
    return await floor.start_seat(number)


async def signs_in(player: Player, password: str = PASSWORD) -> None:
    await player.ask(lambda id_: desk.SignIn(id_, password))
    await player.until(lambda status: status.phone is desk.PhoneState.REGISTERED)


async def a_morning_without_service(floor: Rig) -> Player:
    """Somebody who was here yesterday begins the shift; the service is down."""
    agent = await floor.agent_at_work()
    await agent.ask(desk.SignOut)
    await floor.all_sent(agent)
    assert floor.service is not None
    await floor.service.end()
    agent = await restart_seat(floor, "1001")
    await signs_in(agent)
    return agent


async def test_a_shift_begins_without_the_service_and_is_confirmed(floor: Rig) -> None:
    agent = await a_morning_without_service(floor)
    assert agent.status is not None
    assert (agent.status.provisional, agent.status.name) == (True, "Name 1001")
    await agent.ask(desk.Ready)
    call_id = await floor.talking(agent)
    await floor.start_service()
    await agent.until(lambda status: not status.provisional and status.link is Link.ONLINE)
    assert (await floor.status(agent)).state is State.TALK
    floor.customer.hang_up(call_id)
    await agent.until(lambda status: status.state is State.ACW)
    await floor.all_sent(agent)
    kinds = [type(fact) for which, _, fact in floor.outbox("1001")]
    assert (kinds.count(SessionProvisional), kinds.count(SessionConfirmed)) == (1, 1)
    exactly_once(floor, "1001")
    await floor.command("verify", "--data", str(floor.data))


@pytest.mark.prove
async def test_a_seat_that_ends_after_it_was_confirmed_comes_back_signed_in(floor: Rig) -> None:
    agent = await a_morning_without_service(floor)
    await floor.start_service()
    await agent.until(lambda status: not status.provisional and status.link is Link.ONLINE)
    agent = await restart_seat(floor, "1001")
    status = await agent.until(lambda status: status.link is Link.ONLINE)
    assert (status.state, status.reason) == (State.NOT_READY, Reason.SYSTEM_FAULT)
    await floor.all_sent(agent)
    exactly_once(floor, "1001")


@pytest.mark.prove
async def test_a_seat_killed_before_the_service_is_back_loses_nothing(floor: Rig) -> None:
    agent = await a_morning_without_service(floor)
    await agent.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await floor.seats["1001"].kill()
    await floor.start_service()
    agent = await floor.start_seat("1001")
    await agent.until(lambda status: status.link is Link.ONLINE)
    await signs_in(agent)
    await floor.all_sent(agent)
    exactly_once(floor, "1001")
    await floor.command("verify", "--data", str(floor.data))


@pytest.mark.prove
async def test_a_closed_staff_number_is_signed_out_when_the_service_is_back(floor: Rig) -> None:
    agent = await a_morning_without_service(floor)
    await floor.command("user", "disable", "1001", "--data", str(floor.data))
    await floor.start_service()
    status = await agent.until(lambda status: status.state is State.LOGGED_OFF)
    assert [notice.code for notice in status.notices] == ["not_confirmed"]
    assert (await floor.status(agent)).unsent > 0
    await floor.command("user", "enable", "1001", "--data", str(floor.data))
    await agent.until(lambda status: status.link is Link.ONLINE)
    await signs_in(agent)
    await floor.all_sent(agent)
    exactly_once(floor, "1001")


@pytest.mark.prove
async def test_a_restored_backup_gets_everything_that_came_after_it(floor: Rig) -> None:
    backup = floor.folder / "backup.db"
    agent = await floor.agent_at_work()
    await floor.all_sent(agent)
    await floor.command("backup", str(backup), "--data", str(floor.data))
    await floor.talking(agent)
    await agent.ask(desk_call.Hangup)
    await agent.ask(desk.AcwDone)
    await agent.ask(desk.SignOut)
    await signs_in(agent)
    await floor.all_sent(agent)
    assert floor.service is not None
    await floor.service.end()
    await agent.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await floor.command("restore", str(backup), "--data", str(floor.data))
    await floor.start_service()
    status = await agent.until(lambda now: now.link_fault == "bad_token" or now.link is Link.ONLINE)
    assert status.state is State.NOT_READY
    await agent.until(lambda now: now.link_fault == "bad_token")
    await agent.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    await floor.all_sent(agent)
    exactly_once(floor, "1001")
    await floor.command("verify", "--data", str(floor.data))


def another_desk(floor: Rig) -> Settings:
    settings = floor.settings("1001")
    return Settings(
        server=settings.server,
        agent="1001",
        data=str(floor.folder / "desk-other"),
        runtime=str(floor.folder / "run-other"),
        phone=settings.phone,
    )


async def test_who_takes_over_at_another_desk_is_signed_out_at_the_first(floor: Rig) -> None:
    agent = await floor.agent_at_work()
    call_id = await floor.talking(agent)
    other = another_desk(floor)
    floor.seats["other"] = await Program.start(
        floor.folder / "seat-other.log",
        *("agent_client.cli", "seat"),
        environment=as_environment(other),
    )
    second = await Player.at(other)
    floor.players.append(second)
    code = await floor.command("enrol", "--data", str(floor.data))
    with pytest.raises(Refused) as refused:
        await second.enrol_and_sign_in(code, PASSWORD)
    assert refused.value.code == "signed_in_elsewhere"
    await second.ask(lambda id_: desk.SignIn(id_, PASSWORD, "", True))
    await agent.until(lambda status: status.next_state == "LOGGED_OFF")
    assert (await floor.status(agent)).state is State.TALK
    floor.customer.hang_up(call_id)
    await agent.until(lambda status: status.state is State.ACW)
    await agent.ask(desk.AcwDone)
    status = await agent.until(lambda now: now.state is State.LOGGED_OFF and not now.unsent)
    assert [notice.code for notice in status.notices] == ["taken_over"]
    assert (await floor.status(second)).state is State.NOT_READY
    exactly_once(floor, "1001")
    await floor.command("verify", "--data", str(floor.data))
