"""A seat at an exchange with a queue: the queue learns from it whether its agent takes calls."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from agent_client.desk_client import DeskClient
from agent_client.phone.engine import Sound
from agent_client.seat.place import contacts, make_folders, place_of
from agent_client.seat.process import Seat
from agent_client.settings import PhoneSettings, Settings
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallDialled
from protocol.facts.session import ExchangeTold
from protocol.wire import codec, desk, desk_call, session
from protocol.wire.desk import ExchangeState
from protocol.wire.session import SipAccount
from tests.interop.kamailio import PASSWORD, PAUSE_CODE, QUEUE, READY_CODE, Kamailio
from tests.interop.sipp import Sipp
from tests.seat.service import FakeService, answer_to
from tests.seat.sitting import Sitting

pytestmark = pytest.mark.interop

AGENT = "1001"


@pytest.fixture
async def service(kamailio: Kamailio) -> AsyncIterator[FakeService]:
    """A floor service that gives out an account at the exchange."""
    made = FakeService()
    account = SipAccount(
        AGENT,
        kamailio.address,
        PASSWORD,
        ready_code=READY_CODE,
        pause_code=PAUSE_CODE,
        service_codes=("*7*",),
    )

    def answer(message: codec.SeatMessage) -> codec.ServiceMessage:
        assert isinstance(message, session.SignIn)
        made.marks[message.session] = 0
        return msgspec.structs.replace(answer_to(message.id), sip=account)

    made.answers[session.SignIn] = answer
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def sits(tmp_path: Path, service: FakeService) -> AsyncIterator[Sitting]:
    """Somebody signed in at a seat with a real phone."""
    settings = Settings(
        server=service.url,
        agent=AGENT,
        data=str(tmp_path / "d"),
        runtime=str(tmp_path / "r"),
        phone=PhoneSettings(sound=Sound.NONE),
    )
    place = place_of(settings)
    make_folders(place)
    seat, ready = Seat(settings, place, "pjsua2"), asyncio.Event()
    running = asyncio.create_task(seat.run(ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    (contact,) = contacts(place.runtime)
    client = await DeskClient.connect(contact, terminal=True)
    made = Sitting(seat, client, place)
    await client.ask(desk.Watch)
    await made.enrol_and_sign_in()
    yield made
    await client.close()
    seat.stop()
    await asyncio.wait_for(running, 20)


def told(sits: Sitting) -> list[tuple[bool, int | None]]:
    facts = [fact for fact in sits.facts() if isinstance(fact, ExchangeTold)]
    return [(fact.ready, fact.sip_status) for fact in facts]


async def exchange_knows(sits: Sitting, state: ExchangeState) -> None:
    await sits.until(lambda status: status.exchange is state)
    assert sits.status.exchange_status == 486


async def test_after_call_work_is_left_alone_by_the_queue(
    sits: Sitting, kamailio: Kamailio, sipp: Sipp
) -> None:
    await exchange_knows(sits, ExchangeState.PAUSED)
    await sits.client.ask(desk.Ready)
    await exchange_knows(sits, ExchangeState.READY)
    first = await sipp.start("talks", kamailio.address, QUEUE)
    await sits.until(lambda status: status.state is State.RINGING)
    await sits.client.ask(desk_call.Answer)
    await exchange_knows(sits, ExchangeState.PAUSED)
    await sits.until(lambda status: status.state is State.ACW)
    await sipp.ends_well(first)
    second = await sipp.start("talks", kamailio.address, QUEUE)
    await asyncio.sleep(2)  # the queue would have offered it within 0.3 s
    assert sits.status.state is State.ACW
    await sits.client.ask(desk.AcwDone)
    await sits.until(lambda status: status.state is State.RINGING)
    await sits.client.ask(desk_call.Answer)
    await sits.until(lambda status: status.state is State.ACW)
    await sipp.ends_well(second)
    await exchange_knows(sits, ExchangeState.PAUSED)
    assert told(sits) == [(ready, 486) for ready in (False, True, False, True, False)]


async def test_a_break_and_a_sign_out_take_the_agent_out_of_the_queue(
    sits: Sitting, kamailio: Kamailio, sipp: Sipp
) -> None:
    await sits.client.ask(desk.Ready)
    await exchange_knows(sits, ExchangeState.READY)
    await sits.client.ask(lambda id_: desk.Break(id_, Reason.REST))
    await exchange_knows(sits, ExchangeState.PAUSED)
    await sipp.start("talks", kamailio.address, QUEUE)
    await asyncio.sleep(1)
    assert sits.status.state is State.NOT_READY
    await sits.client.ask(desk.Ready)
    await sits.until(lambda status: status.state is State.RINGING)


async def test_a_code_that_the_agent_dials_is_no_call(sits: Sitting) -> None:
    await exchange_knows(sits, ExchangeState.PAUSED)
    await sits.client.ask(lambda id_: desk_call.Dial(id_, READY_CODE))
    assert await sits.refusal(lambda id_: desk_call.Dial(id_, "*79")) == "phone_refused"
    assert not any(isinstance(fact, CallDialled) for fact in sits.facts())
    assert sits.status.state is State.NOT_READY
