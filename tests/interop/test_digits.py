"""Keys, both ways of sending them, with phones of other makers."""

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    Dtmf,
    DtmfHeard,
    DtmfSent,
    Ending,
    Sound,
)
from tests.contract.phones import ChildPhones, Phone
from tests.interop.baresip import Baresip
from tests.interop.sipp import Sipp

pytestmark = pytest.mark.interop


@pytest.fixture
async def phone(phones: ChildPhones) -> Phone:
    made = await phones.make()
    await made.open("1001", Sound.TONE)
    return made


async def answered(phone: Phone) -> str:
    call_id = await phone.is_rung()
    phone.do(Answer(call_id=call_id))
    await phone.next(CallConnected)
    return call_id


async def test_keys_to_and_from_baresip(phone: Phone, baresip: Baresip) -> None:
    await baresip.dial(phone.address)
    call_id = await answered(phone)
    await baresip.sees("CALL_ESTABLISHED")
    for key in "1*#":
        await baresip.press(key)
        assert (await phone.next(DtmfHeard)).digit == key
    phone.do(Dtmf(call_id=call_id, digits="40#"))
    await phone.next(DtmfSent)
    for key in "40#":
        await baresip.sees("CALL_DTMF_START", param=key)


async def test_keys_as_telephone_events_from_sipp(phone: Phone, sipp: Sipp) -> None:
    host_port = phone.address.rpartition("@")[2]
    customer = await sipp.start("talks", host_port, "1001")
    await answered(phone)
    await sipp.ends_well(customer)
    assert [event.digit for event in phone.told(DtmfHeard)] == ["4", "#"]


async def test_keys_by_info_where_telephone_events_are_unknown(phone: Phone, sipp: Sipp) -> None:
    customer = await sipp.start("info", phone.address.rpartition("@")[2], "1001")
    call_id = await answered(phone)
    assert (await phone.next(DtmfHeard)).digit == "5"
    phone.do(Dtmf(call_id=call_id, digits="9"))
    assert (await phone.next(DtmfSent)).count == 1
    assert (await phone.next(CallEnded)).ending is Ending.REMOTE
    await sipp.ends_well(customer)
