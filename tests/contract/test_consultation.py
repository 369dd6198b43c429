"""A second call beside the first: asking a colleague, handing a customer on, three together."""

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallHeld,
    CallPeerChanged,
    CallProgress,
    CallResumed,
    CallsJoined,
    CommandRefused,
    Dial,
    Ending,
    Hangup,
    Hold,
    Join,
    Mute,
    Reject,
    Resume,
    Transfer,
)
from tests.contract.phones import Phone, connect

NOBODY = "sip:nobody@127.0.0.1:9"


async def consulting(seat: Phone, customer: Phone, colleague: Phone) -> tuple[str, str]:
    """The customer waits while we speak to a colleague: our names of the two calls."""
    _, into = await connect(customer, seat)
    seat.do(Hold(call_id=into))
    await seat.next(CallHeld)
    out, _ = await connect(seat, colleague)
    return into, out


async def talking_to_both(seat: Phone, customer: Phone, colleague: Phone) -> tuple[str, str]:
    into, out = await consulting(seat, customer, colleague)
    seat.do(Resume(call_id=into))
    await seat.next(CallResumed)
    return into, out


async def test_a_colleague_is_asked_while_the_customer_waits(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    into, out = await consulting(seat, customer, colleague)
    seat.do(Hangup(call_id=out))
    assert (await seat.next(CallEnded)).call_id == out
    seat.do(Resume(call_id=into))
    assert (await seat.next(CallResumed)).call_id == into
    assert customer.told(CallEnded) == []


async def test_a_customer_is_handed_on(seat: Phone, customer: Phone, colleague: Phone) -> None:
    out, into = await connect(customer, seat)
    seat.do(Transfer(call_id=into, target=colleague.address))
    there = await colleague.is_rung()
    assert seat.told(CallEnded) == []
    colleague.do(Answer(call_id=there))
    assert await seat.next(CallEnded) == CallEnded(
        call_id=into, ending=Ending.TRANSFERRED, answered=True
    )
    ended = await customer.next(CallEnded)
    assert (ended.call_id, ended.ending) == (out, Ending.REMOTE)
    # The customer's phone has made a call of its own, in which both can speak.
    made = customer.told(CallConnected)[-1].call_id
    assert made != out
    colleague.do(Hangup(call_id=there))
    assert (await customer.next(CallEnded)).call_id == made


async def test_a_target_that_is_busy_leaves_the_call_with_us(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    _, into = await connect(customer, seat)
    colleague.rejects_callers()
    seat.do(Transfer(call_id=into, target=colleague.address))
    assert await seat.next(CommandRefused) == CommandRefused(
        code="transfer_failed", command="transfer", call_id=into
    )
    seat.do(Hold(call_id=into))
    await seat.next(CallHeld)
    assert seat.told(CallEnded) == []


async def test_a_side_that_will_not_be_handed_on_stays(seat: Phone, colleague: Phone) -> None:
    _, into = await connect(colleague, seat)
    seat.do(Transfer(call_id=into, target=NOBODY))
    assert (await seat.next(CommandRefused)).code == "transfer_failed"
    seat.do(Hangup(call_id=into))
    assert (await seat.next(CallEnded)).ending is Ending.LOCAL


async def test_a_customer_is_handed_to_the_colleague_we_asked(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    into, out = await consulting(seat, customer, colleague)
    there = colleague.told(CallConnected)[-1].call_id
    seat.do(Transfer(call_id=into, to_call=out))
    ended = [await seat.next(CallEnded), await seat.next(CallEnded)]
    assert {end.call_id for end in ended} == {into, out}
    assert {end.ending for end in ended} == {Ending.TRANSFERRED}
    changed = await colleague.next(CallPeerChanged)
    assert (changed.call_id, changed.peer) == (there, "4955512345")
    assert changed.peer_uri == customer.address
    assert colleague.told(CallEnded) == []
    # The colleague's call is the customer's, in every respect.
    colleague.do(Hold(call_id=there))
    assert (await colleague.next(CallHeld)).call_id == there
    made = customer.told(CallConnected)[-1].call_id
    customer.do(Hangup(call_id=made))
    assert await colleague.next(CallEnded) == CallEnded(
        call_id=there, ending=Ending.REMOTE, answered=True
    )


async def test_a_hold_of_ours_ends_when_somebody_takes_their_place(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    into, out = await consulting(seat, customer, colleague)
    there = colleague.told(CallConnected)[-1].call_id
    colleague.do(Hold(call_id=there))
    await colleague.next(CallHeld)
    seat.do(Transfer(call_id=into, to_call=out))
    await colleague.next(CallPeerChanged)
    assert (await colleague.next(CallResumed)).call_id == there
    colleague.do(Hold(call_id=there))
    await colleague.next(CallHeld)


async def test_a_call_that_is_being_handed_on_is_left_alone(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    _, into = await connect(customer, seat)
    seat.do(Transfer(call_id=into, target=colleague.address))
    there = await colleague.is_rung()
    for command in (
        Hold(call_id=into),
        Transfer(call_id=into, target=NOBODY),
        Join(call_id=into, other=into),
    ):
        seat.do(command)
        assert (await seat.next(CommandRefused)).code == "wrong_call_state"
    colleague.do(Reject(call_id=there, status=480))
    assert (await seat.next(CommandRefused)).code == "transfer_failed"


async def test_a_customer_may_hang_up_while_being_handed_on(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    out, into = await connect(customer, seat)
    seat.do(Transfer(call_id=into, target=colleague.address))
    await colleague.is_rung()
    customer.do(Hangup(call_id=out))
    assert await seat.next(CallEnded) == CallEnded(
        call_id=into, ending=Ending.REMOTE, answered=True
    )
    assert seat.told(CommandRefused) == []


async def test_a_transfer_goes_to_one_place_that_there_is(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    into, out = await consulting(seat, customer, colleague)
    for wrong, code in (
        (Transfer(call_id=into), "bad_target"),
        (Transfer(call_id=into, target="sip:a b"), "bad_target"),
        (Transfer(call_id=into, target=NOBODY, to_call=out), "bad_target"),
        (Transfer(call_id=into, to_call="none"), "unknown_call"),
        (Transfer(call_id=into, to_call=into), "wrong_call_state"),
        (Transfer(call_id="none", target=NOBODY), "unknown_call"),
    ):
        seat.do(wrong)
        refused = await seat.next(CommandRefused)
        assert (refused.code, refused.call_id) == (code, wrong.call_id)
    assert seat.told(CallEnded) == customer.told(CallEnded) == colleague.told(CallEnded) == []


async def test_a_call_that_only_rings_cannot_be_handed_to(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    _, into = await connect(customer, seat)
    out = seat.dials(colleague.address)
    await colleague.is_rung()
    await seat.next(CallProgress)
    seat.do(Transfer(call_id=into, to_call=out))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"


async def test_three_speak_together_until_one_leaves(
    seat: Phone, customer: Phone, colleague: Phone
) -> None:
    into, out = await talking_to_both(seat, customer, colleague)
    seat.do(Join(call_id=into, other=out))
    assert await seat.next(CallsJoined) == CallsJoined(call_id=into, other=out)
    seat.do(Mute(call_id=into, muted=True))
    seat.do(Hold(call_id=into))
    await seat.next(CallHeld)
    seat.do(Resume(call_id=into))
    await seat.next(CallResumed)
    colleague.do(Hangup(call_id=colleague.told(CallConnected)[-1].call_id))
    assert (await seat.next(CallEnded)).call_id == out
    assert customer.told(CallEnded) == []
    again, _ = await connect(seat, colleague)
    seat.do(Join(call_id=again, other=into))
    assert (await seat.next(CallsJoined)).call_id == again


@pytest.mark.parametrize("other", ["held", "ringing", "itself", "none"])
async def test_only_two_that_speak_are_joined(
    seat: Phone, customer: Phone, colleague: Phone, other: str
) -> None:
    held, _ = await consulting(seat, customer, colleague)
    talking = seat.told(CallConnected)[-1].call_id
    ringing = "ringing"
    seat.do(Dial(call_id=ringing, target=colleague.address))
    await colleague.is_rung()
    others = {"held": held, "ringing": ringing, "itself": talking, "none": "none"}
    seat.do(Join(call_id=talking, other=others[other]))
    refused = await seat.next(CommandRefused)
    assert refused.code in {"wrong_call_state", "unknown_call"}
    assert seat.told(CallsJoined) == []


async def test_two_are_joined_once(seat: Phone, customer: Phone, colleague: Phone) -> None:
    into, out = await talking_to_both(seat, customer, colleague)
    seat.do(Join(call_id=into, other=out))
    await seat.next(CallsJoined)
    seat.do(Join(call_id=out, other=into))
    assert (await seat.next(CommandRefused)).code == "wrong_call_state"
