"""What leads ask through their seat is passed on, once, with the service's answers and codes."""

from collections.abc import Callable
from datetime import date

import pytest

from protocol.facts.order import OrderKind
from protocol.wire import codec, desk, desk_floor, orders, person, session
from protocol.wire.errors import Code
from protocol.wire.session import Person, Role
from protocol.wire.sync import Link
from tests.seat.service import FakeService, refuses
from tests.seat.sitting import Sitting

pytestmark = pytest.mark.usefixtures("quick")

FORCE = OrderKind.FORCE_NOT_READY


def a_day(message: codec.SeatMessage) -> codec.ServiceMessage:
    assert isinstance(message, person.GetPersonDay)
    who = Person(message.agent, "陈静", (Role.AGENT,))
    return person.PersonDay(message.id, who, message.day, None, (), (), {}, 0, 0, 0, False)


async def test_a_persons_day_is_that_of_the_site_unless_another_is_named(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[person.GetPersonDay] = a_day
    page = await sits.client.ask(lambda id_: desk_floor.GetPerson(id_, "1002"))
    assert isinstance(page, desk_floor.PersonPage)
    assert (page.page.person.number, page.page.day) == ("1002", date(2027, 1, 15))
    named = date(2026, 12, 31)
    page = await sits.client.ask(lambda id_: desk_floor.GetPerson(id_, "1002", named))
    assert isinstance(page, desk_floor.PersonPage)
    assert page.page.day == named


async def test_an_order_is_passed_on_with_a_key_of_its_own(
    sits: Sitting, service: FakeService
) -> None:
    for _ in range(2):
        await sits.client.ask(lambda id_: desk_floor.PlaceOrder(id_, FORCE, "开会", "1002"))
    first, second = service.of(orders.PlaceOrder)
    assert (first.what, first.text, first.agent, first.team) == (FORCE, "开会", "1002", "")
    assert len({"", first.key, second.key}) == 3


async def test_an_order_whose_answer_was_lost_is_sent_again_with_the_same_key(
    sits: Sitting, service: FakeService
) -> None:
    def cuts(_: codec.SeatMessage) -> None:
        del service.answers[orders.PlaceOrder]
        service.cut()

    service.answers[orders.PlaceOrder] = cuts
    await sits.client.ask(lambda id_: desk_floor.PlaceOrder(id_, FORCE, "开会", "1002"))
    first, again = service.of(orders.PlaceOrder)
    assert first.key == again.key


ASKED: dict[str, Callable[[int], desk.AnyRequest]] = {
    "person": lambda id_: desk_floor.GetPerson(id_, "1002"),
    "order": lambda id_: desk_floor.PlaceOrder(id_, FORCE, "开会", "1002"),
    "reset": lambda id_: desk_floor.ResetPassword(id_, "1002"),
}
each_request = pytest.mark.parametrize("what", ASKED)


@each_request
async def test_a_refusal_of_the_service_is_passed_on(
    sits: Sitting, service: FakeService, what: str
) -> None:
    for kind in (person.GetPersonDay, orders.PlaceOrder, session.ResetPassword):
        service.answers[kind] = refuses(Code.NOT_PERMITTED)
    assert await sits.refusal(ASKED[what]) == Code.NOT_PERMITTED


@each_request
async def test_without_the_service_there_is_a_code(
    sits: Sitting, service: FakeService, what: str
) -> None:
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    assert await sits.refusal(ASKED[what]) == Code.SERVICE_UNREACHABLE
    await service.open()


@each_request
async def test_nobody_asks_who_is_not_signed_in(sits: Sitting, what: str) -> None:
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.unsent == 0)
    assert await sits.refusal(ASKED[what]) == "not_signed_in"
