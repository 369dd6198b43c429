"""What every phone does, whatever is inside."""

import re

import pytest

from agent_client.phone.engine import (
    Answer,
    AnyCommand,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    CallMuted,
    CallProgress,
    CallResumed,
    Close,
    CommandRefused,
    Dial,
    Ending,
    Hangup,
    Hold,
    Mute,
    Open,
    PhoneUp,
    Reject,
    Resume,
    Ring,
    Sound,
)
from tests.contract.conftest import Phones
from tests.contract.phones import Phone, connect


async def test_a_direct_phone_comes_up_at_its_own_address(phones: Phones) -> None:
    phone = await phones.make()
    phone.do(Open(user="1001", sound=Sound.NONE))
    up = await phone.next(PhoneUp)
    assert up.microphone
    assert re.fullmatch(r"sip:1001@127\.0\.0\.1:[1-9]\d+", up.address)


async def test_an_incoming_call_rings_is_answered_and_hung_up_by_the_caller(
    seat: Phone, customer: Phone
) -> None:
    out = customer.dials(seat.address)
    offered = await seat.next(CallIncoming)
    assert offered.peer == "4955512345"
    assert (offered.called, offered.peer_uri) == ("1001", customer.address)
    assert offered.call_id != out
    assert customer.told(CallProgress) == []
    seat.do(Ring(call_id=offered.call_id))
    assert await customer.next(CallProgress) == CallProgress(call_id=out, status=180)
    seat.do(Answer(call_id=offered.call_id))
    here, there = await seat.next(CallConnected), await customer.next(CallConnected)
    assert here.sip_call_id == there.sip_call_id == offered.sip_call_id != ""
    customer.do(Hangup(call_id=out))
    assert await seat.next(CallEnded) == CallEnded(
        call_id=offered.call_id, ending=Ending.REMOTE, answered=True
    )
    assert await customer.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.LOCAL, answered=True
    )


async def test_a_call_answers_itself_after_a_tone(seat: Phone, customer: Phone) -> None:
    customer.dials(seat.address)
    into = await seat.is_rung()
    seat.do(Answer(call_id=into, zip_tone=True))
    seat.do(Answer(call_id=into))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    assert (await seat.next(CallConnected)).call_id == into
    await customer.next(CallConnected)


async def test_an_answered_call_is_hung_up_by_us(seat: Phone, customer: Phone) -> None:
    out, into = await connect(customer, seat)
    seat.do(Hangup(call_id=into))
    assert await seat.next(CallEnded) == CallEnded(call_id=into, ending=Ending.LOCAL, answered=True)
    assert await customer.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=True
    )


async def test_a_caller_leaves_while_it_rings(seat: Phone, customer: Phone) -> None:
    out = customer.dials(seat.address)
    into = await seat.is_rung()
    await customer.next(CallProgress)
    customer.do(Hangup(call_id=out))
    assert await seat.next(CallEnded) == CallEnded(
        call_id=into, ending=Ending.REMOTE, answered=False, sip_status=487
    )
    assert await customer.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.LOCAL, answered=False, sip_status=487
    )


@pytest.mark.parametrize("status", [480, 486, 603])
async def test_a_rejected_caller_sees_the_status(seat: Phone, customer: Phone, status: int) -> None:
    out = customer.dials(seat.address)
    into = await seat.is_rung()
    seat.do(Reject(call_id=into, status=status))
    assert await seat.next(CallEnded) == CallEnded(
        call_id=into, ending=Ending.LOCAL, answered=False, sip_status=status
    )
    assert await customer.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=False, sip_status=status
    )


async def test_a_call_can_be_rejected_before_it_rings(seat: Phone, customer: Phone) -> None:
    customer.dials(seat.address)
    into = (await seat.next(CallIncoming)).call_id
    seat.do(Reject(call_id=into))
    assert (await customer.next(CallEnded)).sip_status == 486
    assert customer.told(CallProgress) == []


