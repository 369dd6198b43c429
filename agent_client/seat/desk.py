"""The agent's desk: everything that people can ask of it. Each raises `Refused`, and then nothing
changed; an order to the phone is done when the phone says so."""

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from agent_client.phone import engine
from agent_client.seat.call import DeskCall, Intent, Taking
from agent_client.seat.consultation import Consultation
from agent_client.seat.exchange import agreed
from agent_client.seat.phone_orders import PhoneOrders
from agent_client.seat.standing import SYSTEM, Standing
from protocol.facts import call
from protocol.facts.agent import DeskLocked, Reason, State
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import AgentState, Choice, Happening, Refusal, Trigger
from protocol.rules.lines import is_service_code, line_of_outgoing
from protocol.wire.desk import MAX_SIGN_OUT_TEXT
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from protocol.wire.session import SipAccount
from protocol.wire.texts import bad_text, fault_of

SERVICE_CODE_LIMIT_S = 20.0
"""A service code that does not answer for so long is given up."""

_DIGITS = re.compile(r"[0-9*#A-D]{1,32}")
_FORCES = {
    OrderKind.FORCE_NOT_READY: Trigger.FORCE_NOT_READY,
    OrderKind.FORCE_SIGN_OUT: Trigger.FORCE_SIGN_OUT,
}


