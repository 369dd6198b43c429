"""From an INVITE on the wire to its event in the phone's parent process, with nothing else to do:
the phone's own part of what `bench.ringing` measures.

    python -m bench.invite [--calls N]
"""

import argparse
import asyncio
import statistics
import sys
import time

from agent_client.phone.child import PhoneChild
from agent_client.phone.engine import AnyEvent, CallIncoming, Open, PhoneUp, Reject, Sound
from tests.phone.sip_peer import SipPeer

BETWEEN_S = 0.21
"""Calls in a hurry are made to wait by the phone."""
LIMIT_S = 20.0


class Parent:
    """Whoever has the phone as a child: its events, each with when it came."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[tuple[float, AnyEvent]] = asyncio.Queue()
        self.phone = PhoneChild(self._take, lambda _: None)

    async def open(self) -> str:
        """Start the phone; its SIP address."""
        await self.phone.start()
        self.phone.do(Open(user="1001", display_name="", sound=Sound.NONE))
        while True:
            _, event = await self._next()
            if isinstance(event, PhoneUp):
                return event.address

    async def offered(self) -> tuple[float, CallIncoming]:
        """Wait for a call: when its event came, and the event."""
        while True:
            at, event = await self._next()
            if isinstance(event, CallIncoming):
                return at, event

    async def _next(self) -> tuple[float, AnyEvent]:
        async with asyncio.timeout(LIMIT_S):
            return await self._heard.get()

    def _take(self, event: AnyEvent) -> None:
        self._heard.put_nowait((time.perf_counter(), event))


async def offer(parent: Parent, address: str) -> float:
    """One call, refused at once: milliseconds from its INVITE to its event."""
    peer = await SipPeer.open()
    began = time.perf_counter()
    peer.calls(address)
    at, event = await parent.offered()
    parent.phone.do(Reject(call_id=event.call_id, status=486))
    await peer.is_refused(486)
    peer.transport.close()
    return (at - began) * 1000


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=200)
    asked = parser.parse_args()
    parent = Parent()
    address = await parent.open()
    took = []
    try:
        for _ in range(asked.calls):
            took.append(await offer(parent, address))
            await asyncio.sleep(BETWEEN_S)
    finally:
        await parent.phone.stop()
    p95 = statistics.quantiles(took, n=20)[-1]
    sys.stdout.write(
        f"INVITE to the event in the phone's parent, {asked.calls} calls: "
        f"p50 {statistics.median(took):.2f} ms, p95 {p95:.2f} ms (≤ 2)\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
