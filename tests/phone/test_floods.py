"""Strangers who flood the phone, and callers who leave it waiting."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    Ending,
    Hangup,
    Hold,
    Reject,
)
from tests.contract.phones import LIMIT_S, ChildPhones, Phone
from tests.phone.sip_peer import Message, SipPeer

UNHEARD_S = 1.0
UNACKNOWLEDGED_S = 40.0
"""The library gives up after 64 times T1, 32 s."""


@pytest.fixture
async def phone(children: ChildPhones) -> Phone:
    made = await children.make()
    await made.open("1001", rtp_loss_s=600)  # the peers are mute
    return made


@pytest.fixture
async def crowd() -> AsyncIterator[list[SipPeer]]:
    made = [await SipPeer.open() for _ in range(40)]
    yield made
    for peer in made:
        peer.transport.close()


async def talking(phone: Phone, peer: SipPeer) -> str:
    peer.calls(phone.address)
    call_id = (await phone.next(CallIncoming)).call_id
    phone.do(Answer(call_id=call_id))
    await peer.is_answered()
    await phone.next(CallConnected)
    return call_id


async def still_talks(phone: Phone, peer: SipPeer, call_id: str) -> None:
    """The call can be held, as ever: also where the flood washed an answer away, for which the
    phone asks again."""
    phone.do(Hold(call_id=call_id))
    answering = asyncio.create_task(_answers_each_time(peer))
    try:
        assert (await phone.next(CallHeld)).call_id == call_id
    finally:
        answering.cancel()


async def _answers_each_time(peer: SipPeer) -> None:
    while True:
        peer.replies(await peer.request("INVITE"), 200, body=peer.sdp("recvonly"))


def still_open(phone: Phone) -> set[str]:
    """The calls that were offered, but the first, and have not ended."""
    offered = {call.call_id for call in phone.told(CallIncoming)[1:]}
    return offered - {call.call_id for call in phone.told(CallEnded)}


async def all_over(phone: Phone) -> None:
    """Wait until every call that was offered, but the first, has ended; refuse whoever stayed: a
    CANCEL may be lost in the crowd, and these peers send it once. An offer may be told late."""
    refused: set[str] = set()
    try:
        async with asyncio.timeout(LIMIT_S):
            while open_calls := still_open(phone):
                for call_id in open_calls - refused:
                    phone.do(Reject(call_id=call_id))
                refused |= open_calls
                await phone.next(object)
    except TimeoutError:
        left = still_open(phone)
        told = [each for each in phone.events if getattr(each, "call_id", "") in left]
        pytest.fail(f"{len(left)} calls never ended; of them was told: {told}")


def final(message: Message) -> bool:
    return message.header("CSeq").endswith("INVITE") and not message.first.startswith("SIP/2.0 1")


async def calls_and_leaves(peer: SipPeer, phone: Phone) -> None:
    """INVITE and CANCEL, and the ACK for whatever came of it."""
    peer.calls(phone.address)
    peer.asks("CANCEL")
    with contextlib.suppress(TimeoutError):  # unheard in the crowd
        async with asyncio.timeout(UNHEARD_S):
            answer = await peer.next(final)
        peer.answered_with(answer.header("To"))
        peer.asks("ACK")


async def test_callers_who_leave_at_once_cost_nobody_a_call(
    children: ChildPhones, phone: Phone, crowd: list[SipPeer]
) -> None:
    customer, *strangers, last = crowd
    call_id = await talking(phone, customer)
    for _ in range(3):
        await asyncio.gather(*(calls_and_leaves(peer, phone) for peer in strangers))
    await all_over(phone)
    await still_talks(phone, customer, call_id)
    await asyncio.sleep(1.1)  # after a burst the phone takes its time
    last.calls(phone.address, "<sip:222@peer.test>")
    while (offered := await phone.next(CallIncoming)).peer != "222":
        pass  # one of the crowd, told late
    phone.do(Reject(call_id=offered.call_id))
    await last.is_refused(486)
    await all_over(phone)
    ended = [end.call_id for end in phone.told(CallEnded)]
    assert len(ended) == len(set(ended)) == len(phone.told(CallIncoming)) - 1
    assert children.exits.empty()


async def test_garbage_is_ignored(
    children: ChildPhones, phone: Phone, crowd: list[SipPeer]
) -> None:
    customer, stranger, *_ = crowd
    call_id = await talking(phone, customer)
    host, _, port = phone.address.rpartition("@")[2].partition(":")
    luck = random.Random(4711)
    start = "INVITE sip:1001@127.0.0.1 SIP/2.0\r\n"
    for _ in range(300):
        noise = luck.randbytes(luck.randrange(1, 1400))
        broken = f"{start}Content-Length: {luck.choice(('-1', '99999999999', 'x', ''))}\r\n\r\n"
        cut = (start + "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nCSeq: 1 IN")[: luck.randrange(80)]
        long = f"{start}From: <sip:{'x' * luck.randrange(1, 30_000)}>\r\n\r\n"
        for garbage in (noise, broken.encode(), cut.encode(), long.encode()):
            stranger.transport.sendto(garbage, (host, int(port)))
    await still_talks(phone, customer, call_id)
    assert len(phone.told(CallIncoming)) == 1
    assert children.exits.empty()


async def test_two_who_call_at_once_are_told_apart(phone: Phone, crowd: list[SipPeer]) -> None:
    first, second, *_ = crowd
    first.calls(phone.address, "<sip:111@peer.test>")
    second.calls(phone.address, "<sip:222@peer.test>")
    offered = {each.peer: each for each in [await phone.next(CallIncoming) for _ in range(2)]}
    phone.do(Reject(call_id=offered["111"].call_id))
    await first.is_refused(486)
    assert (await phone.next(CallEnded)).call_id == offered["111"].call_id
    phone.do(Answer(call_id=offered["222"].call_id))
    await second.is_answered()
    assert (await phone.next(CallConnected)).call_id == offered["222"].call_id


async def test_a_caller_who_never_acknowledges_can_be_left(
    phone: Phone, crowd: list[SipPeer]
) -> None:
    rude, customer, *_ = crowd
    rude.calls(phone.address)
    call_id = (await phone.next(CallIncoming)).call_id
    phone.do(Answer(call_id=call_id))
    await rude.response("INVITE", 200)
    phone.do(Hangup(call_id=call_id))
    ended = await phone.next(CallEnded)
    assert (ended.call_id, ended.ending, ended.answered) == (call_id, Ending.LOCAL, False)
    await talking(phone, customer)


@pytest.mark.prove
async def test_a_caller_who_never_acknowledges_is_given_up(
    children: ChildPhones, phone: Phone, crowd: list[SipPeer]
) -> None:
    rude, customer, *_ = crowd
    rude.calls(phone.address)
    call_id = (await phone.next(CallIncoming)).call_id
    phone.do(Answer(call_id=call_id))
    ended = await phone.next(CallEnded, limit_s=UNACKNOWLEDGED_S)
    assert (ended.call_id, ended.ending, ended.answered) == (call_id, Ending.FAILED, False)
    await talking(phone, customer)
    assert children.exits.empty()


@pytest.mark.prove
async def test_callers_whom_nobody_acknowledges_do_not_fill_the_phone(
    children: ChildPhones, phone: Phone, crowd: list[SipPeer]
) -> None:
    customer, *strangers = crowd
    call_id = await talking(phone, customer)
    phone.rejects_callers()
    for _ in range(5):
        for peer in strangers:
            peer.calls(phone.address)
        await asyncio.gather(*(peer.next(final) for peer in strangers))
        await asyncio.sleep(1.1)
    await all_over(phone)
    await still_talks(phone, customer, call_id)
    last = await SipPeer.open()
    last.calls(phone.address)
    await last.is_refused(486)
    last.transport.close()
    assert children.exits.empty()
