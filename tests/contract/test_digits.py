"""Keys pressed in a call."""

import pytest

from agent_client.phone.engine import (
    CallHeld,
    CallResumed,
    CommandRefused,
    Dtmf,
    DtmfHeard,
    DtmfSent,
    Hold,
    Resume,
)
from tests.contract.phones import Phone, connect


async def test_keys_go_both_ways(seat: Phone, customer: Phone) -> None:
    out, into = await connect(customer, seat)
    seat.do(Dtmf(call_id=into, digits="0*#D"))
    assert await seat.next(DtmfSent) == DtmfSent(call_id=into, count=4)
    for digit in "0*#D":
        assert await customer.next(DtmfHeard) == DtmfHeard(call_id=out, digit=digit)
    customer.do(Dtmf(call_id=out, digits="5"))
    assert await seat.next(DtmfHeard) == DtmfHeard(call_id=into, digit="5")


@pytest.mark.parametrize("digits", ["", "a", "12 3", "１", "1\n", "E", "0" * 33])
async def test_what_is_no_key_is_refused(seat: Phone, customer: Phone, digits: str) -> None:
    _, into = await connect(customer, seat)
    seat.do(Dtmf(call_id=into, digits=digits))
    assert await seat.next(CommandRefused) == CommandRefused(
        code="bad_digits", command="dtmf", call_id=into
    )
    assert seat.told(DtmfSent) == []


async def test_nobody_on_hold_hears_a_key(seat: Phone, customer: Phone) -> None:
    _, into = await connect(customer, seat)
    seat.do(Hold(call_id=into))
    seat.do(Dtmf(call_id=into, digits="1"))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    await seat.next(CallHeld)
    seat.do(Dtmf(call_id=into, digits="1"))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    seat.do(Resume(call_id=into))
    await seat.next(CallResumed)
    seat.do(Dtmf(call_id=into, digits="2"))
    assert (await customer.next(DtmfHeard)).digit == "2"
