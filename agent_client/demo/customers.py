"""Customers who really call: phones without a screen that speak a tone, ring one desk after the
other until somebody answers, and then wait a while."""

import asyncio
import random
from collections.abc import Sequence
from uuid import uuid4

import msgspec

from agent_client.demo.cast import DemoCustomer
from agent_client.phone import engine
from agent_client.phone.child import PhoneChild

RING_LIMIT_S = 60.0


def dialled(address: str, number: str) -> str:
    """A desk's address as it is called for another number, as an exchange would do it."""
    _, at, place = address.rpartition("@")
    return f"sip:{number}{at}{place}" if number else address


class Habits(msgspec.Struct, frozen=True):
    """How long customers wait between calls and how long they talk, in seconds."""

    pause_s: tuple[float, float] = (2.0, 6.0)
    talk_s: tuple[float, float] = (20.0, 60.0)


class Customer:
    """One customer with a phone."""

    def __init__(
        self,
        who: DemoCustomer,
        addresses: Sequence[str],
        exchange: str,
        habits: Habits,
        chance: random.Random,
    ) -> None:
        self._who = who
        self._exchange = exchange
        self._addresses = [dialled(address, who.dials) for address in addresses]
        self._habits = habits
        self._chance = chance
        self._phone = PhoneChild(self._heard, self._died)
        self._up = asyncio.Event()
        self._call_id = ""
        self._connected = asyncio.Event()
        self._over = asyncio.Event()
        self._others: set[str] = set()
        """Calls that somebody else began: call-backs, and those that the customer was handed to."""

    async def live(self) -> None:
        """Call, talk, hang up, wait; until cancelled."""
        await self._phone.start()
        try:
            self._phone.do(
                engine.Open(
                    user=self._who.number,
                    registrar=self._exchange,
                    display_name=self._who.name,
                    sound=engine.Sound.TONE,
                    obeys_refer=True,
                )
            )
            await self._up.wait()
            while True:
                await asyncio.sleep(self._chance.uniform(*self._habits.pause_s))
                await self._end_others()
                await self._call_somebody()
        finally:
            await self._phone.stop()

    async def _end_others(self) -> None:
        """Talk as long as in any call to whoever else is there."""
        if self._others:
            await asyncio.sleep(self._chance.uniform(*self._habits.talk_s))
        for call_id in tuple(self._others):
            self._phone.do(engine.Hangup(call_id=call_id))

    async def _call_somebody(self) -> None:
        """Every desk once at the most, in any order."""
        for address in self._chance.sample(self._addresses, len(self._addresses)):
            if await self._call(address):
                return

    async def _call(self, address: str) -> bool:
        """One call to its end; whether it was answered."""
        self._call_id = uuid4().hex
        self._connected.clear()
        self._over.clear()
        self._phone.do(engine.Dial(call_id=self._call_id, target=address))
        answered = asyncio.create_task(self._connected.wait())
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait(
                (answered, over), timeout=RING_LIMIT_S, return_when=asyncio.FIRST_COMPLETED
            )
            if self._connected.is_set():
                talk_s = self._chance.uniform(*self._habits.talk_s)
                await asyncio.wait((over,), timeout=talk_s)
            if not self._over.is_set():
                self._phone.do(engine.Hangup(call_id=self._call_id))
                await over
            return self._connected.is_set()
        finally:
            answered.cancel()
            over.cancel()

    def _heard(self, event: engine.AnyEvent) -> None:
        match event:
            case engine.PhoneUp():
                self._up.set()
            case engine.CallIncoming():
                self._phone.do(engine.Answer(call_id=event.call_id))
            case engine.CallConnected() if event.call_id == self._call_id:
                self._connected.set()
            case engine.CallConnected():
                self._others.add(event.call_id)
            case engine.CallEnded() | engine.CommandRefused() if event.call_id == self._call_id:
                self._over.set()
            case engine.CallEnded() | engine.CommandRefused():
                self._others.discard(event.call_id)
            case _:
                pass

    def _died(self, _: int) -> None:
        self._over.set()


async def live(
    customers: Sequence[DemoCustomer],
    addresses: Sequence[str],
    exchange: str,
    habits: Habits,
    seed: int,
) -> None:
    """All customers at once, with phones at this exchange (`host:port`), until cancelled."""
    async with asyncio.TaskGroup() as group:
        for position, who in enumerate(customers):
            chance = random.Random(seed + position)  # noqa: S311 - who calls when is no secret
            group.create_task(Customer(who, addresses, exchange, habits, chance).live())
