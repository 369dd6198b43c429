"""The link: connecting, asking, being cut, against a service that does what it is told."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_client.seat import link as link_module
from agent_client.seat.clock import Clock, Reading
from agent_client.seat.link import _wait_s
from agent_client.seat.outbox import Outbox
from protocol import OLDEST_VERSION, VERSION
from protocol.facts.call import CallHeld
from protocol.wire import codec, session, sync
from protocol.wire.errors import Code, Refused
from tests.seat import service as service_module
from tests.seat.linking import Seat, link_to, linked, quickly
from tests.seat.service import (
    LIMIT_S,
    SERVER_MS,
    FakeService,
    eventually,
    fake_service,
    refuses,
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long wait."""
    quickly(monkeypatch)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db")
    yield made
    made.close()


async def test_a_link_says_hello_reads_the_clock_and_proves_the_desk(
    service: FakeService, outbox: Outbox
) -> None:
    seat = Seat()
    async with linked(service, outbox, seat) as link:
        await eventually(lambda: link.up)
        kinds = [type(message).__name__ for message in service.heard]
        assert kinds[:5] == ["Hello", "Heartbeat", "Heartbeat", "Heartbeat", "Present"]
        assert service.heard[0] == session.Hello(VERSION, OLDEST_VERSION, "test")
        assert link.best is not None
        assert link.best.server_ms == SERVER_MS
        assert (seat.presented, seat.seen) == (1, [(True, None)])


async def test_the_anchor_is_the_sample_with_the_shortest_way(
    service: FakeService, outbox: Outbox
) -> None:
    times = iter([0, 500, 500, 510, 510, 710, *range(1000, 99_000)])
    link = link_to(service, outbox, Clock(lambda: next(times), boot_id="b"))
    began = asyncio.create_task(link.run())
    await eventually(lambda: link.up)
    began.cancel()
    await asyncio.gather(began, return_exceptions=True)
    assert link.best is not None
    assert link.best.rtt_ms <= 10


async def test_another_version_is_a_fault_that_is_shown(
    service: FakeService, outbox: Outbox
) -> None:
    service.answers[session.Hello] = lambda _: session.Error(
        Code.VERSION_UNSUPPORTED, {"oldest": 7, "newest": 9}
    )
    async with linked(service, outbox) as link:
        await eventually(lambda: link.fault == Code.VERSION_UNSUPPORTED)
        with pytest.raises(Refused) as refused:
            await link.request(session.SignOut)
        assert refused.value.code == Code.VERSION_UNSUPPORTED
        service.answers.clear()
        await eventually(lambda: link.up)


@pytest.mark.parametrize("frame", ["", "{", "[]", '{"type":"welcome"}', '{"type":"ack"}', "\u0000"])
async def test_a_service_that_talks_nonsense_is_tried_again(
    service: FakeService, outbox: Outbox, frame: str
) -> None:
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        await service.connections[-1].send(frame)
        await eventually(lambda: len(service.attempts) > 1 and link.up)


async def test_a_service_that_is_away_is_not_hammered(outbox: Outbox) -> None:
    async with fake_service() as service:
        service.answers[session.Hello] = lambda _: session.Error(Code.DRAINING)
        async with linked(service, outbox) as link:
            await asyncio.sleep(1)
            assert link.fault == Code.DRAINING
            # doubling from 10 ms up to 100 ms, then 55 ms on the average
            assert 4 < len(service.attempts) < 45


def test_the_back_off_grows_to_its_longest_and_never_ends() -> None:
    assert all(_wait_s(tries) <= link_module.LONGEST_WAIT_S for tries in (0, 1, 7, 2_000, 10**6))
    assert max(_wait_s(0) for _ in range(200)) <= link_module.SHORTEST_WAIT_S
    assert max(_wait_s(5_000) for _ in range(200)) > link_module.LONGEST_WAIT_S / 2


async def test_a_service_that_comes_late_or_again_is_found(outbox: Outbox) -> None:
    async with fake_service() as service:
        await service.close()
        seat = Seat()
        async with linked(service, outbox, seat) as link:
            await asyncio.sleep(0.1)
            assert link.fault == Code.SERVICE_UNREACHABLE
            await service.open()
            await eventually(lambda: link.up)
            service.cut()
            await eventually(lambda: seat.presented == 2)
            await eventually(lambda: link.up)
            assert (False, Code.SERVICE_UNREACHABLE) in seat.seen[-2:]


