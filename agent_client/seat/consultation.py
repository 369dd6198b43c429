"""Consulting somebody about the customer, talking as three, and handing the customer on."""

import asyncio
import uuid

import msgspec

from agent_client.phone import engine
from agent_client.seat.call import Consulted, DeskCall, HandOver
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import Standing
from protocol.facts.call import ConsultStarted
from protocol.rules.agent_state import Happening, Trigger
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused


class Consultation:
    """What an agent can do with a second leg. Each raises `Refused`."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders

    async def begin(self, target: str) -> None:
        """Put the customer on hold and call somebody; done when that call is on its way."""
        present = self._present(CallState.TALK, CallState.HOLD)
        if not present.held:
            await self._orders.ask(engine.Hold(call_id=present.id))
            present = self._same(present, CallState.HOLD)
        consulted = Consulted(uuid.uuid4().hex, target)
        started = ConsultStarted(call_id=present.id, consult_id=consulted.id, peer=target)
        self._standing.ask(
            Happening(Trigger.CONSULT_STARTED, present.id),
            (started,),
            msgspec.structs.replace(present, consultation=consulted),
        )
        self._orders.give(engine.Dial(call_id=consulted.id, target=target))

    async def join(self) -> None:
        """Let all three speak with one another; the customer comes back from hold for it."""
        present, consulted = self._answered()
        if consulted.joined:
            return
        if present.held:
            await self._orders.ask(engine.Resume(call_id=present.id))
            present, consulted = self._answered()
        try:
            await self._orders.ask(engine.Join(call_id=present.id, other=consulted.id))
        except Refused:
            self._back_on_hold(present.id)
            raise

    def hand_over(self, target: str) -> asyncio.Future[None]:
        """Hand the customer on: to `target`, or in a consultation (`target` empty) to the one who
        is consulted. Done when the customer has arrived; refused, the call goes on."""
        if target:
            present = self._present(CallState.TALK, CallState.HOLD)
            return self._hand(present, HandOver(target))
        present, consulted = self._answered()
        return self._hand(present, HandOver(consulted.peer, consulted.id))

    def _hand(self, present: DeskCall, to: HandOver) -> asyncio.Future[None]:
        self._standing.call = msgspec.structs.replace(present, hand_over=to)
        if to.consult_id:
            order = engine.Transfer(call_id=present.id, to_call=to.consult_id)
        else:
            order = engine.Transfer(call_id=present.id, target=to.target)
        return self._orders.ask(order)

    def _back_on_hold(self, call_id: str) -> None:
        """The customer must not listen to a consultation that stays one."""
        present = self._standing.call
        if present is not None and present.id == call_id and present.consultation is not None:
            self._orders.give(engine.Hold(call_id=call_id))

    def _present(self, *states: CallState) -> DeskCall:
        self._standing.sign_of_life()
        return self._standing.present(*states)

    def _same(self, earlier: DeskCall, state: CallState) -> DeskCall:
        """The call after some time has passed: it may be over, or another."""
        present = self._standing.present(state)
        if present.id != earlier.id:
            raise Refused(Code.NO_CALL)
        return present

    def _answered(self) -> tuple[DeskCall, Consulted]:
        """A customer and somebody who is consulted, both there."""
        self._standing.sign_of_life()
        present = self._standing.call
        if present is None:
            raise Refused(Code.NO_CALL)
        if present.consultation is None or present.gone or not present.consultation.answered:
            raise Refused(Code.NO_CONSULTATION)
        return present, present.consultation
