"""The demonstration's exchange: phones register, numbers are called, whoever is unknown is not."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from agent_client.demo.exchange import MOST_HOPS, MOST_NUMBERS, Exchange, Message
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


HERE = "127.0.0.1"


class Peer(asyncio.DatagramProtocol):
    """Somebody who writes packets by hand."""

    def __init__(self) -> None:
        self.got: asyncio.Queue[Message] = asyncio.Queue()
        self.port = 0
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, exchange: Exchange) -> None:
        host, _, port = exchange.address.partition(":")
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, remote_addr=(host, int(port))
        )
        self.port = self._transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.got.put_nowait(Message.read(data))

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()

    def says(self, packet: str) -> None:
        assert self._transport is not None
        self._transport.sendto(packet.encode())

    def registers(self, number: str, contact: str, *more: str) -> None:
        self.says(
            f"REGISTER sip:{HERE} SIP/2.0\r\nVia: {self.via()}\r\n"
            f"From: <sip:{number}@{HERE}>;tag=1\r\nTo: <sip:{number}@{HERE}>\r\nCall-ID: c\r\n"
            f"CSeq: 1 REGISTER\r\nContact: <{contact}>\r\n"
            + "".join(f"{each}\r\n" for each in more)
            + "\r\n"
        )

    def calls(self, number: str, hops: str = "70") -> None:
        self.says(
            f"OPTIONS sip:{number}@{HERE} SIP/2.0\r\nVia: {self.via()}\r\nMax-Forwards: {hops}\r\n"
            f"From: <sip:1@{HERE}>;tag=1\r\nTo: <sip:{number}@{HERE}>\r\nCall-ID: c\r\n"
            "CSeq: 2 OPTIONS\r\n\r\n"
        )

    def via(self) -> str:
        return f"SIP/2.0/UDP {HERE}:{self.port};branch=z9hG4bKx"

    async def hears(self) -> Message:
        return await asyncio.wait_for(self.got.get(), 10)


@pytest.fixture
async def peer(exchange: Exchange) -> AsyncIterator[Peer]:
    made = Peer()
    await made.open(exchange)
    yield made
    made.close()


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


@pytest.mark.parametrize("port", ["0", "65536", "99999", "9" * 30])
async def test_a_port_that_there_cannot_be_ends_nothing(
    exchange: Exchange, peer: Peer, port: str
) -> None:
    peer.registers("1001", f"sip:1001@{HERE}:{port}")
    peer.says(f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x\r\nVia: SIP/2.0/UDP {HERE}:{port}\r\n\r\n")
    peer.says(f"OPTIONS sip:9@{HERE} SIP/2.0\r\nVia: SIP/2.0/UDP {HERE}:{port}\r\n\r\n")
    peer.calls("1001")
    assert (await peer.hears()).start == "SIP/2.0 404 Not Found"


@pytest.mark.parametrize("host", ["192.0.2.1", "localhost", "::1"])
async def test_nothing_is_sent_to_another_machine(
    exchange: Exchange, peer: Peer, host: str
) -> None:
    peer.registers("1001", f"sip:1001@{host}:5071")
    peer.calls("1001")
    assert (await peer.hears()).start == "SIP/2.0 404 Not Found"


async def test_the_exchange_is_nobodys_phone(exchange: Exchange, peer: Peer) -> None:
    peer.registers("1001", f"sip:1001@{exchange.address}")
    assert (await peer.hears()).start == "SIP/2.0 403 Forbidden"
    peer.calls("1001")
    assert (await peer.hears()).start == "SIP/2.0 404 Not Found"


async def test_no_message_goes_further_than_the_standard_lets_it(
    exchange: Exchange, peer: Peer
) -> None:
    peer.registers("1001", f"sip:1001@{HERE}:{peer.port}")
    assert (await peer.hears()).start == "SIP/2.0 200 OK"
    peer.calls("1001", hops="100000")
    assert (await peer.hears()).header("Max-Forwards") == str(MOST_HOPS - 1)


async def test_nobody_takes_another_phones_number_away(exchange: Exchange, peer: Peer) -> None:
    place = f"sip:1001@{HERE}:{peer.port}"
    for contact, *more in ((place,), (f"sip:1001@{HERE}:5071", "Expires: 0")):
        peer.registers("1001", contact, *more)
        assert (await peer.hears()).start == "SIP/2.0 200 OK"
    peer.calls("1001")
    assert (await peer.hears()).start.startswith("OPTIONS")
    peer.registers("1001", place, "Expires: 0")
    assert (await peer.hears()).start == "SIP/2.0 200 OK"
    peer.calls("1001")
    assert (await peer.hears()).start == "SIP/2.0 404 Not Found"


async def test_there_is_an_end_to_the_numbers(exchange: Exchange, peer: Peer) -> None:
    for number in range(MOST_NUMBERS):
        peer.registers(str(number), f"sip:{number}@{HERE}:{peer.port}")
        assert (await peer.hears()).start == "SIP/2.0 200 OK"
    for number, answer in (("one more", "403 Forbidden"), ("7", "200 OK")):
        peer.registers(number, f"sip:7@{HERE}:{peer.port}")
        assert (await peer.hears()).start == f"SIP/2.0 {answer}"


def test_a_message_is_written_as_it_was_read() -> None:
    message = Message.read(REGISTER.encode())
    assert message.written() == REGISTER.encode()
    assert message.header("call-id") == "c1"


def test_an_answer_opens_a_dialog_and_goes_the_way_back() -> None:
    answer = Message.read(REGISTER.encode()).answer("404 Not Found")
    assert answer.start == "SIP/2.0 404 Not Found"
    assert ";tag=" in answer.header("To")
    assert answer.header("Via").startswith("SIP/2.0/UDP 127.0.0.1:5071")