async def test_whatever_one_connection_does_the_link_comes_back(
    service: FakeService, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    seat = Seat()
    seat.fails = ZeroDivisionError("planted")
    async with linked(service, outbox, seat) as link:
        await eventually(lambda: link.fault == Code.INTERNAL)
        seat.fails = None
        await eventually(lambda: link.up)
    assert "planted" in caplog.text


async def test_a_link_that_is_cut_without_a_word_is_noticed(
    service: FakeService, outbox: Outbox
) -> None:
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        service.answers[session.Heartbeat] = lambda _: None
        await eventually(lambda: not link.up)
        del service.answers[session.Heartbeat]
        await eventually(lambda: link.up)


async def test_a_request_gets_its_own_answer_once(service: FakeService, outbox: Outbox) -> None:
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        kept: list[session.Resume] = []

        def keeps(message: codec.SeatMessage) -> None:
            assert isinstance(message, session.Resume)
            kept.append(message)

        service.answers[session.Resume] = keeps
        first = asyncio.create_task(link.request(lambda id_: session.Resume(id_, "a", "s")))
        second = asyncio.create_task(link.request(lambda id_: session.Resume(id_, "b", "s")))
        await eventually(lambda: len(kept) == 2)
        for asked in (kept[1], kept[1], kept[0]):
            await service.tell(session.Presented(asked.id))
        assert (await second) == session.Presented(kept[1].id)
        assert (await first) == session.Presented(kept[0].id)
        assert link.up


async def test_a_request_is_refused_when_the_link_is_cut(
    service: FakeService, outbox: Outbox
) -> None:
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        service.answers[session.SignOut] = lambda _: None
        asking = asyncio.create_task(link.request(session.SignOut))
        await service.hears(session.SignOut)
        service.cut()
        with pytest.raises(Refused) as refused:
            await asking
        assert refused.value.code == Code.SERVICE_UNREACHABLE


async def test_a_refused_request_has_the_services_code(
    service: FakeService, outbox: Outbox
) -> None:
    service.answers[session.SignIn] = refuses(Code.TOO_MANY_ATTEMPTS, wait_s=7)
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        with pytest.raises(Refused) as refused:
            await link.request(lambda id_: session.SignIn(id_, "1001", "secret", "s"))
        assert (refused.value.code, refused.value.params) == ("too_many_attempts", {"wait_s": 7})
        assert link.up


@pytest.mark.parametrize("code", [Code.BAD_DESK_PROOF])
async def test_a_desk_that_is_refused_stays_connected_for_a_person(
    service: FakeService, outbox: Outbox, code: Code
) -> None:
    outbox.begin("a", Reading(1, 2, 3), [CallHeld("c")])
    service.answers[session.Present] = refuses(code)
    async with linked(service, outbox) as link:
        await eventually(lambda: link.fault == code)
        await asyncio.sleep(0.2)
        assert len(service.attempts) == 1
        assert not link.up
        assert service.of(sync.Append) == []


async def test_a_refusal_that_passes_is_tried_again(service: FakeService, outbox: Outbox) -> None:
    service.answers[session.Present] = refuses(Code.LEDGER_UNAVAILABLE)
    async with linked(service, outbox) as link:
        await eventually(lambda: link.fault == Code.LEDGER_UNAVAILABLE)
        service.answers.clear()
        await eventually(lambda: link.up)


async def test_the_floor_is_passed_on(service: FakeService, outbox: Outbox) -> None:
    seat = Seat()
    batch = sync.FloorBatch(sync.Cursor("ledger", 4), (), SERVER_MS)
    async with linked(service, outbox, seat) as link:
        await eventually(lambda: link.up)
        await service.tell(batch)
        await eventually(lambda: seat.batches == [batch])


async def test_no_secret_is_logged(
    service: FakeService, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "agent_client")
    service.answers[session.SignIn] = refuses(Code.BAD_CREDENTIALS)
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        with pytest.raises(Refused):
            await link.request(lambda id_: session.SignIn(id_, "1001", "pa55word", "s"))
        service.cut()
        await eventually(lambda: len(service.attempts) > 1)
    assert link.identity is not None
    assert "pa55word" not in caplog.text
    assert link.identity.key not in caplog.text


@pytest.mark.parametrize("moment", range(8))
async def test_a_link_ends_when_it_is_told_to_in_the_middle_of_a_welcome(
    service: FakeService, outbox: Outbox, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asyncio.timeout(LIMIT_S), linked(service, outbox) as link:
        await eventually(lambda: link.up)
        service.heard.clear()
        service.cut()
        monkeypatch.setattr(service_module, "LOOK_S", 0)
        await service.hears(session.Hello)
        for _ in range(moment):
            await asyncio.sleep(0)
