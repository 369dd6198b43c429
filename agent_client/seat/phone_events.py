"""What the phone says, as triggers and facts of the desk."""

import logging

import msgspec

from agent_client.phone import engine
from agent_client.seat.auto_answer import AutoAnswer
from agent_client.seat.call import CallEnd, DeskCall, Intent, Taking, ended, phone_died
from agent_client.seat.clock import Reading
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.second_leg import SecondLeg
from agent_client.seat.standing import Standing
from protocol.facts import call, session, wrap_up
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Happening, Trigger
from protocol.rules.agent_state_table import step
from protocol.rules.lines import line_of
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)


class PhoneEvents:
    """Takes each event of the phone to the standing, and to whoever waits for it."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders
        self._second = SecondLeg(standing, orders)
        self._auto_answer = AutoAnswer(standing, orders)
        self.fault: str | None = None
        self.address: str | None = None

    def take(self, event: engine.AnyEvent) -> None:
        """Take an event."""
        if self._orders.side_calls.take(event):
            return
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
        self._auto_answer.stop()
        self._orders.drop_all(Code.PHONE_REFUSED, "closed")
        self._standing.happened(lambda at: self._standing.take(at, Happening(Trigger.PHONE_DOWN)))

    def _heard(self, at: Reading, event: engine.AnyEvent) -> None:
        if not self._second.take(at, event):
            self._take(at, event)
        self._orders.settle(event)

    def _take(self, at: Reading, event: engine.AnyEvent) -> None:
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

    def _incoming(self, at: Reading, event: engine.CallIncoming) -> None:
        """Ring if the table lets it and the disk has it; otherwise the line is busy, and nobody
        has missed a call."""
        happening = Happening(Trigger.CALL_OFFERED, event.call_id)
        after = step(self._standing.agent, happening, self._standing.limits).after
        if after.call_id != event.call_id:
            self._busy(event)
            return
        begun, offered = self._offered(event)
        try:
            self._standing.take(at, happening, (offered,), begun)
        except Refused as refused:
            _log.error("a call was not taken: %s", refused)
            self._busy(event)
        else:
            self._ring(begun)

    def _offered(self, event: engine.CallIncoming) -> tuple[DeskCall, call.CallOffered]:
        line = line_of(self._standing.lines, event.called)
        begun = DeskCall(
            event.call_id,
            call.Direction.INBOUND,
            event.peer,
            event.peer_name,
            CallState.RINGING,
            None,
            peer_uri=event.peer_uri,
            line=line.name if line is not None else "",
            auto_answer=line is not None and line.auto_answer,
        )
        offered = call.CallOffered(
            call_id=event.call_id,
            peer=event.peer,
            peer_name=event.peer_name,
            sip_call_id=event.sip_call_id,
            called=event.called,
            line=begun.line,
            peer_uri=event.peer_uri,
        )
        return begun, offered

    def _ring(self, ringing: DeskCall) -> None:
        self._orders.side_calls.end_listening()
        self._orders.give(engine.Ring(call_id=ringing.id))
        if ringing.auto_answer:
            self._auto_answer.offered(ringing.id)

    def _busy(self, event: engine.CallIncoming) -> None:
        self._orders.give(engine.Reject(call_id=event.call_id, status=486))

    def _in_call(self, at: Reading, event: engine.AnyEvent) -> None:
        """An event of the present call; of any other it changes nothing."""
        present = self._present(getattr(event, "call_id", None))
        if present is None:
            return
        match event:
            case engine.CallConnected():
                self._connected(at, present, event)
            case engine.CallHeld():
                self._held(at, present, True)
            case engine.CallResumed():
                self._held(at, present, False)
            case engine.CallMuted():
                muted = call.CallMuted(call_id=present.id, muted=event.muted)
                changed = msgspec.structs.replace(present, muted=event.muted)
                self._standing.change_call(at, (muted,), changed)
            case engine.CallPeerChanged():
                self._handed_on(at, present, event)
            case engine.DtmfSent():
                sent = call.DigitsSent(call_id=present.id, count=event.count)
                self._standing.note(at, (sent,))
            case engine.CallsJoined():
                self._second.joined(at, present)
            case _:
                pass

    def _connected(self, at: Reading, present: DeskCall, event: engine.CallConnected) -> None:
        facts: tuple[AnyFact, ...] = (
            call.CallAnswered(call_id=present.id, sip_call_id=event.sip_call_id),
        )
        if present.for_call:
            paid = wrap_up.CallBackSettled(call_id=present.for_call, by_call=present.id)
            facts = (*facts, paid)
        by_itself = present.taking is Taking.BY_ITSELF
        trigger = Trigger.AUTO_ANSWERED if by_itself else Trigger.CALL_ANSWERED
        intent = present.intent if present.intent is Intent.HANGUP else None  # refused too late
        talking = msgspec.structs.replace(present, connected_ms=at.occurred_ms, intent=intent)
        self._standing.take(at, Happening(trigger, present.id), facts, talking)

    def _handed_on(self, at: Reading, present: DeskCall, event: engine.CallPeerChanged) -> None:
        """The colleague who called has put a customer through: that is who is spoken to."""
        fact = call.CallPeerChanged(present.id, event.peer, event.peer_name, event.peer_uri)
        changed = msgspec.structs.replace(
            present, peer=event.peer, peer_name=event.peer_name, peer_uri=event.peer_uri
        )
        self._standing.change_call(at, (fact,), changed)

    def _held(self, at: Reading, present: DeskCall, held: bool) -> None:
        trigger = Trigger.CALL_HELD if held else Trigger.CALL_RESUMED
        fact = call.CallHeld(present.id) if held else call.CallResumed(present.id)
        changed = msgspec.structs.replace(present, held=held)
        self._standing.take(at, Happening(trigger, present.id), (fact,), changed)

    def _ended(self, at: Reading, event: engine.CallEnded) -> None:
        present = self._present(event.call_id)
        if present is None:
            return
        end = ended(present, event, can_talk=self._standing.agent.microphone)
        if present.consultation is not None:
            self._second.customer_left(at, present, end)
        else:
            self._end(at, present, end)

    def _end(self, at: Reading, present: DeskCall, end: CallEnd) -> None:
        self._standing.take(at, Happening(end.trigger, present.id), end.facts)

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
        if present is not None:  # its end must not lead to READY
            self._standing.take(at, Happening(Trigger.PHONE_DOWN))
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
            self._end(at, present, ended(present, failed, can_talk=True))

    def _while_signed_in(self, facts: tuple[AnyFact, ...]) -> tuple[AnyFact, ...]:
        return () if self._standing.agent.state is State.LOGGED_OFF else facts

    def _present(self, call_id: str | None) -> DeskCall | None:
        """The customer's call, if that is its name and the customer is still there."""
        present = self._standing.call
        if present is None or present.id != call_id or present.gone:
            return None
        return present


def _microphone(present: bool) -> Trigger:
    return Trigger.MICROPHONE_CAME if present else Trigger.MICROPHONE_WENT
