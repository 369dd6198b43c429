"""The demonstration's exchange: phones register, numbers are called, whoever is unknown is not."""

from collections.abc import AsyncIterator

import pytest

from agent_client.demo.exchange import Exchange, Message
from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    Ending,
    Hangup,
    Open,
    PhoneUp,
    Sound,
    Transfer,
)
from tests.contract.phones import ChildPhones, Phone

REGISTER = (
    "REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKa\r\n"
    "From: <sip:1001@127.0.0.1>;tag=1\r\nTo: <sip:1001@127.0.0.1>\r\nCall-ID: c1\r\n"
    "CSeq: 1 REGISTER\r\nContact: <sip:1001@127.0.0.1:5071>\r\n\r\n"
)


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    opened = Exchange()
    await opened.open()
    yield opened
    opened.close()


@pytest.fixture
async def phones() -> AsyncIterator[ChildPhones]:
    made = ChildPhones()
    yield made
    await made.stop()


async def registered(
    phones: ChildPhones, exchange: Exchange, number: str, *, obeys_refer: bool = False
) -> Phone:
    phone = await phones.make()
    phone.do(
        Open(
            user=number,
            registrar=exchange.address,
            sound=Sound.NONE,
            obeys_refer=obeys_refer,
        )
    )
    await phone.next(PhoneUp)
    return phone


async def talking(caller: Phone, callee: Phone, number: str) -> tuple[str, str]:
    """A call to a number in which both speak: the caller's name of it, and the callee's."""
    out = caller.dials(number)
    into = await callee.is_rung()
    callee.do(Answer(call_id=into))
    await caller.next(CallConnected)
    await callee.next(CallConnected)
    return out, into


async def test_a_number_is_called_and_hung_up(phones: ChildPhones, exchange: Exchange) -> None:
    agent = await registered(phones, exchange, "1001")
    expert = await registered(phones, exchange, "8001")
    call_id, _ = await talking(agent, expert, "8001")
    agent.do(Hangup(call_id=call_id))
    assert (await expert.next(CallEnded)).ending is Ending.REMOTE


async def test_a_call_that_rings_is_given_up(phones: ChildPhones, exchange: Exchange) -> None:
    agent = await registered(phones, exchange, "1001")
    expert = await registered(phones, exchange, "8001")
    call_id = agent.dials("8001")
    await expert.is_rung()
    agent.do(Hangup(call_id=call_id))
    assert not (await expert.next(CallEnded)).answered
    assert not (await agent.next(CallEnded)).answered


async def test_a_customer_is_handed_on_to_a_number(phones: ChildPhones, exchange: Exchange) -> None:
    agent = await registered(phones, exchange, "1001")
    expert = await registered(phones, exchange, "8001")
    customer = await registered(phones, exchange, "13800138001", obeys_refer=True)
    _, at_agent = await talking(customer, agent, "1001")
    agent.do(Transfer(call_id=at_agent, target="8001"))
    expert.do(Answer(call_id=await expert.is_rung()))
    assert (await agent.next(CallEnded)).ending is Ending.TRANSFERRED


async def test_a_number_that_nobody_has_is_not_found(
    phones: ChildPhones, exchange: Exchange
) -> None:
    agent = await registered(phones, exchange, "1001")
    agent.dials("9999")
    assert (await agent.next(CallEnded)).sip_status == 404


async def test_what_is_no_message_is_passed_over(exchange: Exchange) -> None:
    for packet in (b"", b"\r\n\r\n", b"\x00\xff", b"INVITE", b"SIP/2.0 200 OK\r\n\r\n"):
        exchange.datagram_received(packet, ("127.0.0.1", 1))


def test_a_message_is_written_as_it_was_read() -> None:
    message = Message.read(REGISTER.encode())
    assert message.written() == REGISTER.encode()
    assert message.header("call-id") == "c1"


def test_an_answer_opens_a_dialog_and_goes_the_way_back() -> None:
    answer = Message.read(REGISTER.encode()).answer("404 Not Found")
    assert answer.start == "SIP/2.0 404 Not Found"
    assert ";tag=" in answer.header("To")
    assert answer.header("Via").startswith("SIP/2.0/UDP 127.0.0.1:5071")
