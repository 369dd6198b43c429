"""Registered phones against a real registrar and proxy (Kamailio)."""

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    CallProgress,
    CallResumed,
    Ending,
    Hangup,
    Hold,
    Open,
    PhoneDown,
    PhoneUp,
    Reject,
    Resume,
    Ring,
    Sound,
    Transport,
)
from agent_client.phone.registration import ANSWER_S, RENEW_S
from tests.contract.phones import ChildPhones, Phone
from tests.interop.conftest import Registrar

pytestmark = pytest.mark.interop


async def registered(
    phones: ChildPhones,
    registrar: Registrar,
    user: str,
    password: str,
    transport: Transport = Transport.UDP,
) -> Phone:
    phone = await phones.make()
    phone.do(
        Open(
            user=user,
            registrar=registrar.address,
            password=password,
            transport=transport,
            sound=Sound.NONE,
            display_name=f"Agent {user}",
        )
    )
    return phone


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
async def test_two_registered_phones_call_each_other(
    phones: ChildPhones, registrar: Registrar, transport: Transport
) -> None:
    first = await registered(phones, registrar, "1001", "secret-1001", transport)
    second = await registered(phones, registrar, "1002", "secret-1002", transport)
    await first.next(PhoneUp)
    await second.next(PhoneUp)
    out = first.dials("1002")
    offered = await second.next(CallIncoming)
    assert (offered.peer, offered.peer_name) == ("1001", "Agent 1001")
    second.do(Ring(call_id=offered.call_id))
    assert (await first.next(CallProgress)).status == 180
    second.do(Answer(call_id=offered.call_id))
    await first.next(CallConnected)
    await second.next(CallConnected)
    second.do(Hold(call_id=offered.call_id))
    await second.next(CallHeld)
    second.do(Resume(call_id=offered.call_id))
    await second.next(CallResumed)
    second.do(Hangup(call_id=offered.call_id))
    assert await first.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=True
    )


async def test_refusals_pass_through_the_proxy(phones: ChildPhones, registrar: Registrar) -> None:
    first = await registered(phones, registrar, "1001", "secret-1001")
    second = await registered(phones, registrar, "1002", "secret-1002")
    await first.next(PhoneUp)
    await second.next(PhoneUp)
    out = first.dials("1002")
    second.do(Reject(call_id=(await second.next(CallIncoming)).call_id, status=603))
    assert await first.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=False, sip_status=603
    )
    nobody = first.dials("1009")
    assert await first.next(CallEnded) == CallEnded(
        call_id=nobody, ending=Ending.REMOTE, answered=False, sip_status=480
    )


async def test_a_closed_phone_is_not_registered_any_more(
    phones: ChildPhones, registrar: Registrar
) -> None:
    first = await registered(phones, registrar, "1001", "secret-1001")
    second = await registered(phones, registrar, "1002", "secret-1002")
    await first.next(PhoneUp)
    await second.next(PhoneUp)
    await phones.children[1].stop()
    first.dials("1002")
    assert (await first.next(CallEnded)).sip_status == 480


async def test_a_wrong_password_is_told(phones: ChildPhones, registrar: Registrar) -> None:
    phone = await registered(phones, registrar, "1001", "guessed")
    assert await phone.next(PhoneDown) == PhoneDown(code="registration_failed", sip_status=401)


async def test_a_silent_registrar_is_noticed_and_found_again(
    phones: ChildPhones, registrar: Registrar
) -> None:
    phone = await registered(phones, registrar, "1001", "secret-1001")
    await phone.next(PhoneUp)
    registrar.falls_silent()
    lost = await phone.next(PhoneDown, limit_s=RENEW_S + ANSWER_S + 2)
    assert lost == PhoneDown(code="registration_lost")
    registrar.speaks_again()
    await phone.next(PhoneUp)
