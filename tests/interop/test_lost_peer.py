"""A customer's phone that dies in mid-call."""

import pytest

from agent_client.phone.engine import Answer, CallConnected, CallEnded, Ending, Sound
from tests.contract.phones import ChildPhones
from tests.interop.baresip import Baresip

pytestmark = pytest.mark.interop


async def test_it_is_noticed_by_the_silence(phones: ChildPhones, baresip: Baresip) -> None:
    phone = await phones.make()
    await phone.open("1001", Sound.TONE, rtp_loss_s=2)
    await baresip.dial(phone.address)
    call_id = await phone.is_rung()
    phone.do(Answer(call_id=call_id))
    await phone.next(CallConnected)
    await baresip.sees("CALL_RTPESTAB")
    baresip.die()
    assert await phone.next(CallEnded) == CallEnded(
        call_id=call_id, ending=Ending.RTP_LOSS, answered=True
    )
