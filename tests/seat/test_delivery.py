"""The delivery of facts, to a service that does what it is told."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from agent_client.seat import delivery as delivery_module
from agent_client.seat.clock import Clock, Reading
from agent_client.seat.comparing import Comparing
from agent_client.seat.delivery import Delivery
from agent_client.seat.identity import DeskIdentity, new_key
from agent_client.seat.link import Link
from agent_client.seat.outbox import Outbox
from protocol.facts.call import CallHeld
from protocol.facts.wrap_up import CallWrappedUp
from protocol.wire import codec, session, sync
from protocol.wire.errors import Code
from tests.seat.linking import Seat, linked, quickly
from tests.seat.rig import full_disk
from tests.seat.service import (
    FakeService,
    eventually,
    fake_service,
    good,
    refuses,
)

AT = Reading(1, 2, 3)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long wait."""
    quickly(monkeypatch)


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    """One of an older version, that takes whatever session comes."""
    async with fake_service() as made:
        made.answers = {sync.Compare: refuses(Code.UNKNOWN_COMMAND), sync.Append: good}
        yield made


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db")
    yield made
    made.close()


def begin(outbox: Outbox, name: str, count: int) -> None:
    outbox.begin(name, AT, [CallHeld(str(number)) for number in range(count)])


def everything(name: str, count: int) -> list[tuple[str, int]]:
    return [(name, seq) for seq in range(1, count + 1)]


async def test_facts_go_out_in_order_the_oldest_session_first(
    service: FakeService, outbox: Outbox
) -> None:
    begin(outbox, "older", 300)
    begin(outbox, "acked", 4)
    outbox.acknowledge(sync.Ack("acked", 4, 0, 1, "x"))
    begin(outbox, "newer", 2)
    async with linked(service, outbox):
        await eventually(lambda: outbox.unsent() == 0)
    assert service.seqs() == everything("older", 300) + everything("newer", 2)
    assert max(len(each.facts) for each in service.of(sync.Append)) <= sync.MAX_BATCH