async def test_a_status_that_is_no_refusal_does_not_answer_the_call(
    seat: Phone, customer: Phone
) -> None:
    customer.dials(seat.address)
    into = await seat.is_rung()
    seat.do(Reject(call_id=into, status=200))
    refused = await seat.next(CommandRefused)
    assert refused == CommandRefused(code="phone_refused", command="reject", call_id=into)
    seat.do(Answer(call_id=into))
    await customer.next(CallConnected)


async def test_a_dialled_call_is_answered(seat: Phone, customer: Phone) -> None:
    out = seat.dials(customer.address)
    into = await customer.is_rung()
    assert await seat.next(CallProgress) == CallProgress(call_id=out, status=180)
    customer.do(Answer(call_id=into))
    assert (await seat.next(CallConnected)).call_id == out


async def test_a_dialled_call_is_given_up(seat: Phone, customer: Phone) -> None:
    out = seat.dials(customer.address)
    into = await customer.is_rung()
    await seat.next(CallProgress)
    seat.do(Hangup(call_id=out))
    assert await seat.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.LOCAL, answered=False, sip_status=487
    )
    assert (await customer.next(CallEnded)).call_id == into


async def test_a_call_is_held_and_taken_back(seat: Phone, customer: Phone) -> None:
    _, into = await connect(customer, seat)
    seat.do(Hold(call_id=into))
    assert await seat.next(CallHeld) == CallHeld(call_id=into)
    seat.do(Hold(call_id=into))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    seat.do(Resume(call_id=into))
    assert await seat.next(CallResumed) == CallResumed(call_id=into)
    seat.do(Resume(call_id=into))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    assert (customer.told(CallHeld), customer.told(CallResumed)) == ([], [])


async def test_both_sides_may_hold_at_once(seat: Phone, customer: Phone) -> None:
    out, into = await connect(customer, seat)
    customer.do(Hold(call_id=out))
    await customer.next(CallHeld)
    seat.do(Hold(call_id=into))
    await seat.next(CallHeld)
    customer.do(Resume(call_id=out))
    await customer.next(CallResumed)
    seat.do(Resume(call_id=into))
    await seat.next(CallResumed)
    assert len(seat.told(CallHeld)) == len(seat.told(CallResumed)) == 1


async def test_a_held_call_can_be_hung_up(seat: Phone, customer: Phone) -> None:
    _, into = await connect(customer, seat)
    seat.do(Hold(call_id=into))
    await seat.next(CallHeld)
    seat.do(Hangup(call_id=into))
    assert (await seat.next(CallEnded)).answered
    assert (await customer.next(CallEnded)).ending is Ending.REMOTE


async def test_a_call_is_muted_and_unmuted(seat: Phone, customer: Phone) -> None:
    _, into = await connect(customer, seat)
    seat.do(Mute(call_id=into, muted=True))
    assert await seat.next(CallMuted) == CallMuted(call_id=into, muted=True)
    seat.do(Mute(call_id=into, muted=False))
    assert await seat.next(CallMuted) == CallMuted(call_id=into, muted=False)


@pytest.mark.parametrize(
    "command",
    [
        Ring(call_id="none"),
        Answer(call_id="none"),
        Reject(call_id="none"),
        Hangup(call_id="none"),
        Hold(call_id="none"),
        Resume(call_id="none"),
        Mute(call_id="none", muted=True),
    ],
    ids=lambda command: type(command).__name__,
)
async def test_an_unknown_call_is_refused(seat: Phone, command: AnyCommand) -> None:
    seat.do(command)
    refused = await seat.next(CommandRefused)
    assert (refused.code, refused.call_id) == ("unknown_call", "none")
    assert refused.command == type(command).__name__.lower()


async def test_commands_in_the_wrong_state_are_refused_and_harmless(
    seat: Phone, customer: Phone
) -> None:
    out = customer.dials(seat.address)
    into = await seat.is_rung()
    await customer.next(CallProgress)
    for wrong in (Hangup(call_id=into), Hold(call_id=into), Mute(call_id=into, muted=True)):
        seat.do(wrong)
        assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    customer.do(Answer(call_id=out))
    assert (await customer.next(CommandRefused)).code == "wrong_call_state"
    seat.do(Answer(call_id=into))
    await seat.next(CallConnected)
    for late in (Ring(call_id=into), Reject(call_id=into), Dial(call_id=into, target="sip:a@b")):
        seat.do(late)
        assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    assert seat.told(CallEnded) == customer.told(CallEnded) == []


