"""A peer that dies without a word."""

import asyncio
import os
import signal

from agent_client.phone.engine import CallEnded, CallHeld, CallResumed, Ending, Hold, Resume, Sound
from tests.contract.phones import ChildPhones, connect


async def test_a_call_whose_peer_died_is_ended_once(children: ChildPhones) -> None:
    phone, peer = await children.make(), await children.make()
    await phone.open("1001", rtp_loss_s=2)
    await peer.open("1002", Sound.TONE)
    _, into = await connect(peer, phone)
    pid = children.children[1].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert await phone.next(CallEnded) == CallEnded(
        call_id=into, ending=Ending.RTP_LOSS, answered=True
    )
    assert len(phone.told(CallEnded)) == 1


async def test_silence_while_the_peer_holds_us_is_no_loss(children: ChildPhones) -> None:
    phone, peer = await children.make(), await children.make()
    await phone.open("1001", rtp_loss_s=2)
    await peer.open("1002")
    out, _ = await connect(peer, phone)
    peer.do(Hold(call_id=out))
    await peer.next(CallHeld)
    await asyncio.sleep(3.2)  # longer than what would be a loss
    peer.do(Resume(call_id=out))
    await peer.next(CallResumed)
    await asyncio.sleep(3.2)  # sound is back: no loss either
    assert phone.told(CallEnded) == []
