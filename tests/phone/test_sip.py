"""The real phone and a peer that is odd, rude or gone."""

import os
import re
from collections.abc import AsyncIterator

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    CallProgress,
    CommandRefused,
    Ending,
    Hangup,
    Hold,
    Reject,
)
from tests.contract.phones import ChildPhones, Phone
from tests.phone.sip_peer import SipPeer


@pytest.fixture
async def phone(children: ChildPhones) -> Phone:
    made = await children.make()
    await made.open("1001")
    return made


@pytest.fixture
async def peer() -> AsyncIterator[SipPeer]:
    made = await SipPeer.open()
    yield made
    made.transport.close()


async def connected(peer: SipPeer, phone: Phone) -> str:
    peer.calls(phone.address)
    into = (await phone.next(CallIncoming)).call_id
    phone.do(Answer(call_id=into))
    await peer.is_answered()
    await phone.next(CallConnected)
    return into


async def test_nothing_but_100_is_sent_until_it_is_told_to(phone: Phone, peer: SipPeer) -> None:
    peer.calls(phone.address)
    into = (await phone.next(CallIncoming)).call_id
    assert (await peer.next(lambda message: True)).first.startswith("SIP/2.0 100 ")
    phone.do(Reject(call_id=into))
    assert (await peer.next(lambda message: True)).first.startswith("SIP/2.0 486 ")
    peer.asks("ACK")
    await phone.next(CallEnded)


@pytest.mark.parametrize(
    ("from_value", "peer_shown", "name_shown"),
    [
        ('"J\xe4ne \x1b[31m" <sip:1@h>', "1", "J\N{REPLACEMENT CHARACTER}ne [31m"),
        ("<sip:%0d%0aX-Evil@h>", "X-Evil", ""),
        (f'"{"n" * 900}" <sip:{"7" * 200}@h>', "7" * 64, "n" * 80),
        ("<sip:h>", "sip:h", ""),
    ],
)
async def test_an_odd_caller_is_shown_and_can_be_refused(
    phone: Phone, peer: SipPeer, from_value: str, peer_shown: str, name_shown: str
) -> None:
    peer.calls(phone.address, from_value)
    offered = await phone.next(CallIncoming)
    assert (offered.peer, offered.peer_name) == (peer_shown, name_shown)
    phone.do(Reject(call_id=offered.call_id))
    await peer.is_refused(486)
    assert (await phone.next(CallEnded)).ending is Ending.LOCAL


async def test_a_hold_that_is_refused_is_told_and_can_be_tried_again(
    phone: Phone, peer: SipPeer
) -> None:
    into = await connected(peer, phone)
    phone.do(Hold(call_id=into))
    peer.replies(await peer.request("INVITE"), 488)
    assert await phone.next(CommandRefused) == CommandRefused(
        code="phone_refused", command="hold", call_id=into
    )
    phone.do(Hold(call_id=into))
    again = await peer.request("INVITE")
    assert "a=sendonly" in again
    assert phone.told(CallHeld) == []
    peer.replies(again, 200, body=peer.sdp("recvonly"))
    await phone.next(CallHeld)


async def test_a_hold_that_crosses_the_peers_is_sent_again(phone: Phone, peer: SipPeer) -> None:
    into = await connected(peer, phone)
    phone.do(Hold(call_id=into))
    peer.replies(await peer.request("INVITE"), 491)
    await peer.request("ACK")
    peer.replies(await peer.request("INVITE"), 200, body=peer.sdp("recvonly"))
    await phone.next(CallHeld)
    assert phone.told(CommandRefused) == []


async def test_a_peer_may_not_transfer_us(phone: Phone, peer: SipPeer) -> None:
    into = await connected(peer, phone)
    peer.asks("REFER", "Refer-To: <sip:premium@127.0.0.1>")
    await peer.response("REFER", 603)
    phone.do(Hangup(call_id=into))
    peer.replies(await peer.request("BYE"), 200)
    assert (await phone.next(CallEnded)).ending is Ending.LOCAL


async def test_a_peer_that_does_not_acknowledge_our_end_is_not_waited_for(
    phone: Phone, peer: SipPeer
) -> None:
    into = await connected(peer, phone)
    phone.do(Hangup(call_id=into))
    await peer.request("BYE")
    assert await phone.next(CallEnded, limit_s=4) == CallEnded(
        call_id=into, ending=Ending.LOCAL, answered=True
    )


async def test_a_silent_number_can_be_given_up(phone: Phone, peer: SipPeer) -> None:
    out = phone.dials(peer.address)
    await peer.request("INVITE")
    phone.do(Hangup(call_id=out))
    ended = await phone.next(CallEnded, limit_s=4)
    assert (ended.call_id, ended.ending, ended.answered) == (out, Ending.LOCAL, False)


@pytest.mark.parametrize("status", [302, 404, 486, 500, 603])
async def test_a_refused_dial_is_the_peers_end(phone: Phone, peer: SipPeer, status: int) -> None:
    out = phone.dials(peer.address)
    invite = await peer.request("INVITE")
    peer.replies(invite, 183)
    peer.replies(invite, status, "Contact: <sip:premium@127.0.0.1:9>")
    assert await phone.next(CallProgress) == CallProgress(call_id=out, status=183)
    assert await phone.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=False, sip_status=status
    )


async def test_good_codecs_are_offered_first_and_nothing_about_the_person(
    phone: Phone, peer: SipPeer
) -> None:
    phone.dials(peer.address)
    invite = await peer.request("INVITE")
    offer = re.search(r"m=audio \d+ RTP/AVP (\d+) (\d+) (\d+)", invite)
    assert offer is not None
    assert offer.groups() == ("8", "0", "9")
    assert os.uname().nodename not in invite


async def test_noise_on_the_port_is_ignored(phone: Phone, peer: SipPeer) -> None:
    peer.calls(phone.address)
    into = (await phone.next(CallIncoming)).call_id
    for noise in ("", "\r\n\r\n", "x" * 60_000, "INVITE sip:\x00 SIP/2.0\r\n\r\n", "SIP/2.0 999"):
        peer.send(noise)
    phone.do(Answer(call_id=into))
    await peer.is_answered()
    await phone.next(CallConnected)


async def test_a_flood_of_callers_leaves_the_call_alone(
    children: ChildPhones, phone: Phone, peer: SipPeer
) -> None:
    into = await connected(peer, phone)
    crowd = [await SipPeer.open() for _ in range(60)]
    phone.rejects_callers()
    for one in crowd:
        one.calls(phone.address)
        await one.next(lambda message: True)
    phone.do(Hold(call_id=into))
    peer.replies(await peer.request("INVITE"), 200, body=peer.sdp("recvonly"))
    await phone.next(CallHeld)
    assert children.exits.empty()
    for one in crowd:
        one.transport.close()
