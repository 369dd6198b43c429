"""Whose challenge the phone answers with its password: the registrar's, and nobody else's."""

from collections.abc import AsyncIterator

import pytest

from agent_client.phone.engine import CallEnded, Open, PhoneDown, PhoneUp, Sound
from tests.contract.phones import ChildPhones, Phone
from tests.phone.sip_peer import Message, SipPeer

REALM = "floor.test"


def challenge(realm: str) -> str:
    return f'Digest realm="{realm}", nonce="4711", algorithm=MD5'


@pytest.fixture
async def registrar() -> AsyncIterator[SipPeer]:
    made = await SipPeer.open()
    yield made
    made.transport.close()


@pytest.fixture
async def stranger() -> AsyncIterator[SipPeer]:
    made = await SipPeer.open()
    yield made
    made.transport.close()


async def asks(children: ChildPhones, registrar: SipPeer) -> tuple[Phone, Message]:
    """A phone and its first REGISTER."""
    phone = await children.make()
    phone.do(
        Open(
            user="1001",
            registrar=f"127.0.0.1:{registrar.port}",
            password="secret",
            sound=Sound.NONE,
        )
    )
    return phone, await registrar.request("REGISTER")


async def registered(children: ChildPhones, registrar: SipPeer) -> Phone:
    phone, first = await asks(children, registrar)
    assert "Authorization:" not in first
    registrar.replies(first, 401, f"WWW-Authenticate: {challenge(REALM)}")
    # The library begins anew with what it may answer.
    again = await registrar.request("REGISTER")
    registrar.replies(again, 401, f"WWW-Authenticate: {challenge(REALM)}")
    answered = await registrar.request("REGISTER")
    assert f'realm="{REALM}"' in answered.header("Authorization")
    registrar.replies(answered, 200, "Expires: 60")
    await phone.next(PhoneUp)
    return phone


@pytest.mark.parametrize("status", [401, 407])
async def test_a_strangers_challenge_is_not_answered(
    children: ChildPhones, registrar: SipPeer, stranger: SipPeer, status: int
) -> None:
    phone = await registered(children, registrar)
    call_id = phone.dials(stranger.address)
    invite = await stranger.request("INVITE")
    name = {401: "WWW-Authenticate", 407: "Proxy-Authenticate"}[status]
    stranger.replies(invite, status, f"{name}: {challenge('evil.test')}")
    await stranger.request("ACK")
    ended = await phone.next(CallEnded)
    assert (ended.call_id, ended.answered) == (call_id, False)
    assert not [each for each in stranger.heard_so_far() if "uthorization:" in each]


async def test_the_registrars_own_challenge_to_a_call_is_answered(
    children: ChildPhones, registrar: SipPeer
) -> None:
    phone = await registered(children, registrar)
    phone.dials("1002")
    first = await registrar.request("INVITE")
    registrar.replies(first, 407, f"Proxy-Authenticate: {challenge(REALM)}")
    second = await registrar.request("INVITE")
    assert f'realm="{REALM}"' in second.header("Proxy-Authorization")


async def test_a_registrar_that_always_has_another_realm_is_not_asked_for_ever(
    children: ChildPhones, registrar: SipPeer
) -> None:
    phone, request = await asks(children, registrar)
    registrar.replies(request, 401, f"WWW-Authenticate: {challenge('one')}")
    request = await registrar.request("REGISTER")
    registrar.replies(request, 401, f"WWW-Authenticate: {challenge('two')}")
    down = await phone.next(PhoneDown)
    assert down == PhoneDown(code="registration_failed", sip_status=401)


async def test_a_registrar_without_a_challenge_gets_no_password(
    children: ChildPhones, registrar: SipPeer, stranger: SipPeer
) -> None:
    phone, request = await asks(children, registrar)
    registrar.replies(request, 200, "Expires: 60")
    await phone.next(PhoneUp)
    phone.dials(stranger.address)
    invite = await stranger.request("INVITE")
    stranger.replies(invite, 401, f"WWW-Authenticate: {challenge(REALM)}")
    await phone.next(CallEnded)
    assert not [each for each in stranger.heard_so_far() if "uthorization:" in each]
