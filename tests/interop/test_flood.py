"""SIPp as a stranger who calls and leaves without end, while an agent works."""

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    Hold,
    PhoneDown,
    Reject,
)
from tests.contract.phones import ChildPhones
from tests.interop.baresip import Baresip
from tests.interop.conftest import registered
from tests.interop.kamailio import Kamailio
from tests.interop.sipp import Sipp

pytestmark = pytest.mark.interop

# Strangers' calls are many and nobody keeps to the scenario: SIPp's own verdict says nothing.
LOOSE = ("-default_behaviors", "none", "-nd", "-timeout_error")


@pytest.mark.parametrize(
    ("calls", "a_second"),
    [
        pytest.param(150, 50, id="short"),
        pytest.param(4_000, 100, id="long", marks=pytest.mark.prove),
    ],
)
async def test_it_costs_neither_call_nor_registration(
    phones: ChildPhones,
    kamailio: Kamailio,
    baresip: Baresip,
    sipp: Sipp,
    calls: int,
    a_second: int,
) -> None:
    phone = await registered(phones, kamailio, "1001")
    await baresip.dial(f"sip:1001@{kamailio.address}")
    call_id = await phone.is_rung()
    phone.do(Answer(call_id=call_id))
    await phone.next(CallConnected)
    seconds = calls // a_second + 5
    stranger = await sipp.start(
        *("flood", phone.address.rpartition("@")[2], "1001", "-m", str(calls)),
        *("-r", str(a_second), "-timeout", f"{seconds}s", *LOOSE),
    )
    await stranger.wait()
    phone.do(Hold(call_id=call_id))
    await phone.next(CallHeld)
    assert phone.told(PhoneDown) == []
    assert phones.exits.empty()
    offered = {event.call_id for event in phone.told(CallIncoming)} - {call_id}
    assert offered
    for stayed in offered - {event.call_id for event in phone.told(CallEnded)}:
        phone.do(Reject(call_id=stayed))  # their CANCEL was lost in the crowd
    while len(ended := [event.call_id for event in phone.told(CallEnded)]) < len(offered):
        await phone.next(CallEnded)
    assert sorted(ended) == sorted(offered)