class Desk:
    """What an agent can do."""

    def __init__(self, standing: Standing, orders: PhoneOrders) -> None:
        self._standing = standing
        self._orders = orders
        self.consultation = Consultation(standing, orders)

    # The agent's state

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

    def extend_acw(self) -> None:
        """More time for after-call work."""
        self._standing.ask(Happening(Trigger.EXTEND_ACW))

    def sign_out(self, text: str = "") -> None:
        """Sign out, and say why; in a call, afterwards, and then it is not said."""
        fault = fault_of(text, MAX_SIGN_OUT_TEXT) if text else None
        if fault is not None:
            raise bad_text(fault, MAX_SIGN_OUT_TEXT)
        self._standing.ask(Happening(Trigger.SIGN_OUT, text=text))

    def relieve(self, by: str) -> None:
        """Sign out, since somebody else (staff number) has signed in for the post."""
        self._standing.ask(Happening(Trigger.RELIEVED), actor=by)

    def lock(self) -> None:
        """Nobody is at the screen: READY becomes AWAY, and stays impossible until `unlock`."""
        if not self._signed_in().locked:
            happening = Happening(Trigger.SCREEN_LOCKED)
            self._standing.ask(happening, (DeskLocked(locked=True),))

    def unlock(self) -> None:
        """Open the screen again; whoever asks has checked who it is. Nobody is made ready."""
        if self._signed_in().locked:
            happening = Happening(Trigger.SCREEN_OPENED)
            self._standing.ask(happening, (DeskLocked(locked=False),))

    # What others ask of the agent

    def force(
        self,
        what: OrderKind,
        actor: str = SYSTEM,
        settled: Callable[[OrderOutcome], Sequence[AnyFact]] = lambda _: (),
    ) -> OrderOutcome:
        """Do what a lead (staff number `actor`) asked: now, or when the call is over. What
        `settled` says of the outcome goes to the disk together with it."""
        return self._standing.force(Happening(_FORCES[what]), settled, actor)

    def taken_over(self) -> None:
        """Another desk has signed the person in: sign out, after the call if there is one."""
        self._happened(Trigger.TAKEN_OVER)

    def not_confirmed(self) -> None:
        """The service does not know who signed in without it: sign out, after the call."""
        self._happened(Trigger.NOT_CONFIRMED)

    def _happened(self, trigger: Trigger) -> None:
        self._standing.happened(lambda at: self._standing.take(at, Happening(trigger)))

    # Calls

    def dial(
        self, target: str, uri: str = "", for_call: str = "", line: str = ""
    ) -> Awaitable[None] | None:
        """Call a number or an address; `uri` is where it is reached, if not there. `for_call` is
        the earlier call that this one pays back, `line` that call's. A service code is done when
        it has answered."""
        self._need_phone()
        if is_service_code(target, self._account().service_codes):
            return self._dial_code(target)
        self._orders.side_calls.end_listening()
        call_id, outbound = uuid.uuid4().hex, call.Direction.OUTBOUND
        line = line or line_of_outgoing(self._standing.lines)
        begun = DeskCall(
            call_id,
            outbound,
            target,
            "",
            CallState.DIALING,
            None,
            peer_uri=uri,
            line=line,
            for_call=for_call,
        )
        dialled = call.CallDialled(call_id=call_id, peer=target, line=line)
        self._standing.ask(Happening(Trigger.DIAL, call_id), (dialled,), begun)
        self._orders.give(engine.Dial(call_id=call_id, target=uri or target))
        return None

    def answer(self) -> asyncio.Future[None]:
        """Take the call that rings; done when both sides can speak."""
        present = self._present(CallState.RINGING)
        if present.taking is None:
            self._standing.call = msgspec.structs.replace(present, taking=Taking.BY_HAND)
        zip_tone = present.taking is Taking.BY_ITSELF
        return self._orders.ask(engine.Answer(call_id=present.id, zip_tone=zip_tone))

    def reject(self) -> asyncio.Future[None]:
        """Refuse the call that rings; done when it is gone."""
        present = self._present(CallState.RINGING)
        self._intend(present, Intent.REJECT)
        return self._orders.ask(engine.Reject(call_id=present.id, status=486))

    def hang_up(self) -> asyncio.Future[None]:
        """End the call, in a consultation that with the one who is consulted; done when it is
        gone. Or stop listening to an announcement."""
        if self._standing.call is None and self._orders.side_calls.listening:
            self._orders.side_calls.end_listening()
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        present = self._present(
            CallState.DIALING, CallState.TALK, CallState.HOLD, CallState.CONSULT
        )
        if present.consultation is not None:
            return self._orders.ask(engine.Hangup(call_id=present.consultation.id))
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
        """Cut the microphone off from everybody in the call, or put it back."""
        present = self._present(CallState.TALK, CallState.HOLD, CallState.CONSULT)
        first, *others = self._legs(present)
        for leg in others:
            self._orders.give(engine.Mute(call_id=leg, muted=muted))
        return self._orders.ask(engine.Mute(call_id=first, muted=muted))

    def send_digits(self, digits: str) -> asyncio.Future[None]:
        """Send keys to whoever the agent talks to."""
        if not _DIGITS.fullmatch(digits):
            raise Refused(Code.BAD_DIGITS)
        present = self._present(CallState.TALK, CallState.CONSULT)
        *_, last = self._legs(present)
        if last == present.id and present.held:
            raise Refused(Refusal.WRONG_STATE)
        return self._orders.ask(engine.Dtmf(call_id=last, digits=digits))

    def ring_expired(self, call_id: str) -> None:
        """Stop ringing. The state changes when the phone says that the call is gone."""
        present = self._standing.call
        if present is not None and present.id == call_id:
            self._intend(present, Intent.RING_EXPIRED)
            self._orders.give(engine.Reject(call_id=call_id, status=480))

    # Within

    async def _dial_code(self, code: str) -> None:
        """Call a code of the exchange or an announcement: no state, and no facts of a call."""
        if self._signed_in().locked:
            raise Refused(Refusal.LOCKED)
        if self._standing.call is not None:
            raise Refused(Refusal.WRONG_STATE)
        self._standing.sign_of_life()
        side_calls, account = self._orders.side_calls, self._account()
        outcome = await side_calls.place(code, SERVICE_CODE_LIMIT_S, listen=True)
        status = outcome.sip_status
        of_the_queue = code in (account.ready_code, account.pause_code)
        if status is None:
            raise Refused(Code.PHONE_REFUSED, detail=outcome.code or "no_answer")
        if not (status < 300 or (of_the_queue and agreed(status))):
            raise Refused(Code.PHONE_REFUSED, detail=status)

    def _legs(self, present: DeskCall) -> tuple[str, ...]:
        """The connected legs. Raises `Refused` where there is none to speak to."""
        if not present.legs:
            raise Refused(Refusal.WRONG_STATE)
        return present.legs

    def _signed_in(self) -> AgentState:
        """How the agent stands. Raises `Refused` where nobody is signed in."""
        if self._standing.agent.state is State.LOGGED_OFF:
            raise Refused(Refusal.NOT_SIGNED_IN)
        return self._standing.agent

    def _account(self) -> SipAccount:
        signed_in = self._standing.sign_in
        if signed_in is None or signed_in.sip is None:
            raise Refused(Refusal.NOT_SIGNED_IN)
        return signed_in.sip

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
        return self._standing.present(*states)
