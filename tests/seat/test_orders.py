"""What leads ask: applied once, shown until it is read, settled by one fact each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.order import OrderKind, OrderOutcome, OrderSettled
from protocol.wire import desk, desk_call
from protocol.wire.errors import Code
from protocol.wire.orders import Order, OrdersWaiting
from protocol.wire.sync import Link
from tests.seat.rig import full_disk
from tests.seat.service import SERVER_MS, FakeService, eventually
from tests.seat.sitting import Sitting, kill, sitting

pytestmark = pytest.mark.usefixtures("quick")

HOUR = 3_600_000


def order(what: OrderKind, name: str = "o1", expires_ms: int = SERVER_MS + HOUR) -> Order:
    return Order(name, what, "2001", "陈静", "现在要开会", SERVER_MS, expires_ms)


def settled(sits: Sitting) -> list[OrderSettled]:
    return [fact for fact in sits.facts() if isinstance(fact, OrderSettled)]


async def waiting(service: FakeService, *orders: Order) -> None:
    await service.tell(OrdersWaiting(orders))


async def is_settled(sits: Sitting, *outcomes: OrderOutcome, code: str = "") -> None:
    await eventually(lambda: len(settled(sits)) >= len(outcomes))
    assert settled(sits) == [OrderSettled("o1", outcome, code) for outcome in outcomes]


async def test_who_waits_for_calls_is_taken_out_of_the_line_and_reads_why(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.Ready)
    force = order(OrderKind.FORCE_NOT_READY)
    await waiting(service, force)
    await sits.until(lambda status: status.orders == (force,))
    await is_settled(sits, OrderOutcome.APPLIED)
    assert sits.states()[-1] == (State.NOT_READY, "force_not_ready", Reason.FORCED)
    entered = [fact for fact in sits.facts() if isinstance(fact, StateEntered)]
    assert entered[-1].actor == "2001"
    await sits.client.ask(lambda id_: desk.SeeOrder(id_, "o1"))
    await sits.until(lambda status: status.orders == () and status.unsent == 0)
    assert len(settled(sits)) == 1


async def test_in_a_call_it_waits_for_the_end_of_the_call(
    sits: Sitting, service: FakeService
) -> None:
    await sits.talking()
    await waiting(service, order(OrderKind.FORCE_SIGN_OUT))
    await is_settled(sits, OrderOutcome.QUEUED)
    await sits.until(lambda status: status.next_state == "LOGGED_OFF")
    assert sits.status.state is State.TALK
    await sits.client.ask(desk_call.Hangup)
    await sits.client.ask(desk.AcwDone)
    await sits.until(lambda status: status.state is State.LOGGED_OFF)
    await is_settled(sits, OrderOutcome.QUEUED, OrderOutcome.APPLIED)


async def test_who_is_signed_out_by_a_lead_can_still_read_why(
    sits: Sitting, service: FakeService
) -> None:
    out, message = order(OrderKind.FORCE_SIGN_OUT), order(OrderKind.MESSAGE, "o2")
    await waiting(service, out, message)
    await sits.until(lambda status: status.state is State.LOGGED_OFF and status.unsent == 0)
    await is_settled(sits, OrderOutcome.APPLIED)
    assert sits.status.orders == (out,)
    await sits.client.ask(lambda id_: desk.SeeOrder(id_, "o1"))
    await sits.until(lambda status: status.orders == ())


async def test_what_the_state_table_refuses_is_settled_as_refused(
    sits: Sitting, service: FakeService
) -> None:
    await waiting(service, order(OrderKind.FORCE_NOT_READY))
    await is_settled(sits, OrderOutcome.REFUSED, code="wrong_state")
    assert sits.states() == [(State.NOT_READY, "sign_in", None)]


@pytest.mark.parametrize("what", OrderKind)
async def test_what_comes_too_late_is_not_applied(
    sits: Sitting, service: FakeService, what: OrderKind
) -> None:
    await sits.client.ask(desk.Ready)
    await waiting(service, order(what, expires_ms=SERVER_MS - 1))
    await is_settled(sits, OrderOutcome.EXPIRED)
    assert (sits.status.state, sits.status.orders) == (State.READY, ())


@pytest.mark.parametrize("what", [OrderKind.ASK_READY, OrderKind.MESSAGE])
async def test_what_is_to_be_read_changes_nothing_and_is_settled_by_reading(
    sits: Sitting, service: FakeService, what: OrderKind
) -> None:
    asked = order(what)
    await waiting(service, asked)
    await sits.until(lambda status: status.orders == (asked,))
    assert (sits.status.state, settled(sits)) == (State.NOT_READY, [])
    await sits.client.ask(lambda id_: desk.SeeOrder(id_, "o1"))
    await is_settled(sits, OrderOutcome.SEEN)
    await sits.until(lambda status: status.orders == ())
    assert await sits.refusal(lambda id_: desk.SeeOrder(id_, "o1")) == Code.UNKNOWN_ORDER


async def test_what_is_sent_again_is_applied_once(sits: Sitting, service: FakeService) -> None:
    force, message = order(OrderKind.FORCE_NOT_READY), order(OrderKind.MESSAGE, "o2")
    await sits.client.ask(desk.Ready)
    await waiting(service, force, message)
    await sits.until(lambda status: len(status.orders) == 2)
    await sits.client.ask(lambda id_: desk.SeeOrder(id_, "o1"))
    await sits.client.ask(desk.Ready)
    for _ in range(3):
        await waiting(service, force, message)
    await sits.client.ask(lambda id_: desk.SeeOrder(id_, "o2"))
    await waiting(service, force, message, order(OrderKind.MESSAGE, "o3"))
    await sits.until(lambda status: [each.order for each in status.orders] == ["o3"])
    assert sits.status.state is State.READY
    assert [fact.order for fact in settled(sits)] == ["o1", "o2"]


async def test_a_seat_that_was_killed_knows_what_it_has_settled(
    tmp_path: Path, service: FakeService
) -> None:
    async def forced(sits: Sitting) -> None:
        await waiting(service, order(OrderKind.FORCE_NOT_READY))
        await is_settled(sits, OrderOutcome.QUEUED)

    await kill(tmp_path, service, forced)
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.state is State.NOT_READY and status.unsent == 0)
        await sits.client.ask(desk.Ready)
        message = order(OrderKind.MESSAGE, "o2")
        await waiting(service, order(OrderKind.FORCE_NOT_READY), message)
        await sits.until(lambda status: status.orders == (message,))
        assert sits.status.state is State.READY
        await is_settled(sits, OrderOutcome.LAPSED)


async def test_what_was_read_without_the_service_is_settled_when_it_is_back(
    sits: Sitting, service: FakeService
) -> None:
    await waiting(service, order(OrderKind.MESSAGE))
    await sits.until(lambda status: len(status.orders) == 1)
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.client.ask(lambda id_: desk.SeeOrder(id_, "o1"))
    assert sits.status.unsent == 1
    await service.open()
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    await is_settled(sits, OrderOutcome.SEEN)


FULL: dict[str, Callable[[], Order]] = {
    "force": lambda: order(OrderKind.FORCE_NOT_READY),
    "expired": lambda: order(OrderKind.MESSAGE, expires_ms=SERVER_MS - 1),
}


@pytest.mark.parametrize("made", FULL.values(), ids=FULL.keys())
async def test_on_a_full_disk_an_order_waits_unsettled_and_is_applied_later(
    sits: Sitting, service: FakeService, made: Callable[[], Order], caplog: pytest.LogCaptureFixture
) -> None:
    await sits.client.ask(desk.Ready)
    await sits.until(lambda status: status.unsent == 0)
    with full_disk(sits.place.outbox):
        await waiting(service, made())
        await eventually(lambda: "an order waits" in caplog.text)
        assert (sits.seat.standing.agent.state, settled(sits)) == (State.READY, [])
        assert await sits.refusal(lambda id_: desk.SeeOrder(id_, "o1")) == Code.UNKNOWN_ORDER
    sits.seat.orders.go_on()
    await eventually(lambda: len(settled(sits)) == 1)
