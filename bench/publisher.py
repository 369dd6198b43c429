"""Many publishers in one process, and what of theirs was acknowledged.

Every peer is spoken to in its own wire format by the same lean code, so that what is compared is
the servers and not the clients: a publisher has one frame on its way and sends the next when that
is acknowledged.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from bench.process import cpu_s

WARM_UP_S = 1.0
MEASURED_S = 3.0
OPENING_S = 60.0
SUPERVISORS = 5
"""How many watch, where somebody does."""
_AT_ONCE = 100
"""Connections that are opened at a time, as many as any peer's backlog takes."""


class Speaker(Protocol):
    """One publisher's side of a wire format."""

    def opening(self) -> bytes:
        """What is said first."""

    def hear(self, data: bytes) -> bytes:
        """Take in what came. What is to be said at once, or nothing."""

    @property
    def ready(self) -> bool:
        """Whether facts may be sent."""

    @property
    def acked(self) -> int:
        """Facts acknowledged so far."""

    def frame(self, facts: int) -> bytes:
        """The next so many facts."""


class Publisher(asyncio.Protocol):
    """A connection that publishes."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.sent = 0
        self.facts = 0
        """Facts a frame; 0: nothing more is sent by itself."""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self.speaker.opening())

    def data_received(self, data: bytes) -> None:
        answer = self.speaker.hear(data)
        if answer:
            self._transport.write(answer)
        if self.speaker.ready:
            if not self.ready.done():
                self.ready.set_result(None)
            if self.speaker.acked == self.sent:
                if self._heard is not None and not self._heard.done():
                    self._heard.set_result(None)
                if self.facts:
                    self.publish(self.facts)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed while opening"))

    def publish(self, facts: int) -> None:
        """Send one frame."""
        self.sent += facts
        self._transport.write(self.speaker.frame(facts))

    async def deliver(self, facts: int) -> None:
        """Send one frame and wait until all is acknowledged."""
        heard = self._heard = asyncio.get_running_loop().create_future()
        self.publish(facts)
        await heard

    def close(self) -> None:
        """Cut it off."""
        self._transport.abort()


@dataclass(frozen=True)
class Speed:
    """How fast facts were acknowledged."""

    a_second: float
    a_cpu_second: float
    """By the processor time of the server's processes."""


async def opened(
    address: tuple[str, int], speakers: Sequence[Speaker], at_once: int = _AT_ONCE
) -> list[Publisher]:
    """Connections that are ready to publish."""
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(at_once)

    async def open_one(speaker: Speaker) -> Publisher:
        async with gate:
            _, publisher = await loop.create_connection(lambda: Publisher(speaker), *address)
            await publisher.ready
            return publisher

    async with asyncio.timeout(OPENING_S):
        return list(await asyncio.gather(*map(open_one, speakers)))


async def speed(publishers: Sequence[Publisher], facts: int, server: int) -> Speed:
    """Publish without a pause, so many facts a frame. `server` is its process; its children
    count."""
    for publisher in publishers:
        publisher.facts = facts
        if publisher.speaker.acked == publisher.sent:
            publisher.publish(facts)
    await asyncio.sleep(WARM_UP_S)
    before = time.perf_counter(), cpu_s(server), _acked(publishers)
    await asyncio.sleep(MEASURED_S)
    after = time.perf_counter(), cpu_s(server), _acked(publishers)
    took, used, acked = (end - begin for begin, end in zip(before, after, strict=True))
    return Speed(acked / took, acked / used if used else 0.0)


def _acked(publishers: Sequence[Publisher]) -> int:
    return sum(each.speaker.acked for each in publishers)


@dataclass(frozen=True)
class Latency:
    """From a fact sent to its acknowledgement, in milliseconds."""

    p50_ms: float
    p99_ms: float


async def latency(publishers: Sequence[Publisher], a_second: int, seconds: float) -> Latency:
    """Facts one by one at a steady pace, by the publishers in turn. One whose publisher still
    waits for an earlier ack is counted from when it was due."""
    tasks: list[asyncio.Task[float]] = []
    began = time.perf_counter()
    for number in range(round(a_second * seconds)):
        due = began + number / a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        earlier = tasks[number - len(publishers)] if number >= len(publishers) else None
        publisher = publishers[number % len(publishers)]
        tasks.append(asyncio.create_task(_timed(publisher, due, earlier)))
    async with asyncio.timeout(OPENING_S):
        took = await asyncio.gather(*tasks)
    ordered = statistics.quantiles(took, n=100)
    return Latency(ordered[49] * 1000, ordered[98] * 1000)


async def _timed(publisher: Publisher, due: float, earlier: asyncio.Task[float] | None) -> float:
    """Seconds since it was due. `earlier` is the same publisher's fact before it."""
    if earlier is not None:
        await earlier
    await publisher.deliver(1)
    return time.perf_counter() - due


@dataclass(frozen=True)
class Running:
    """A server that takes facts."""

    pid: int
    address: tuple[str, int]
    publishers: Sequence[Speaker]
    supervisors: Sequence[Speaker] = ()
    """Who only listen."""
