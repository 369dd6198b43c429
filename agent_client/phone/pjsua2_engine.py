"""The phone over the SIP library pjsua2."""

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from agent_client.phone.addresses import BadAddress
from agent_client.phone.engine import Emit, Open, Sound
from agent_client.phone.pace import WINDOW_S, Arrivals, Pace
from agent_client.phone.pjsua2_library import Account, Call, Library, Voice
from agent_client.phone.pjsua2_owner import CallState
from agent_client.phone.registration import Registration
from agent_client.phone.softphone import Softphone
from agent_client.phone.sound import DeskSound
from agent_client.phone.stack import Invitation, Listener, OpenError, StackError

_log = logging.getLogger(__name__)


class Pjsua2Stack:
    """A `Stack` over pjsua2, and the owner of its calls. Made and used in the loop's thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._calls: dict[str, Call] = {}
        self._ended: deque[Call] = deque()
        self._dialling = threading.Lock()
        self._library: Library | None = None
        self._account: Account | None = None
        self._voice: Voice | None = None
        self._desk: DeskSound | None = None
        self._ringing: set[str] = set()
        self._joined: dict[str, str] = {}
        self._pace = Pace()
        self._arrivals = Arrivals()
        self._registration: Registration | None = None
        self._may_learn = False
        self._certificate_refused = False
        self._listener: Listener | None = None

    # Commands

    def open(self, order: Open, listener: Listener) -> None:
        """See `Stack`."""
        self._listener = listener
        if order.ca and not Path(order.ca).is_file():
            raise OpenError("certificate_refused")  # the library would not say why
        address = self._start(order)
        if not address:
            # Not while the failure is handled: its traceback refers to the library, which must
            # not be referred to any more when it is let go.
            self.close()
            raise OpenError("transport_failed")
        if order.registrar:
            self._registration = Registration(
                self._register, lambda: listener.up(address), listener.down
            )
            self._registration.start()
        else:
            self._loop.call_soon(listener.up, address)

    def _start(self, order: Open) -> str:
        """The phone's own address; empty when the library refused."""
        try:
            self._library = Library(self)
            address = self._library.open_transport(order)
            self._voice = self._open_sound(self._library, order)
            self._account = Account(self, order, address)
        except (StackError, BadAddress):
            return ""
        return address

    def _open_sound(self, library: Library, order: Open) -> Voice:
        assert self._listener is not None
        match order.sound:
            case Sound.NONE:
                return library.silent_voice()
            case Sound.TONE:
                return library.tone_voice()
            case Sound.AUTO:
                self._desk = DeskSound(self.microphone_changed, order)
                self._listener.microphone(self._desk.start())
                return library.desk_voice(self._desk.microphone.read, self._desk.hear)

    def ring(self, call_id: str) -> None:
        """See `Stack`."""
        self._call(call_id).reply(180)
        self._ringing.add(call_id)
        self._ring_desk()

    def zip_tone(self, call_id: str) -> None:
        """See `Stack`."""
        self._call(call_id)
        self._stop_ringing(call_id)
        if self._desk is not None:
            self._desk.zip_tone()

    def answer(self, call_id: str) -> None:
        """See `Stack`."""
        self._call(call_id).reply(200)
        self._stop_ringing(call_id)

    def refuse(self, call_id: str, status: int) -> None:
        """See `Stack`. In a hurry the answer waits: meanwhile the call's slot lets no other in."""
        call = self._call(call_id)
        if self._pace.hurried(self._loop.time()):
            self._loop.call_later(WINDOW_S, self._refuse_late, call_id, status)
        else:
            call.end(status)
        self._stop_ringing(call_id)

    def _refuse_late(self, call_id: str, status: int) -> None:
        with contextlib.suppress(StackError):  # the caller left in the meantime
            self._call(call_id).end(status)

    def dial(self, call_id: str, uri: str) -> None:
        """See `Stack`."""
        assert self._account is not None
        now = self._loop.time()
        if self._pace.hurried(now):
            raise StackError("hurry")
        self._pace.note(now)
        call = Call(self._account, call_id)
        with self._dialling:
            call.dial(uri)
        self._calls[call_id] = call

    def hang_up(self, call_id: str) -> None:
        """See `Stack`."""
        self._call(call_id).end()

    def hold(self, call_id: str) -> None:
        """See `Stack`."""
        self._call(call_id).hold()

    def resume(self, call_id: str) -> None:
        """See `Stack`."""
        self._call(call_id).resume()

    def mute(self, call_id: str, muted: bool) -> None:
        """See `Stack`."""
        self._call(call_id).mute(muted)

    def send_digits(self, call_id: str, digits: str) -> None:
        """See `Stack`."""
        self._call(call_id).send_digits(digits)

    def transfer(self, call_id: str, uri: str) -> None:
        """See `Stack`."""
        self._call(call_id).transfer(uri)

    def transfer_to_call(self, call_id: str, to_call: str) -> None:
        """See `Stack`."""
        self._call(call_id).transfer(self._call(to_call))

    def join(self, call_id: str, other: str) -> None:
        """See `Stack`."""
        self._call(call_id).join_call(self._call(other))
        self._joined.update({call_id: other, other: call_id})

    def heard(self, call_id: str) -> int:
        """See `Stack`."""
        return self._call(call_id).packets()

    def close(self) -> None:
        """See `Stack`."""
        if self._registration is not None:
            self._registration.stop()
            self._registration = None
        if self._account is not None:
            self._account.unregister()
        self._listener = None  # from here on `offered` keeps no call
        self._calls.clear()
        self._ended.clear()
        self._account = self._voice = None
        if self._desk is not None:
            self._desk.close()
            self._desk = None
        if self._library is not None:
            self._library.close()
            self._library = None

    def _has_ended(self, call_id: str) -> None:
        # A method of its own: what is told next may close the library, and no frame may refer to
        # a call then.
        if call_id in self._calls:
            self._ended.append(self._calls.pop(call_id))

    def _let_go(self) -> None:
        """Forget ended calls, but none whose slot has been given to another: with the object the
        library would forget, or end, whatever is in its slot. Called in the library's thread,
        which alone gives slots to callers, and not while one is given to a call of ours."""
        if not self._dialling.acquire(blocking=False):
            return
        try:
            for _ in range(len(self._ended)):
                call = self._ended.popleft()
                if call.isActive():
                    self._ended.append(call)
        finally:
            self._dialling.release()

    def _call(self, call_id: str) -> Call:
        call = self._calls.get(call_id)
        if call is None or call.over:
            raise StackError("over")
        return call

    def _register(self) -> None:
        self._may_learn = True
        self._send_register()

    def _send_register(self) -> None:
        # While an earlier REGISTER waits for its answer, that answer will be the news.
        with contextlib.suppress(StackError):
            if self._account is not None:
                self._account.register()

    def _learn(self, realm: str) -> bool:
        """Whether the registrar's challenge has taught us a realm to answer; once a registration,
        lest a registrar with ever new realms be asked for ever."""
        if self._account is None or not realm or not self._may_learn:
            return False
        self._may_learn = False
        with contextlib.suppress(StackError):
            return self._account.learn(realm)
        return False

    def _stop_ringing(self, call_id: str) -> None:
        self._ringing.discard(call_id)
        self._ring_desk()

    def _ring_desk(self) -> None:
        if self._desk is not None:
            self._desk.ring(bool(self._ringing))

    # What the library and the sound tell, in threads of theirs

    def microphone_changed(self, fault: str) -> None:
        """See `DeskSound`."""
        self._post(self._on_microphone_changed, fault)

    def offered(self, call: Call, invitation: Invitation) -> None:
        """See `Owner`."""
        if self._listener is None:
            return
        self._calls[call.call_id] = call
        self._let_go()
        self._post(self._on_offered, call.call_id, invitation)
        self._arrivals.slow_down()

    def handed_on(self, call: Call) -> None:
        """See `Owner`."""
        self._calls[call.call_id] = call
        self._post(self._on_handed_on, call.call_id)

    def replaced(self, new: Call, old: Call, from_value: str, contact: str) -> None:
        """See `Owner`."""
        self._calls.update({new.call_id: new, old.call_id: old})
        self._post(self._on_replaced, new.call_id, from_value, contact)

    def transfer_over(self, call_id: str, status: int) -> None:
        """See `Owner`."""
        self._post(self._on_transfer_over, call_id, status)

    def digit(self, call_id: str, digit: str) -> None:
        """See `Owner`."""
        self._post(self._on_digit, call_id, digit)

    def registered(self, status: int, realm: str) -> None:
        """See `Owner`."""
        self._post(self._on_registered, status, realm)

    def certificate_refused(self) -> None:
        """See `Owner`."""
        self._post(self._on_certificate_refused)

    def changed(
        self, call_id: str, state: CallState, status: int, by_peer: bool, sip_call_id: str
    ) -> None:
        """See `Owner`."""
        if state is CallState.CONNECTED:  # told by a message, so in the library's thread
            self._let_go()
        self._post(self._on_changed, call_id, state, status, by_peer, sip_call_id)

    def media(self, call_id: str, active: bool, held_here: bool, held_there: bool) -> None:
        """See `Owner`."""
        self._post(self._on_media, call_id, active, held_here, held_there)

    def reinvite_failed(self, call_id: str, status: int) -> None:
        """See `Owner`."""
        self._post(self._on_reinvite_failed, call_id, status)

    def _post(self, function: Callable[..., None], *values: object) -> None:
        self._loop.call_soon_threadsafe(function, *values)

    # The same, in the loop's thread

    def _on_microphone_changed(self, fault: str) -> None:
        if self._listener is not None:
            self._listener.microphone(fault)

    def _on_offered(self, call_id: str, invitation: Invitation) -> None:
        self._pace.note(self._loop.time())
        if self._listener is not None:
            self._listener.offered(call_id, invitation)

    def _on_handed_on(self, call_id: str) -> None:
        self._pace.note(self._loop.time())
        if self._listener is not None:
            self._listener.handed_on(call_id)

    def _on_replaced(self, call_id: str, from_value: str, contact: str) -> None:
        if self._listener is not None:
            self._listener.replaced(call_id, from_value, contact)

    def _on_transfer_over(self, call_id: str, status: int) -> None:
        if self._listener is not None:
            self._listener.transfer_over(call_id, status)

    def _on_digit(self, call_id: str, digit: str) -> None:
        if self._listener is not None:
            self._listener.digit(call_id, digit)

    def _on_registered(self, status: int, realm: str) -> None:
        if self._registration is None:
            return
        if self._learn(realm):
            self._send_register()
        elif self._certificate_refused and status // 100 == 5:
            self._certificate_refused = False
            self._registration.unsafe(status)
        else:
            self._registration.answered(status)

    def _on_certificate_refused(self) -> None:
        self._certificate_refused = True

    def _on_changed(
        self, call_id: str, state: CallState, status: int, by_peer: bool, sip_call_id: str
    ) -> None:
        if self._listener is None:
            return
        match state:
            case CallState.RINGS:
                self._listener.rings(call_id, status)
            case CallState.CONNECTED:
                self._listener.connected(call_id, sip_call_id)
            case CallState.OVER:
                self._has_ended(call_id)
                self._joined.pop(self._joined.pop(call_id, ""), None)
                self._stop_ringing(call_id)
                self._listener.over(call_id, status, by_peer=by_peer)

    def _on_media(self, call_id: str, active: bool, held_here: bool, held_there: bool) -> None:
        call = self._calls.get(call_id)
        if call is None or self._voice is None or self._listener is None:
            return
        if active:
            with contextlib.suppress(StackError):
                call.join(self._voice)
                other = self._calls.get(self._joined.get(call_id, ""))
                if other is not None:
                    call.join_call(other)
        self._listener.media(call_id, held_here=held_here, held_there=held_there)

    def _on_reinvite_failed(self, call_id: str, status: int) -> None:
        if self._listener is not None:
            self._listener.reinvite_failed(call_id, status)


class Pjsua2Engine(Softphone):
    """An `Engine` over pjsua2. Made in a running event loop; one a process at a time."""

    def __init__(self, emit: Emit) -> None:
        super().__init__(emit, Pjsua2Stack())
