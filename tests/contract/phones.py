"""Phones that can call one another, in memory or over real SIP, driven in the same words."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from agent_client.phone.child import PhoneChild
from agent_client.phone.engine import (
    Answer,
    AnyCommand,
    AnyEvent,
    CallConnected,
    CallIncoming,
    Dial,
    Engine,
    Open,
    PhoneUp,
    Reject,
    Ring,
    Sound,
)
from agent_client.phone.fake_engine import FakeEngine, FakeNetwork

LIMIT_S = 10.0
Kind = TypeVar("Kind")


class Phone:
    """An engine and what it told. Give its `take` to the engine, then the engine to `drive`."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.address = ""
        self._engine: Engine | None = None
        self._read = 0
        self._news = asyncio.Event()
        self._react: Callable[[AnyEvent], None] = lambda event: None

    def take(self, event: AnyEvent) -> None:
        self.events.append(event)
        self._news.set()
        self._react(event)

    def rejects_callers(self) -> None:
        """From now on, refuse every call at once."""

        def reject(event: AnyEvent) -> None:
            if isinstance(event, CallIncoming):
                self.do(Reject(call_id=event.call_id))

        self._react = reject

    def drive(self, engine: Engine) -> None:
        self._engine = engine

    def do(self, command: AnyCommand) -> None:
        assert self._engine is not None
        self._engine.do(command)

    async def next(self, kind: type[Kind], limit_s: float = LIMIT_S) -> Kind:
        """The next event of a kind; those before it are skipped, not forgotten."""
        async with asyncio.timeout(limit_s):
            while True:
                while self._read < len(self.events):
                    event = self.events[self._read]
                    self._read += 1
                    if isinstance(event, kind):
                        return event
                self._news.clear()
                await self._news.wait()

    def told(self, kind: type[Kind]) -> list[Kind]:
        """Every event of a kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    async def open(
        self,
        user: str,
        sound: Sound = Sound.NONE,
        rtp_loss_s: int = 30,
        obeys_refer: bool = False,
    ) -> None:
        self.do(Open(user=user, sound=sound, rtp_loss_s=rtp_loss_s, obeys_refer=obeys_refer))
        self.address = (await self.next(PhoneUp)).address

    def dials(self, target: str) -> str:
        call_id = uuid4().hex
        self.do(Dial(call_id=call_id, target=target))
        return call_id

    async def is_rung(self) -> str:
        """Wait for a call and let it ring."""
        call_id = (await self.next(CallIncoming)).call_id
        self.do(Ring(call_id=call_id))
        return call_id


async def connect(caller: Phone, callee: Phone) -> tuple[str, str]:
    """A call in which both can speak: the caller's name of it, and the callee's."""
    out = caller.dials(callee.address)
    into = await callee.is_rung()
    callee.do(Answer(call_id=into))
    await caller.next(CallConnected)
    await callee.next(CallConnected)
    return out, into


class FakePhones:
    """Makes phones in memory."""

    def __init__(self) -> None:
        self._network = FakeNetwork()

    async def make(self) -> Phone:
        phone = Phone()
        phone.drive(FakeEngine(phone.take, self._network))
        return phone

    async def stop(self) -> None:
        """Nothing is left of them."""


class ChildPhones:
    """Makes phones that speak SIP, each in a process of its own."""

    def __init__(self) -> None:
        self.children: list[PhoneChild] = []
        self.exits: asyncio.Queue[int] = asyncio.Queue()

    async def make(self) -> Phone:
        phone = Phone()
        child = PhoneChild(phone.take, self.exits.put_nowait)
        self.children.append(child)
        await child.start()
        phone.drive(child)
        return phone

    async def stop(self) -> None:
        await asyncio.gather(*(child.stop() for child in self.children))
