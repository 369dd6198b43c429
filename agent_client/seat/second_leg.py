"""What the phone says of the leg to whoever is consulted, and of the customer meanwhile."""

import msgspec

from agent_client.phone import engine
from agent_client.seat.call import (
    CallEnd,
    Consulted,
    DeskCall,
    consultation_ended,
    consultation_facts,
)
from agent_client.seat.clock import Reading
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import Standing
from protocol.facts import call
from protocol.rules.agent_state import Happening


class SecondLeg:
    """Takes events of a consultation to the standing."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders

    def take(self, at: Reading, event: engine.AnyEvent) -> bool:
        """Take an event of the consultation's leg; False where it is of another call."""
        present = self._standing.call
        consulted = present.consultation if present is not None else None
        if present is None or consulted is None:
            return False
        if getattr(event, "call_id", None) != consulted.id:
            return False
        self._take(at, present, consulted, event)
        return True

    def _take(
        self, at: Reading, present: DeskCall, consulted: Consulted, event: engine.AnyEvent
    ) -> None:
        match event:
            case engine.CallConnected():
                self._answered(at, present, consulted)
            case engine.CallEnded(ending=engine.Ending.TRANSFERRED) if not present.gone:
                # The customer has taken our place there; our own leg to the customer ends next.
                ended = consultation_facts(present, None)
                self._standing.change_call(at, ended, _with(present, None))
            case engine.CallEnded():
                self._end(at, present, event.sip_status)
            case engine.CommandRefused(command="dial"):
                self._end(at, present, None)
            case engine.CallPeerChanged():
                fact = call.CallPeerChanged(
                    consulted.id, event.peer, event.peer_name, event.peer_uri
                )
                other = msgspec.structs.replace(consulted, peer=event.peer)
                self._standing.change_call(at, (fact,), _with(present, other))
            case engine.CallMuted():
                self._muted(at, present, consulted, event)
            case engine.DtmfSent():
                sent = call.DigitsSent(call_id=consulted.id, count=event.count)
                self._standing.note(at, (sent,))
            case _:
                pass

    def joined(self, at: Reading, present: DeskCall) -> None:
        """All three speak with one another."""
        consulted = present.consultation
        if consulted is None:
            return
        fact = call.ConsultJoined(call_id=present.id, consult_id=consulted.id)
        together = msgspec.structs.replace(consulted, joined=True)
        self._standing.change_call(at, (fact,), _with(present, together))

    def customer_left(self, at: Reading, present: DeskCall, end: CallEnd) -> None:
        """The customer's leg is over; the agent still talks to the other. Whom it only rings at
        need not answer for nobody."""
        gone = msgspec.structs.replace(present, gone=True, held=False)
        self._standing.change_call(at, end.facts, gone)
        if present.consultation is not None and not present.consultation.answered:
            self._orders.give(engine.Hangup(call_id=present.consultation.id))

    def _answered(self, at: Reading, present: DeskCall, consulted: Consulted) -> None:
        fact = call.ConsultAnswered(call_id=present.id, consult_id=consulted.id)
        answered = msgspec.structs.replace(consulted, answered=True)
        self._standing.change_call(at, (fact,), _with(present, answered))
        if present.muted:
            self._orders.give(engine.Mute(call_id=consulted.id, muted=True))

    def _end(self, at: Reading, present: DeskCall, status: int | None) -> None:
        end = consultation_ended(present, status)
        alone = _with(present, None)
        self._standing.take(at, Happening(end.trigger, present.id), end.facts, alone)

    def _muted(
        self, at: Reading, present: DeskCall, consulted: Consulted, event: engine.CallMuted
    ) -> None:
        """Of both legs alike; the customer's tells, while there is a customer."""
        if present.gone:
            fact = call.CallMuted(call_id=consulted.id, muted=event.muted)
            changed = msgspec.structs.replace(present, muted=event.muted)
            self._standing.change_call(at, (fact,), changed)


def _with(present: DeskCall, consulted: Consulted | None) -> DeskCall:
    return msgspec.structs.replace(present, consultation=consulted)
