"""A shift under a random hand that pulls cables: programs killed and links cut in the middle of
calls, by fixed seeds. What must be true afterwards: every fact on the seat's disk is in the ledger
exactly once and in order, the chain and projections hold, every call has one end, and nobody is
ready who did not say so."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from agent_client.demo.player import Player
from agent_client.phone import engine
from protocol.facts import call
from protocol.facts.agent import Reason, State, StateEntered
from protocol.rules.agent_state import Trigger
from protocol.wire import desk
from protocol.wire.errors import Refused
from tests.integration.cable import Cable
from tests.integration.rig import Rig, stop_process

SEEDS = range(20)
KILLS = 6

Harm = Callable[["Shift"], Awaitable[None]]


class Shift:
    """An agent at work while things break."""

    def __init__(self, floor: Rig, cable: Cable, agent: Player) -> None:
        self.floor = floor
        self.cable = cable
        self.agent = agent

    async def kill_service(self) -> None:
        """Pull the service's cable and start it again."""
        assert self.floor.service is not None
        await self.floor.service.kill()
        await self.floor.start_service()

    async def kill_seat(self) -> None:
        """Kill the seat and start it again."""
        await self.floor.seats["1001"].kill()
        self.agent = await self.floor.start_seat("1001")
        await self.agent.until(lambda status: status.state != "LOGGED_OFF")

    async def kill_phone(self) -> None:
        """Kill the phone, which the seat starts again."""
        stop_process(self.floor.phone_pid("1001"))
        await self.agent.until(lambda status: status.phone != "registered")

    async def cut_link(self) -> None:
        """Pull the link's cable for a moment."""
        self.cable.pull()
        await self.agent.until(lambda status: status.link == "offline")
        self.cable.plug_in()

    async def delay_link(self) -> None:
        """Hold back what crosses the link, and let it through."""
        self.cable.freeze()
        await self.agent.ask(desk.SignOfLife)
        await asyncio.sleep(0.5)
        self.cable.plug_in()

    async def make_ready(self) -> None:
        """The agent's own act, whatever state the harm left."""
        await self.agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
        assert self.agent.status is not None
        if self.agent.status.state is State.ACW:
            await self.agent.ask(desk.AcwDone)
        await self.agent.ask(desk.Ready)
        await self.agent.until(lambda status: status.state == "READY")

    async def call(self, chance: random.Random, harm: Harm) -> None:
        """One call with a harm at a moment of its own."""
        assert self.agent.status is not None
        assert self.agent.status.phone_address is not None
        moment = chance.choice(("ringing", "talking", "after"))
        call_id = self.floor.customer.dial(self.agent.status.phone_address)
        await self.agent.until(lambda status: status.state == "RINGING")
        await (harm(self) if moment == "ringing" else asyncio.sleep(0))
        try:
            await self.agent.ask(desk.Answer)
            await (harm(self) if moment == "talking" else asyncio.sleep(0))
            await self.agent.ask(desk.Hangup)
        except Refused as refused:  # the harm has taken the call
            assert refused.code in ("no_call", "wrong_state", "phone_refused")
        self.floor.customer.hang_up(call_id)
        await self.floor.customer.sees(engine.CallEnded, call_id)
        await self.agent.until(lambda status: status.call is None)
        await (harm(self) if moment == "after" else asyncio.sleep(0))


@pytest.mark.prove
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_shift_of_pulled_cables(floor: Rig, seed: int) -> None:
    chance = random.Random(seed)
    cable = Cable(floor.server)
    try:
        shift = Shift(floor, cable, await floor.agent_at_work(server=await cable.open()))
        harms = (
            *(Shift.kill_service, Shift.kill_seat, Shift.kill_phone),
            *(Shift.cut_link, Shift.delay_link),
        )
        for _ in range(KILLS):
            await shift.call(chance, chance.choice(harms))
            await shift.make_ready()
        await shift.agent.ask(desk.SignOut)
        await floor.all_sent(shift.agent)
    finally:
        await cable.close()

    kept = floor.outbox("1001")
    sessions = {which for which, _, _ in kept}
    assert [entry for entry in floor.ledger() if entry[0] in sessions] == kept
    facts = [fact for _, _, fact in kept]
    began = [fact.call_id for fact in facts if isinstance(fact, call.CallOffered)]
    ended = Counter(fact.call_id for fact in facts if isinstance(fact, call.CallEnded))
    assert ended == Counter(began)
    readied = [
        fact.trigger
        for fact in facts
        if isinstance(fact, StateEntered) and fact.state is State.READY
    ]
    assert set(readied) <= {Trigger.READY, Trigger.ACW_DONE, Trigger.CALLER_LEFT}
    restarted = [
        fact.reason
        for fact in facts
        if isinstance(fact, StateEntered) and fact.trigger == Trigger.SEAT_RESTARTED
    ]
    assert set(restarted) <= {Reason.SYSTEM_FAULT}
    await floor.command("verify", "--data", str(floor.data))
