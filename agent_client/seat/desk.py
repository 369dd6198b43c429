"""The agent's desk: everything that people can ask of it. Each raises `Refused`, and then nothing
changed; an order to the phone is done when the phone says so."""

import asyncio
import uuid

import msgspec

from agent_client.phone import engine
from agent_client.seat.call import DeskCall, Intent
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import Standing
from protocol.facts import call
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import Choice, Happening, Trigger
from protocol.wire.desk import CallState
from protocol.wire.errors import Code, Refused


class Desk:
    """What an agent can do."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders

    def ready(self) -> None:
        """Take calls; in a call, afterwards."""
        self._need_phone()
        self._standing.ask(Happening(Trigger.READY))

    def take_break(self, reason: Reason) -> None:
        """Stop taking calls; in a call, afterwards."""
        self._standing.ask(Happening(Trigger.BREAK, choice=Choice(State.NOT_READY, reason)))

    def choose_next(self, choice: Choice | None) -> None:
        """Choose what follows the call, or take the choice back."""
        self._standing.ask(Happening(Trigger.NEXT, choice=choice))

    def acw_done(self) -> None:
        """After-call work is done."""
        self._standing.ask(Happening(Trigger.ACW_DONE))

    def sign_out(self) -> None:
        """Sign out; in a call, afterwards."""
        self._standing.ask(Happening(Trigger.SIGN_OUT))

    def dial(self, target: str) -> None:
        """Call a number or an address."""
        self._need_phone()
        call_id, outbound = uuid.uuid4().hex, call.Direction.OUTBOUND
        begun = DeskCall(call_id, outbound, target, "", CallState.DIALING, None)
        dialled = call.CallDialled(call_id=call_id, peer=target)
        self._standing.ask(Happening(Trigger.DIAL, call_id), (dialled,), begun)
        self._orders.give(engine.Dial(call_id=call_id, target=target))

    def answer(self) -> asyncio.Future[None]:
        """Take the call that rings; done when both sides can speak."""
        present = self._present(CallState.RINGING)
        return self._orders.ask(engine.Answer(call_id=present.id))

    def reject(self) -> asyncio.Future[None]:
        """Refuse the call that rings; done when it is gone."""
        present = self._present(CallState.RINGING)
        self._intend(present, Intent.REJECT)
        return self._orders.ask(engine.Reject(call_id=present.id, status=486))

    def hang_up(self) -> asyncio.Future[None]:
        """End the call; done when it is gone."""
        present = self._present(CallState.DIALING, CallState.TALK, CallState.HOLD)
        self._intend(present, Intent.HANGUP)
        return self._orders.ask(engine.Hangup(call_id=present.id))

    def hold(self) -> asyncio.Future[None]:
        """Put the customer on hold; done when the other side has agreed."""
        present = self._present(CallState.TALK)
        return self._orders.ask(engine.Hold(call_id=present.id))

    def resume(self) -> asyncio.Future[None]:
        """Take the customer back; done when the other side has agreed."""
        present = self._present(CallState.HOLD)
        return self._orders.ask(engine.Resume(call_id=present.id))

    def mute(self, muted: bool) -> asyncio.Future[None]:
        """Cut the microphone off from the call, or put it back."""
        present = self._present(CallState.TALK, CallState.HOLD)
        return self._orders.ask(engine.Mute(call_id=present.id, muted=muted))

    def ring_expired(self, call_id: str) -> None:
        """Stop ringing. The state changes when the phone says that the call is gone."""
        present = self._standing.call
        if present is not None and present.id == call_id:
            self._intend(present, Intent.RING_EXPIRED)
            self._orders.give(engine.Reject(call_id=call_id, status=480))

    def _intend(self, present: DeskCall, intent: Intent) -> None:
        """Note who ended a call, for when the phone says that it is over: the first counts."""
        if present.intent is None:
            self._standing.call = msgspec.structs.replace(present, intent=intent)

    def _need_phone(self) -> None:
        signed_in = self._standing.sign_in
        if signed_in is not None and signed_in.sip is None:
            raise Refused(Code.NO_PHONE)

    def _present(self, *states: CallState) -> DeskCall:
        self._standing.sign_of_life()
        present = self._standing.call
        if present is None:
            raise Refused(Code.NO_CALL)
        if present.state not in states:
            raise Refused("wrong_state")
        return present