@pytest.mark.parametrize(
    "target",
    [
        "",
        "1002",  # a number needs a registrar
        "agent",
        "sip:",
        "sip:a@b c",
        "sip:a@b\r\nX-Evil: 1",
        "sip:a@127.0.0.1?X-Evil=1",
        "<sip:a@127.0.0.1>",
        "sip:a@127.0.0.1;method=BYE",
        "tel:+4912345",
        "http://127.0.0.1/",
    ],
)
async def test_a_bad_target_is_refused(seat: Phone, target: str) -> None:
    call_id = seat.dials(target)
    assert await seat.next(CommandRefused) == CommandRefused(
        code="bad_target", command="dial", call_id=call_id
    )


async def test_a_phone_that_is_not_open_refuses(phones: Phones) -> None:
    phone = await phones.make()
    phone.dials("sip:1002@127.0.0.1")
    assert (await phone.next(CommandRefused)).code == "not_open"
    phone.do(Hangup(call_id="none"))
    assert (await phone.next(CommandRefused)).code == "not_open"


async def test_an_open_phone_is_not_opened_twice(seat: Phone, customer: Phone) -> None:
    seat.do(Open(user="1002", sound=Sound.NONE))
    assert (await seat.next(CommandRefused)).code == "phone_refused"
    await connect(customer, seat)


async def test_a_second_caller_is_rejected_and_the_first_stays(
    phones: Phones, seat: Phone, customer: Phone
) -> None:
    _, first = await connect(customer, seat)
    other = await phones.make()
    await other.open("4955567890")
    out = other.dials(seat.address)
    second = await seat.next(CallIncoming)
    assert second.peer == "4955567890"
    seat.do(Reject(call_id=second.call_id))
    assert await other.next(CallEnded) == CallEnded(
        call_id=out, ending=Ending.REMOTE, answered=False, sip_status=486
    )
    assert (await seat.next(CallEnded)).call_id == second.call_id
    seat.do(Hold(call_id=first))
    await seat.next(CallHeld)
    assert customer.told(CallEnded) == []


async def test_more_calls_than_a_phone_holds_are_refused(seat: Phone, customer: Phone) -> None:
    for _ in range(4):
        seat.dials(customer.address)
    fifth = seat.dials(customer.address)
    assert await seat.next(CommandRefused) == CommandRefused(
        code="too_many_calls", command="dial", call_id=fifth
    )


async def test_every_call_ends_exactly_once(seat: Phone, customer: Phone) -> None:
    calls = []
    for _ in range(3):
        out, into = await connect(customer, seat)
        seat.do(Hangup(call_id=into))
        customer.do(Hangup(call_id=out))
        await seat.next(CallEnded)
        await customer.next(CallEnded)
        calls.append((out, into))
    # The phones are still in order, and nothing of the crossed ends comes late.
    out, into = await connect(seat, customer)
    assert [end.call_id for end in customer.told(CallEnded)] == [out for out, _ in calls]
    assert [end.call_id for end in seat.told(CallEnded)] == [into for _, into in calls]


async def test_close_ends_every_call(phones: Phones, seat: Phone, customer: Phone) -> None:
    out, into = await connect(customer, seat)
    other = await phones.make()
    await other.open("4955567890")
    waiting_out = other.dials(seat.address)
    waiting = await seat.is_rung()
    await other.next(CallProgress)
    seat.do(Close())
    here = [await seat.next(CallEnded), await seat.next(CallEnded)]
    assert {end.call_id for end in here} == {into, waiting}
    assert {end.ending for end in here} == {Ending.LOCAL}
    assert (await customer.next(CallEnded)).call_id == out
    refused = await other.next(CallEnded)
    assert (refused.call_id, refused.answered) == (waiting_out, False)
    assert len(seat.told(CallEnded)) == 2
