"""A link with an enrolled desk, without a seat around it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from agent_client.seat import link as link_module
from agent_client.seat.clock import Clock
from agent_client.seat.comparing import Comparing
from agent_client.seat.delivery import Delivery
from agent_client.seat.identity import DeskIdentity, new_key
from agent_client.seat.link import Link, Listener
from agent_client.seat.outbox import Outbox
from protocol.wire import orders, sync
from tests.seat.service import FakeService


def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """The link's times, a hundredth of them."""
    for name, seconds in (
        ("HEARTBEAT_S", 0.1),
        ("SILENCE_S", 0.3),
        ("SHORTEST_WAIT_S", 0.01),
        ("LONGEST_WAIT_S", 0.1),
    ):
        monkeypatch.setattr(link_module, name, seconds)


def link_to(
    service: FakeService,
    outbox: Outbox,
    clock: Clock | None = None,
    delivery: Delivery | None = None,
) -> Link:
    """A link that does not run yet, of a desk without an identity."""
    return Link(
        service.url,
        "",
        clock or Clock(boot_id="boot"),
        delivery or Delivery(outbox),
        Comparing(outbox),
        "test",
    )


class Seat(Listener):
    """What a link is told to."""

    def __init__(self) -> None:
        self.link: Link | None = None
        self.seen: list[tuple[bool, str | None]] = []
        self.presented = 0
        self.acks = 0
        self.batches: list[sync.FloorBatch] = []
        self.waiting: list[orders.OrdersWaiting] = []
        self.fails: Exception | None = None

    def link_changed(self) -> None:
        assert self.link is not None
        self.seen.append((self.link.up, self.link.fault))

    async def link_presented(self) -> None:
        self.presented += 1
        if self.fails is not None:
            raise self.fails

    def acknowledged(self) -> None:
        self.acks += 1

    def floor_batch(self, batch: sync.FloorBatch) -> None:
        self.batches.append(batch)

    def orders_waiting(self, waiting: orders.OrdersWaiting) -> None:
        self.waiting.append(waiting)


@asynccontextmanager
async def linked(
    service: FakeService,
    outbox: Outbox,
    seat: Seat | None = None,
    delivery: Delivery | None = None,
) -> AsyncIterator[Link]:
    """A link with an enrolled desk, which runs."""
    link = link_to(service, outbox, delivery=delivery)
    link.identity = DeskIdentity("d1", new_key())
    listener = seat or Seat()
    listener.link, link.listener = link, listener
    running = asyncio.create_task(link.run())
    try:
        yield link
    finally:
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