async def test_new_facts_go_out_when_they_are_written(service: FakeService, outbox: Outbox) -> None:
    begin(outbox, "a", 1)
    feed = Delivery(outbox)
    link = Link(service.url, "", Clock(boot_id="boot"), feed, Comparing(outbox), "test")
    link.identity = DeskIdentity("d1", new_key())
    running = asyncio.create_task(link.run())
    await eventually(lambda: outbox.unsent() == 0)
    for number in range(5):
        outbox.append(AT, [CallHeld(str(number))])
        feed.wake()
        await eventually(lambda: outbox.unsent() == 0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert service.seqs() == everything("a", 6)
    assert outbox.witness() == (6, "head")


async def test_only_so_many_facts_are_on_their_way(
    service: FakeService, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "BATCH", 10)
    monkeypatch.setattr(delivery_module, "AHEAD", 40)
    service.answers[sync.Append] = lambda _: None
    begin(outbox, "a", 35)
    begin(outbox, "b", 100)
    async with linked(service, outbox):
        await eventually(lambda: len(service.seqs()) == 40)
        await asyncio.sleep(0.1)
        assert service.seqs() == everything("a", 35) + everything("b", 5)
        service.answers[sync.Append] = good
        await service.tell(sync.Ack("a", 35, 1, 1, "x"))
        await service.tell(sync.Ack("b", 5, 1, 1, "x"))
        await eventually(lambda: outbox.unsent() == 0)
    assert service.seqs() == everything("a", 35) + everything("b", 100)


async def test_facts_whose_ack_was_lost_are_sent_again(
    service: FakeService, outbox: Outbox
) -> None:
    begin(outbox, "a", 5)
    service.answers[sync.Append] = lambda _: None
    async with linked(service, outbox):
        await eventually(lambda: len(service.seqs()) == 5)
        service.answers[sync.Append] = good
        service.cut()
        await eventually(lambda: outbox.unsent() == 0)
    assert service.seqs() == everything("a", 5) * 2


async def test_a_service_that_lost_facts_gets_them_again(
    service: FakeService, outbox: Outbox
) -> None:
    begin(outbox, "a", 5)
    outbox.acknowledge(sync.Ack("a", 4, 0, 1, "x"))

    def misses_some(message: codec.SeatMessage) -> codec.ServiceMessage | None:
        assert isinstance(message, sync.Append)
        if message.facts[0].seq <= 3:
            return good(message)
        return session.Error(Code.SEQUENCE_GAP, {"session": "a", "expected": 3})

    service.answers[sync.Append] = misses_some
    async with linked(service, outbox):
        await eventually(lambda: outbox.unsent() == 0)
    assert service.seqs() == [("a", 5), ("a", 3), ("a", 4), ("a", 5)]


@pytest.mark.parametrize("code", [Code.NOT_YOUR_SESSION, Code.MALFORMED_FACT, Code.FACT_NOT_YOURS])
async def test_facts_that_are_not_wanted_hold_up_no_others(
    service: FakeService, outbox: Outbox, code: Code
) -> None:
    begin(outbox, "unwanted", 3)
    begin(outbox, "wanted", 3)

    def some(message: codec.SeatMessage) -> codec.ServiceMessage | None:
        assert isinstance(message, sync.Append)
        refused = session.Error(code, {"session": "unwanted", "seq": 1})
        return refused if message.session == "unwanted" else good(message)

    service.answers[sync.Append] = some
    async with linked(service, outbox) as link:
        await eventually(lambda: outbox.unsent() == 3)
        await asyncio.sleep(0.2)
        assert (link.up, len(service.attempts)) == (True, 1)
        assert service.seqs().count(("unwanted", 1)) <= 2
        assert [each.id for each in outbox.unsent_sessions()] == ["unwanted"]


async def test_a_ledger_that_is_away_gets_the_facts_later(
    service: FakeService, outbox: Outbox
) -> None:
    begin(outbox, "a", 3)
    service.answers[sync.Append] = lambda _: session.Error(
        Code.LEDGER_UNAVAILABLE, {"session": "a"}
    )
    async with linked(service, outbox) as link:
        await eventually(lambda: link.fault == Code.LEDGER_UNAVAILABLE)
        service.answers[sync.Append] = good
        await eventually(lambda: outbox.unsent() == 0)


async def test_an_acknowledgement_on_a_full_disk_does_not_cut_the_link(
    service: FakeService, outbox: Outbox, tmp_path: Path
) -> None:
    begin(outbox, "a", 3)
    service.answers[sync.Append] = lambda _: None
    seat = Seat()
    async with linked(service, outbox, seat) as link:
        await eventually(lambda: link.up and len(service.seqs()) == 3)
        with full_disk(tmp_path / "outbox.db"):
            await service.tell(sync.Ack("a", 3, 1, 1, "x"))
            await eventually(lambda: seat.acks == 1)
        assert link.up
        assert outbox.unsent() == 3
        await service.tell(sync.Ack("a", 3, 1, 1, "x"))
        await eventually(lambda: outbox.unsent() == 0)


async def test_what_is_held_back_is_counted_and_the_log_names_its_kinds(
    service: FakeService, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    begin(outbox, "unwanted", 3)
    begin(outbox, "wanted", 2)
    delivery = Delivery(outbox)

    def some(message: codec.SeatMessage) -> codec.ServiceMessage | None:
        assert isinstance(message, sync.Append)
        refused = session.Error(Code.MALFORMED_FACT, {"session": "unwanted", "seq": 1})
        return refused if message.session == "unwanted" else good(message)

    service.answers[sync.Append] = some
    async with linked(service, outbox, delivery=delivery):
        await eventually(lambda: outbox.unsent() == 3)
        await eventually(lambda: delivery.held_back() == 3)
    assert "(malformed_fact): {'call.held': 3}" in caplog.text


async def test_sessions_that_are_not_known_wait_until_they_are(
    service: FakeService, outbox: Outbox
) -> None:
    begin(outbox, "known", 2)
    begin(outbox, "unknown", 2)
    del service.answers[sync.Compare]
    service.marks = {"known": 1}
    delivery = Delivery(outbox)
    async with linked(service, outbox, delivery=delivery):
        await eventually(lambda: outbox.unsent() == 2)
        assert delivery.unknown == {"unknown"}
        assert delivery.held_back() == 0
        delivery.release(frozenset({"unknown"}))
        await eventually(lambda: outbox.unsent() == 0)
    assert service.seqs() == [("known", 1), ("known", 2), ("unknown", 1), ("unknown", 2)]


class Chaos:
    """A service that keeps what it is sent in order and once, and whose answers get lost."""

    def __init__(self, service: FakeService, seed: int) -> None:
        self.kept: dict[str, list[bytes]] = {}
        self._service = service
        self._chance = random.Random(seed)  # the same each time

    def append(self, message: codec.SeatMessage) -> codec.ServiceMessage | None:
        """Keep it or lose it, say so or not, and cut the link or not."""
        assert isinstance(message, sync.Append)
        kept = self.kept.setdefault(message.session, [])
        if message.facts[0].seq > len(kept) + 1:
            gap: dict[str, str | int] = {"session": message.session, "expected": len(kept) + 1}
            return session.Error(Code.SEQUENCE_GAP, gap)
        fate = self._chance.choice(["kept", "kept", "lost", "unsaid", "cut", "twice"])
        if fate == "lost":
            self._service.cut()
            return None
        kept.extend(bytes(each.body) for each in message.facts if each.seq > len(kept))
        ack = good(message)
        told = {"kept": 1, "twice": 2, "unsaid": 0, "cut": 0}[fate]
        for _ in range(told):
            asyncio.get_running_loop().create_task(self._tell(ack))
        if fate in ("cut", "unsaid"):
            self._service.cut()
        return None

    async def _tell(self, ack: codec.ServiceMessage | None) -> None:
        assert ack is not None
        with contextlib.suppress(ConnectionClosed, IndexError):
            await self._service.tell(ack)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_becomes_of_the_answers_each_fact_arrives_once_and_in_order(
    service: FakeService, outbox: Outbox, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "BATCH", 7)
    monkeypatch.setattr(delivery_module, "AHEAD", 20)
    chaos = Chaos(service, seed)
    service.answers[sync.Append] = chaos.append
    begin(outbox, "older", 60)
    begin(outbox, "present", 1)
    delivery = Delivery(outbox)
    async with linked(service, outbox, delivery=delivery):
        for number in range(1, 40):
            outbox.append(AT, [CallHeld(str(number))])
            delivery.wake()
            await asyncio.sleep(0.002)
        await eventually(lambda: outbox.unsent() == 0)
    expected = {
        each.id: [bytes(record.body) for record in outbox.records(each, 0, 999)]
        for each in outbox.sessions()
    }
    assert chaos.kept == expected


async def test_long_facts_go_out_in_messages_that_the_service_takes(
    service: FakeService, outbox: Outbox
) -> None:
    note = "记" * 2000
    wrapped_up = CallWrappedUp("c", "", "", "", (), note)
    outbox.begin("a", AT, [wrapped_up] * 300)
    async with linked(service, outbox):
        await eventually(lambda: outbox.unsent() == 0)
    assert service.seqs() == everything("a", 300)
    longest = max(len(codec.encode(each)) for each in service.of(sync.Append))
    assert longest <= codec.MAX_FRAME_BYTES
