"""What a terminal asks through its seat: sent again where the link was cut, and only there."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from agent_client.seat import link as link_module
from agent_client.seat.link import Unanswered
from agent_client.seat.outbox import Outbox
from agent_client.seat.relay import Relay
from protocol.wire.desk_plan import AskService
from protocol.wire.errors import Refused
from protocol.wire.report import GetReport, Report
from protocol.wire.requests import GetHours
from protocol.wire.session import Forget
from tests.seat.linking import linked, quickly
from tests.seat.service import FakeService, eventually

DAY = date(2026, 11, 2)
REPORT = AskService(1, GetReport(0, "adherence", DAY, DAY))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long wait."""
    quickly(monkeypatch)
    monkeypatch.setattr(link_module, "REQUEST_S", 0.3)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db")
    yield made
    made.close()


async def test_what_is_not_answered_in_time_is_not_sent_again(
    service: FakeService, outbox: Outbox
) -> None:
    service.answers[GetHours] = lambda _: None
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        with pytest.raises(Unanswered):
            await Relay(link, lambda: True).pass_on(AskService(1, GetHours(0, "1001")))
        assert len(service.of(GetHours)) == 1


async def test_what_was_cut_is_sent_again(service: FakeService, outbox: Outbox) -> None:
    service.answers[GetHours] = lambda _: service.cut()
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        with pytest.raises(Refused) as refused:
            await Relay(link, lambda: True).pass_on(AskService(1, GetHours(0, "1001")))
        assert not isinstance(refused.value, Unanswered)
        assert len(service.of(GetHours)) > 1


async def test_a_report_is_waited_for_longer(service: FakeService, outbox: Outbox) -> None:
    service.answers[GetReport] = lambda _: None
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        asking = asyncio.create_task(Relay(link, lambda: True).pass_on(REPORT))
        await eventually(lambda: bool(service.of(GetReport)))
        asked = service.of(GetReport)[0]
        await asyncio.sleep(2 * link_module.REQUEST_S)
        answer = Report(asked.id, "adherence", DAY, DAY, (), (), (), False, (), "", 0)
        await service.tell(answer)
        assert (await asking).message == answer


async def test_what_nobody_waits_for_any_more_is_left(service: FakeService, outbox: Outbox) -> None:
    service.answers[GetReport] = lambda _: None
    async with linked(service, outbox) as link:
        await eventually(lambda: link.up)
        asking = asyncio.create_task(Relay(link, lambda: True).pass_on(REPORT))
        await eventually(lambda: bool(service.of(GetReport)))
        asking.cancel()
        await eventually(lambda: bool(service.of(Forget)))
        assert service.of(Forget)[0].request == service.of(GetReport)[0].id
