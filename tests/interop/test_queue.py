"""Phones at an exchange with a queue: who is offered a customer, and when."""

import pytest

from agent_client.phone.engine import (
    Answer,
    CallConnected,
    CallEnded,
    CallIncoming,
    CallProgress,
    Ending,
    Reject,
    Ring,
)
from tests.contract.phones import ChildPhones, Phone
from tests.interop.baresip import Baresip
from tests.interop.conftest import registered
from tests.interop.kamailio import PAUSE_CODE, QUEUE, READY_CODE, Kamailio
from tests.interop.sipp import Sipp

pytestmark = pytest.mark.interop


async def tells(phone: Phone, code: str) -> None:
    """Call a feature code, and wait until the exchange has noted it."""
    call_id = phone.dials(code)
    ended = await phone.next(CallEnded)
    assert (ended.call_id, ended.sip_status) == (call_id, 486)


async def answers(phone: Phone) -> str:
    """Take the next call."""
    call_id = await phone.is_rung()
    phone.do(Answer(call_id=call_id))
    await phone.next(CallConnected)
    return call_id


async def test_the_longest_idle_agent_gets_the_customer(
    phones: ChildPhones, kamailio: Kamailio, sipp: Sipp
) -> None:
    first = await registered(phones, kamailio, "1001")
    second = await registered(phones, kamailio, "1002")
    await tells(second, READY_CODE)
    await tells(first, READY_CODE)
    customer = await sipp.start("talks", kamailio.address, QUEUE)
    offered = await second.next(CallIncoming)
    assert (offered.peer, offered.peer_name) == ("13800138000", "Jane Customer")
    assert offered.called == QUEUE
    second.do(Answer(call_id=offered.call_id))
    await second.next(CallConnected)
    assert await second.next(CallEnded) == CallEnded(
        call_id=offered.call_id, ending=Ending.REMOTE, answered=True
    )
    await sipp.ends_well(customer)
    assert first.told(CallIncoming) == []


async def test_the_next_customer_comes_only_when_the_agent_is_ready_again(
    phones: ChildPhones, kamailio: Kamailio, sipp: Sipp
) -> None:
    agent = await registered(phones, kamailio, "1001")
    await tells(agent, READY_CODE)
    first = await sipp.start("talks", kamailio.address, QUEUE)
    await answers(agent)
    second = await sipp.start("talks", kamailio.address, QUEUE)
    await tells(agent, PAUSE_CODE)  # in the call, beside it
    await agent.next(CallEnded)
    await sipp.ends_well(first)
    # After-call work: a second customer waits, and a call to a colleague is not disturbed.
    assert len(agent.told(CallIncoming)) == 1
    agent.dials("1009")
    assert (await agent.next(CallEnded)).sip_status == 480
    assert len(agent.told(CallIncoming)) == 1
    await tells(agent, READY_CODE)
    await answers(agent)
    await sipp.ends_well(second)


async def test_a_customer_who_is_refused_is_offered_elsewhere(
    phones: ChildPhones, kamailio: Kamailio, sipp: Sipp
) -> None:
    unwilling = await registered(phones, kamailio, "1001")
    willing = await registered(phones, kamailio, "1002")
    await tells(unwilling, READY_CODE)
    await tells(willing, READY_CODE)
    customer = await sipp.start("talks", kamailio.address, QUEUE)
    refused = await unwilling.is_rung()
    unwilling.do(Reject(call_id=refused, status=486))
    taken = await willing.next(CallIncoming)
    assert taken.peer == "13800138000"
    willing.do(Answer(call_id=taken.call_id))
    await sipp.ends_well(customer)
    assert len(unwilling.told(CallIncoming)) == 1


async def test_a_customer_who_gives_up_is_nobodys_miss(
    phones: ChildPhones, kamailio: Kamailio, sipp: Sipp
) -> None:
    agent = await registered(phones, kamailio, "1001")
    await tells(agent, READY_CODE)
    customer = await sipp.start("abandons", kamailio.address, QUEUE)
    offered = await agent.next(CallIncoming)
    agent.do(Ring(call_id=offered.call_id))
    assert await agent.next(CallEnded) == CallEnded(
        call_id=offered.call_id, ending=Ending.REMOTE, answered=False, sip_status=487
    )
    await sipp.ends_well(customer)
    again = await sipp.start("talks", kamailio.address, QUEUE)
    await answers(agent)
    await sipp.ends_well(again)


async def test_a_customer_with_another_phone_speaks_with_an_agent(
    phones: ChildPhones, kamailio: Kamailio, baresip: Baresip
) -> None:
    agent = await registered(phones, kamailio, "1001")
    await tells(agent, READY_CODE)
    await baresip.dial(f"sip:{QUEUE}@{kamailio.address}")
    await answers(agent)
    await baresip.sees("CALL_ESTABLISHED")
    await baresip.hang_up()
    assert (await agent.next(CallEnded)).ending is Ending.REMOTE


async def test_a_customer_is_called_and_answers(
    phones: ChildPhones, kamailio: Kamailio, baresip: Baresip
) -> None:
    agent = await registered(phones, kamailio, "1001")
    agent.dials(baresip.address)
    await baresip.sees("CALL_INCOMING")
    assert (await agent.next(CallProgress)).status == 180
    await baresip.answer()
    await agent.next(CallConnected)
    await baresip.hang_up()
    assert (await agent.next(CallEnded)).ending is Ending.REMOTE
