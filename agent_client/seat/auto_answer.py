"""Calls of a line that are connected by themselves, after a tone in the agent's ear."""

import asyncio

import msgspec

from agent_client.phone import engine
from agent_client.seat.call import DeskCall, Taking
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.wire.desk_call import CallState

RING_S = 1.0
"""So long the call rings, for the agent to see it and to refuse it."""


class AutoAnswer:
    """Answers what may be answered without a hand."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders
        self._timer: asyncio.TimerHandle | None = None

    def offered(self, call_id: str) -> None:
        """A call of such a line rings."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(RING_S, self._answer, call_id)

    def stop(self) -> None:
        """Answer nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _answer(self, call_id: str) -> None:
        present = self._standing.call
        if present is None or present.id != call_id or not self._may(present):
            return
        self._standing.call = msgspec.structs.replace(present, taking=Taking.BY_ITSELF)
        order = self._orders.ask(engine.Answer(call_id=call_id, zip_tone=True))
        order.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _may(self, present: DeskCall) -> bool:
        """Nobody who has refused it, has chosen to leave, or is not there is given the call."""
        now = self._standing.agent
        untouched = present.taking is None and present.intent is None
        stays = now.next is None or now.next.state is State.READY
        there = now.microphone and not now.locked
        return present.state is CallState.RINGING and untouched and stays and there
