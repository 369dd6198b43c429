"""Whole seats at a real exchange: what a customer's call does to an agent's state."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from agent_client.demo.player import Player
from agent_client.settings import Settings
from protocol.facts import call
from protocol.wire import desk, desk_call
from tests.integration.rig import Rig, rig
from tests.interop.baresip import Baresip
from tests.interop.kamailio import PAUSE_CODE, QUEUE, READY_CODE, Kamailio
from tests.interop.sipp import Sipp

pytestmark = pytest.mark.interop

BACK_WITHIN_S = 2.0
RTP_LOSS_S = 2


class QuickRig(Rig):
    """A rig whose phones soon notice that nobody speaks."""

    def settings(self, agent: str) -> Settings:
        settings = super().settings(agent)
        phone = msgspec.structs.replace(settings.phone, rtp_loss_s=RTP_LOSS_S)
        return msgspec.structs.replace(settings, phone=phone)


@dataclass
class Floor:
    """A floor whose phones are registered at an exchange with a queue."""

    rig: Rig
    exchange: Kamailio

    async def ready(self, agent: str) -> Player:
        """An agent at work, of whom the exchange knows."""
        player = await self.rig.agent_at_work(agent)
        await player.until(lambda status: status.exchange == desk.ExchangeState.READY)
        return player

    def ended(self, agent: str) -> list[call.CallEnded]:
        """How an agent's calls with people ended."""
        return [fact for _, _, fact in self.rig.outbox(agent) if isinstance(fact, call.CallEnded)]

    def missed(self, agent: str) -> list[call.CallMissed]:
        """An agent's misses."""
        return [fact for _, _, fact in self.rig.outbox(agent) if isinstance(fact, call.CallMissed)]


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service's data with people in it; to be copied, never used."""
    made = Rig(tmp_path_factory.mktemp("database"))
    asyncio.run(made.make_database())
    return made.data


@pytest.fixture
async def floor(
    tmp_path: Path, database: Path, kamailio: Kamailio, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Floor]:
    monkeypatch.setenv("SEATLINE_SIP_REGISTRAR", kamailio.address)
    monkeypatch.setenv("SEATLINE_SIP_READY_CODE", READY_CODE)
    monkeypatch.setenv("SEATLINE_SIP_PAUSE_CODE", PAUSE_CODE)
    folder = tmp_path / "floor"
    folder.mkdir()
    async with rig(folder, database, QuickRig) as made:
        yield Floor(made, kamailio)


@pytest.mark.prove
async def test_one_customer_after_another_and_work_in_between(floor: Floor, sipp: Sipp) -> None:
    agent = await floor.ready("1001")
    first = await sipp.start("talks", floor.exchange.address, QUEUE)
    await agent.until(lambda status: status.state == "RINGING")
    await agent.ask(desk_call.Answer)
    await agent.until(lambda status: status.state == "TALK")
    second = await sipp.start("talks", floor.exchange.address, QUEUE)
    await agent.until(lambda status: status.state == "ACW")
    await sipp.ends_well(first)
    await agent.until(lambda status: status.exchange == desk.ExchangeState.PAUSED)
    await asyncio.sleep(1)  # the exchange looks five times a second for an agent
    assert (await floor.rig.status(agent)).state == "ACW"
    await agent.ask(desk.AcwDone)
    await agent.until(lambda status: status.state == "RINGING")
    await agent.ask(desk_call.Answer)
    await agent.until(lambda status: status.state == "ACW")
    await sipp.ends_well(second)
    assert floor.missed("1001") == []
    assert [end.cause for end in floor.ended("1001")] == [call.EndCause.BYE] * 2


async def test_a_customer_whom_one_agent_refuses_is_offered_to_another(
    floor: Floor, sipp: Sipp
) -> None:
    unwilling = await floor.ready("1001")
    willing = await floor.ready("1002")
    customer = await sipp.start("talks", floor.exchange.address, QUEUE)
    await unwilling.until(lambda status: status.state == "RINGING")
    await unwilling.ask(desk_call.Reject)
    await willing.until(lambda status: status.state == "RINGING")
    await willing.ask(desk_call.Answer)
    await willing.until(lambda status: status.state == "ACW")
    await sipp.ends_well(customer)
    assert (await floor.rig.status(unwilling)).state == "NOT_READY"
    assert len(floor.missed("1001")) == 1
    assert floor.missed("1002") == []


async def test_a_customer_who_gives_up_is_no_miss(floor: Floor, sipp: Sipp) -> None:
    agent = await floor.ready("1001")
    customer = await sipp.start("abandons", floor.exchange.address, QUEUE)
    await agent.until(lambda status: status.state == "RINGING")
    await agent.until(lambda status: status.state == "READY")
    await sipp.ends_well(customer)
    assert floor.missed("1001") == []
    again = await sipp.start("talks", floor.exchange.address, QUEUE)
    await agent.until(lambda status: status.state == "RINGING")
    await agent.ask(desk_call.Answer)
    await agent.until(lambda status: status.state == "ACW")
    await sipp.ends_well(again)


@pytest.mark.prove
async def test_a_customers_phone_that_dies_ends_in_after_call_work(
    floor: Floor, baresip: Baresip
) -> None:
    agent = await floor.ready("1001")
    await baresip.dial(f"sip:{QUEUE}@{floor.exchange.address}")
    await agent.until(lambda status: status.state == "RINGING")
    await agent.ask(desk_call.Answer)
    await agent.until(lambda status: status.state == "TALK")
    await baresip.sees("CALL_RTPESTAB")
    baresip.die()
    await agent.until(lambda status: status.state == "ACW")
    assert [end.cause for end in floor.ended("1001")] == [call.EndCause.RTP_LOSS]


@pytest.mark.prove
async def test_a_phone_that_aborts_is_back_within_two_seconds(
    floor: Floor, record_property: Callable[[str, object], None]
) -> None:
    agent = await floor.ready("1001")
    aborted = time.monotonic()
    os.kill(floor.rig.phone_pid("1001"), signal.SIGABRT)
    await agent.until(lambda status: status.phone is not desk.PhoneState.REGISTERED)
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    took = time.monotonic() - aborted
    record_property("back_s", round(took, 2))
    assert took < BACK_WITHIN_S
    assert (await floor.rig.status(agent)).state == "NOT_READY"


@pytest.mark.prove
async def test_an_exchange_that_is_restarted_costs_no_shift(floor: Floor, sipp: Sipp) -> None:
    agent = await floor.ready("1001")
    await floor.exchange.stop()
    await agent.until(lambda status: status.state == "NOT_READY")
    assert (await floor.rig.status(agent)).phone is not desk.PhoneState.REGISTERED
    await floor.exchange.start()
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    await agent.ask(desk.Ready)
    await agent.until(lambda status: status.exchange == desk.ExchangeState.READY)
    customer = await sipp.start("talks", floor.exchange.address, QUEUE)
    await agent.until(lambda status: status.state == "RINGING")
    await agent.ask(desk_call.Answer)
    await sipp.ends_well(customer)
