"""Registered phones against a real registrar and proxy (Kamailio)."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

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
from agent_client.phone.registration import ANSWER_S, RENEW_S, RETRY_S
from tests.contract.phones import ChildPhones
from tests.interop.conftest import order, registered
from tests.interop.kamailio import PAUSE_CODE, READY_CODE, Kamailio

pytestmark = pytest.mark.interop

NOTICED_S = RENEW_S + ANSWER_S


@pytest.mark.parametrize("transport", list(Transport))
async def test_two_registered_phones_call_each_other(
    phones: ChildPhones, kamailio: Kamailio, transport: Transport
) -> None:
    first = await registered(phones, kamailio, "1001", transport)
    second = await registered(phones, kamailio, "1002", transport)
    out = first.dials("1002")
    offered = await second.next(CallIncoming)
    assert (offered.peer, offered.peer_name) == ("1001", "Agent 1001")
    assert offered.called == "1002"
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


async def test_a_registrar_that_anybody_may_have_certified_gets_no_password(
    phones: ChildPhones, kamailio: Kamailio, tmp_path: Path
) -> None:
    another = tmp_path / "another-ca.pem"
    trustme.CA().cert_pem.write_to_path(another)
    for ca in (another, tmp_path / "missing.pem"):
        phone = await phones.make()
        phone.do(order(kamailio, "1001", Transport.TLS, ca=str(ca)))
        assert (await phone.next(PhoneDown)).code == "certificate_refused"
        assert phone.told(PhoneUp) == []


async def test_a_certificate_for_another_host_is_refused(
    phones: ChildPhones, kamailio: Kamailio
) -> None:
    await kamailio.stop()
    kamailio.certify("pbx.invalid")
    await kamailio.start()
    phone = await phones.make()
    phone.do(order(kamailio, "1001", Transport.TLS))
    assert (await phone.next(PhoneDown)).code == "certificate_refused"


async def test_refusals_pass_through_the_proxy(phones: ChildPhones, kamailio: Kamailio) -> None:
    first = await registered(phones, kamailio, "1001")
    second = await registered(phones, kamailio, "1002")
    out = first.dials("1002")
    second.do(Reject(call_id=(await second.next(CallIncoming)).call_id, status=603))
    assert await first.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=False, sip_status=603
    )
    nobody = first.dials("1009")
    assert await first.next(CallEnded) == CallEnded(
        call_id=nobody, ending=Ending.REMOTE, answered=False, sip_status=480
    )


@pytest.mark.parametrize("code", [READY_CODE, PAUSE_CODE])
async def test_a_feature_code_is_a_call_that_ends_in_486(
    phones: ChildPhones, kamailio: Kamailio, code: str
) -> None:
    phone = await registered(phones, kamailio, "1001")
    call_id = phone.dials(code)
    assert await phone.next(CallEnded) == CallEnded(
        call_id=call_id, ending=Ending.REMOTE, answered=False, sip_status=486
    )
    assert phone.told(CallProgress) == []


async def test_a_closed_phone_is_not_registered_any_more(
    phones: ChildPhones, kamailio: Kamailio
) -> None:
    first = await registered(phones, kamailio, "1001")
    await registered(phones, kamailio, "1002")
    await phones.children[1].stop()
    first.dials("1002")
    assert (await first.next(CallEnded)).sip_status == 480


async def test_a_wrong_password_is_told(phones: ChildPhones, kamailio: Kamailio) -> None:
    phone = await phones.make()
    phone.do(Open(user="1001", registrar=kamailio.address, password="guessed", sound=Sound.NONE))
    assert await phone.next(PhoneDown) == PhoneDown(code="registration_failed", sip_status=401)


@pytest.mark.prove
async def test_a_silent_registrar_is_noticed_and_found_again(
    phones: ChildPhones, kamailio: Kamailio
) -> None:
    phone = await registered(phones, kamailio, "1001")
    kamailio.falls_silent()
    lost = await phone.next(PhoneDown, limit_s=NOTICED_S + 2)
    assert lost == PhoneDown(code="registration_lost")
    kamailio.speaks_again()
    await phone.next(PhoneUp)


@pytest.mark.prove
@pytest.mark.parametrize("transport", list(Transport))
async def test_a_registrar_that_is_restarted_is_found_again(
    phones: ChildPhones,
    kamailio: Kamailio,
    transport: Transport,
    record_property: Callable[[str, object], None],
) -> None:
    phone = await registered(phones, kamailio, "1001", transport)
    await kamailio.stop()
    stopped = time.monotonic()
    lost = await phone.next(PhoneDown, limit_s=NOTICED_S + 2)
    noticed = time.monotonic() - stopped
    await kamailio.start()
    started = time.monotonic()
    await phone.next(PhoneUp, limit_s=RETRY_S + ANSWER_S + 2)
    record_property("noticed_s", round(noticed, 1))
    record_property("found_again_s", round(time.monotonic() - started, 1))
    assert lost.code == "registration_lost"
    assert noticed <= NOTICED_S + 1
    caller = await registered(phones, kamailio, "1002", transport)
    caller.dials("1001")
    await phone.next(CallIncoming)
