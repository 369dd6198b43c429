"""What the phone says, as triggers and facts of the desk."""

import logging

import msgspec

from agent_client.phone import engine
from agent_client.seat.call import CallEnd, DeskCall, ended, phone_died
from agent_client.seat.clock import Reading
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import Standing
from protocol.facts import call, session
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Happening, Trigger, step
from protocol.wire.desk import CallState
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)


class PhoneEvents:
    """Takes each event of the phone to the standing, and to whoever waits for it."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders
        self.fault: str | None = None
        self.address: str | None = None

    def take(self, event: engine.AnyEvent) -> None:
        """Take an event."""
        if isinstance(event, engine.CallIncoming) and self._standing.waits:
            self._busy(event)
        else:
            self._standing.happened(lambda at: self._heard(at, event))

    def died(self) -> None:
        """The phone's process ended by itself."""
        self._orders.drop_all(Code.PHONE_REFUSED, "phone_died")
        self._standing.happened(self._lost)

    def closed(self) -> None:
        """The phone was put away in good order."""
        self.fault, self.address = None, None
        self._standing.happened(lambda at: self._standing.take(at, Happening(Trigger.PHONE_DOWN)))

    def _heard(self, at: Reading, event: engine.AnyEvent) -> None:
        match event:
            case engine.CallIncoming():
                self._incoming(at, event)
            case engine.CallEnded():
                self._ended(at, event)
            case engine.PhoneUp():
                self._up(at, event)
            case engine.PhoneDown():
                self._down(at, event.code, event.sip_status)
            case engine.MicrophoneChanged():
                self._standing.take(at, Happening(_microphone(event.microphone)))
            case engine.CommandRefused():
                self._refused(at, event)
            case _:
                self._in_call(at, event)
        self._orders.settle(event)

    def _incoming(self, at: Reading, event: engine.CallIncoming) -> None:
        """Ring if the table lets it and the disk has it; otherwise the line is busy, and nobody
        has missed a call."""
        happening = Happening(Trigger.CALL_OFFERED, event.call_id)
        after = step(self._standing.agent, happening, self._standing.limits).after
        if after.call_id != event.call_id:
            self._busy(event)
            return
        offered = call.CallOffered(
            call_id=event.call_id,
            peer=event.peer,
            peer_name=event.peer_name,
            sip_call_id=event.sip_call_id,
        )
        inbound, ringing = call.Direction.INBOUND, CallState.RINGING
        begun = DeskCall(event.call_id, inbound, event.peer, event.peer_name, ringing, None)
        try:
            self._standing.take(at, happening, (offered,), begun)
        except Refused as refused:
            _log.error("a call was not taken: %s", refused)
            self._busy(event)
        else:
            self._orders.give(engine.Ring(call_id=event.call_id))

    def _busy(self, event: engine.CallIncoming) -> None:
        self._orders.give(engine.Reject(call_id=event.call_id, status=486))

    def _in_call(self, at: Reading, event: engine.AnyEvent) -> None:
        """An event of the present call; of any other it changes nothing."""
        present = self._present(getattr(event, "call_id", None))
        if present is None:
            return
        match event:
            case engine.CallConnected():
                answered = call.CallAnswered(call_id=present.id, sip_call_id=event.sip_call_id)
                self._go_on(at, present, Trigger.CALL_ANSWERED, answered)
                self._reached(present.peer)
            case engine.CallHeld():
                self._go_on(at, present, Trigger.CALL_HELD, call.CallHeld(call_id=present.id))
            case engine.CallResumed():
                fact = call.CallResumed(call_id=present.id)
                self._go_on(at, present, Trigger.CALL_RESUMED, fact)
            case engine.CallMuted():
                muted = call.CallMuted(call_id=present.id, muted=event.muted)
                changed = msgspec.structs.replace(present, muted=event.muted)
                self._standing.change_call(at, muted, changed)
            case _:
                pass

    def _go_on(self, at: Reading, present: DeskCall, trigger: Trigger, fact: AnyFact) -> None:
        self._standing.take(at, Happening(trigger, present.id), (fact,))

    def _ended(self, at: Reading, event: engine.CallEnded) -> None:
        present = self._present(event.call_id)
        if present is not None:
            self._end(at, present, ended(present, event))

    def _end(self, at: Reading, present: DeskCall, end: CallEnd) -> None:
        self._standing.take(at, Happening(end.trigger, present.id), end.facts)
        owed = tuple(fact.peer for fact in end.facts if isinstance(fact, call.CallBackOwed))
        self._standing.owed = tuple(dict.fromkeys((*self._standing.owed, *owed)))

    def _reached(self, peer: str) -> None:
        self._standing.owed = tuple(each for each in self._standing.owed if each != peer)

    def _up(self, at: Reading, event: engine.PhoneUp) -> None:
        changed = not self._standing.agent.phone_up or self.address != event.address
        self._standing.take(at, Happening(_microphone(event.microphone)))
        facts = (session.PhoneUp(address=event.address),) if changed else ()
        self._standing.take(at, Happening(Trigger.PHONE_UP), self._while_signed_in(facts))
        self.fault, self.address = None, event.address

    def _down(self, at: Reading, code: str, status: int | None = None) -> None:
        changed = self.fault != code
        facts = (session.PhoneDown(code=code, sip_status=status),) if changed else ()
        self._standing.take(at, Happening(Trigger.PHONE_DOWN), self._while_signed_in(facts))
        self.fault, self.address = code, None

    def _lost(self, at: Reading) -> None:
        present = self._standing.call
        if present is not None:
            self._end(at, present, phone_died(present))
        self._down(at, "phone_died")

    def _refused(self, at: Reading, event: engine.CommandRefused) -> None:
        """A call that could not even be dialled is a failed one."""
        _log.warning("the phone refused %s: %s", event.command, event.code)
        present = self._present(event.call_id)
        if event.command == "dial" and present is not None:
            failed = engine.CallEnded(
                call_id=present.id, ending=engine.Ending.FAILED, answered=False
            )
            self._end(at, present, ended(present, failed))

    def _while_signed_in(self, facts: tuple[AnyFact, ...]) -> tuple[AnyFact, ...]:
        return () if self._standing.agent.state is State.LOGGED_OFF else facts

    def _present(self, call_id: str | None) -> DeskCall | None:
        present = self._standing.call
        return present if present is not None and present.id == call_id else None


def _microphone(present: bool) -> Trigger:
    return Trigger.MICROPHONE_CAME if present else Trigger.MICROPHONE_WENT
