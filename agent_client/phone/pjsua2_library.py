"""The SIP library pjsua2, imported here and nowhere else.

It calls back in threads of its own: each callback copies plain values and hands them to the
`Owner`. Everything else is called in the thread that made the library. Misuse aborts the process,
so the order at the end matters: calls first, then every reference, then the library.
"""

import contextlib
import gc
import logging
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pjsua2 as pj

from agent_client.phone.addresses import address_uri, display_name, server_uri
from agent_client.phone.audio_ring import FRAME_BYTES, FRAME_MS, RATE_HZ, SAMPLE_BYTES
from agent_client.phone.engine import Open, Transport
from agent_client.phone.messages import challenge_realm, invitation
from agent_client.phone.pjsua2_owner import CallState, Owner
from agent_client.phone.redaction import redacted
from agent_client.phone.registration import EXPIRY_S
from agent_client.phone.stack import MAX_CALLS, Busy, StackError

_log = logging.getLogger(__name__)
_pj_log = logging.getLogger("pjsua2")

_SLOTS = 2 * MAX_CALLS  # ended calls keep their slot until the other side acknowledges
_CODECS = ("PCMA/8000", "PCMU/8000", "G722/16000")
_RTP_FIRST, _RTP_PORTS = 10_000, 20_000  # below what systems give out by themselves
_UNREGISTER_S = 0.7
_RECEIVE_BYTES = 32_768  # a flood waits here, and with it what friends send: not for long
_TRANSPORTS = {each: getattr(pj, f"PJSIP_TRANSPORT_{each.name}") for each in Transport}
_CHALLENGES = (401, 407)
_INVALID_OPERATION = 70013  # PJ_EINVALIDOP: another re-INVITE is under way
_CALL_STATES = {
    pj.PJSIP_INV_STATE_EARLY: CallState.RINGS,
    pj.PJSIP_INV_STATE_CONFIRMED: CallState.CONNECTED,
    pj.PJSIP_INV_STATE_DISCONNECTED: CallState.OVER,
}


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Turns the library's errors into `StackError`, without keeping its frames alive."""
    try:
        yield
    except pj.Error as error:
        _log.warning("refused by the library: %s", redacted(error.info()))
        kind = Busy if error.status == _INVALID_OPERATION else StackError
        raise kind(redacted(error.reason)) from None


@contextlib.contextmanager
def _callback() -> Iterator[None]:
    """Keeps an exception from reaching the library, which would answer 500 or abort."""
    try:
        yield
    except Exception:  # noqa: BLE001 - the edge to a foreign thread of C++
        _log.error("in a callback", exc_info=True)


class _Log(pj.LogWriter):  # type: ignore[misc]  # pjsua2 has no types
    """The library's warnings, without people in them."""

    def write(self, entry: pj.LogEntry) -> None:
        with _callback():
            _pj_log.warning("%s", redacted(entry.msg))


class Call(pj.Call):  # type: ignore[misc]  # pjsua2 has no types
    """One call. Every method raises `StackError` when the library refuses."""

    def __init__(self, account: "Account", call_id: str, slot: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(account, slot)
        self.call_id = call_id
        self._account = account
        self._owner = account.owner
        self._muted = False
        self.over = False
        """Whether it has ended: its slot in the library may be another's by now."""

    def dial(self, uri: str) -> None:
        """Send the INVITE."""
        with _refusals():
            self.makeCall(uri, _audio_only())

    def reply(self, status: int) -> None:
        """Answer the INVITE: provisional, or 200."""
        with _refusals():
            self.answer(_with_status(status))

    def end(self, status: int = 0) -> None:
        """Refuse (with a status), hang up or give up."""
        with _refusals():
            self.hangup(_with_status(status))

    def hold(self) -> None:
        """Send the re-INVITE that holds the other side."""
        with _refusals():
            self.setHold(pj.CallOpParam())

    def resume(self) -> None:
        """Send the re-INVITE that ends our hold."""
        how = _audio_only()
        how.opt.flag = pj.PJSUA_CALL_UNHOLD
        with _refusals():
            self.reinvite(how)

    def mute(self, muted: bool) -> None:
        """Cut off what we say, or put it back."""
        with _refusals():
            self.getAudioMedia(-1).adjustRxLevel(0.0 if muted else 1.0)
        self._muted = muted

    def join(self, voice: "Voice") -> None:
        """Connect the sound both ways, muted if it was: a re-INVITE may have made it anew."""
        with _refusals():
            audio = self.getAudioMedia(-1)
            audio.adjustRxLevel(0.0 if self._muted else 1.0)
            voice.source.startTransmit(audio)
            audio.startTransmit(voice.sink)

    def join_call(self, other: "Call") -> None:
        """Let the two other sides hear one another."""
        with _refusals():
            here, there = self.getAudioMedia(-1), other.getAudioMedia(-1)
            here.startTransmit(there)
            there.startTransmit(here)

    def send_digits(self, digits: str) -> None:
        """Send keys as RFC 4733 events, or by INFO where those were not agreed on."""
        with _refusals():
            if self.getStreamInfo(0).audTxEventPt > 0:
                self.dialDtmf(digits)
            else:
                how = pj.CallSendDtmfParam()
                how.method, how.digits = pj.PJSUA_DTMF_METHOD_SIP_INFO, digits
                self.sendDtmf(how)

    def transfer(self, to: "str | Call") -> None:
        """Send a REFER to a URI, or to take our place in another call (Replaces)."""
        refer = self.xfer if isinstance(to, str) else self.xferReplaces
        with _refusals():
            refer(to, pj.CallOpParam(True))

    def packets(self) -> int:
        """RTP packets received so far."""
        with _refusals():
            stat = self.getStreamStat(0)
            return int(stat.rtcp.rxStat.pkt)

    def onCallState(self, prm: pj.OnCallStateParam) -> None:  # noqa: N802 - the library's name
        with _callback():
            info = self.getInfo()
            state = _CALL_STATES.get(info.state)
            if state is not None:
                self.over = state is CallState.OVER
                status = info.lastStatusCode
                by_peer = _received(prm.e) or _cancelled(info.role, status)
                self._owner.changed(self.call_id, state, status, by_peer, info.callIdString)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802 - as above
        with _callback():
            info = self.getInfo()  # kept: its media are freed with it
            for media in info.media:
                if media.type == pj.PJMEDIA_TYPE_AUDIO:
                    held_here = media.status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD
                    held_there = media.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
                    active = held_there or media.status == pj.PJSUA_CALL_MEDIA_ACTIVE
                    self._owner.media(self.call_id, active, held_here, held_there)

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:  # noqa: N802 - as above
        with _callback():
            change = prm.e.body.tsxState
            tsx = change.tsx
            # A refusal completes the transaction; a time-out terminates it at once.
            ended = tsx.state == pj.PJSIP_TSX_STATE_COMPLETED or (
                tsx.state == pj.PJSIP_TSX_STATE_TERMINATED
                and change.prevState != pj.PJSIP_TSX_STATE_COMPLETED
            )
            ours = tsx.method == "INVITE" and tsx.role == pj.PJSIP_ROLE_UAC
            if ours and ended and tsx.statusCode >= 300 and tsx.statusCode not in _CHALLENGES:
                self._owner.reinvite_failed(self.call_id, tsx.statusCode)

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:  # noqa: N802 - as above
        with _callback():
            self._owner.digit(self.call_id, prm.digit)

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:  # noqa: N802 - as above
        if not self._account.obeys_refer:
            prm.statusCode = pj.PJSIP_SC_DECLINE
            return
        with _callback():
            made = Call(self._account, uuid4().hex)
            prm.newCall = made  # without it, the library ends in a segmentation fault
            self._owner.handed_on(made)

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:  # noqa: N802 - as above
        with _callback():
            prm.cont = not prm.finalNotify
            if prm.finalNotify:
                self._owner.transfer_over(self.call_id, prm.statusCode)

    def onCallRedirected(self, prm: pj.OnCallRedirectedParam) -> int:  # noqa: N802 - as above
        return int(pj.PJSIP_REDIRECT_REJECT)  # keeps the status, which "stop" turns into 487

    def onCallReplaced(self, prm: pj.OnCallReplacedParam) -> None:  # noqa: N802 - as above
        with _callback():
            new = Call(self._account, self.call_id, prm.newCallId)
            new._muted = self._muted
            prm.newCall = new
            self.call_id = uuid4().hex
            info = new.getInfo()
            self._owner.replaced(new, self, info.remoteUri, info.remoteContact)


class Account(pj.Account):  # type: ignore[misc]  # pjsua2 has no types
    """The phone's own identity. Raises `StackError` and `BadAddress` when it can't be made."""

    def __init__(self, owner: Owner, order: Open, address: str) -> None:
        super().__init__()
        self.owner = owner
        self.obeys_refer = order.obeys_refer
        self._order = order
        self._config = _account_config(order, address)
        with _refusals():
            self.create(self._config)

    def learn(self, realm: str) -> bool:
        """Answer challenges of this realm, the registrar's, and of no other. Returns whether that
        is any news."""
        order, known = self._order, self._config.sipConfig.authCreds
        if not order.password or (known and known[0].realm == realm):
            return False
        credentials = pj.AuthCredInfo("digest", realm, order.user, 0, order.password)
        self._config.sipConfig.authCreds = pj.AuthCredInfoVector([credentials])
        with _refusals():
            self.modify(self._config)
        return True

    def register(self) -> None:
        """Send a REGISTER. Refused while an earlier one still waits for its answer."""
        with _refusals():
            self.setRegistration(True)

    def unregister(self) -> None:
        """Unregister, and wait a little for the answer."""
        with contextlib.suppress(pj.Error):
            if self.getInfo().regIsActive:
                self.setRegistration(False)
                limit = time.monotonic() + _UNREGISTER_S
                while self.getInfo().regIsActive and time.monotonic() < limit:
                    time.sleep(0.02)  # the library's own thread takes the answer

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802 - as above
        with _callback():
            call = Call(self, uuid4().hex, prm.callId)
            sip_call_id = call.getInfo().callIdString
            self.owner.offered(call, invitation(prm.rdata.wholeMsg, sip_call_id))

    def onRegState(self, prm: pj.OnRegStateParam) -> None:  # noqa: N802 - as above
        with _callback():
            answer = prm.rdata.wholeMsg if prm.code in _CHALLENGES else ""
            self.owner.registered(prm.code, challenge_realm(answer))

    def onIncomingSubscribe(self, prm: pj.OnIncomingSubscribeParam) -> None:  # noqa: N802 - as above
        prm.code = pj.PJSIP_SC_DECLINE


class _Mouth(pj.AudioMediaPort):  # type: ignore[misc]  # pjsua2 has no types
    """Speaks what `read` gives."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read
        self.createPort("mouth", _port_format())

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:  # noqa: N802 - the library's name
        with _callback():
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            frame.buf = pj.ByteVector(self._read(FRAME_BYTES))


class _Ear(pj.AudioMediaPort):  # type: ignore[misc]  # pjsua2 has no types
    """Hands what it hears to `write`."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        super().__init__()
        self._write = write
        self.createPort("ear", _port_format())

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:  # noqa: N802 - as above
        with _callback():
            self._write(bytes(frame.buf))


@dataclass(frozen=True)
class Voice:
    """What speaks into the calls and what hears them."""

    source: pj.AudioMedia
    sink: pj.AudioMedia


class _Endpoint(pj.Endpoint):  # type: ignore[misc]  # pjsua2 has no types
    """The library, as it tells of its connections."""

    def __init__(self, owner: Owner) -> None:
        super().__init__()
        self._owner = owner

    def onTransportState(self, prm: pj.OnTransportStateParam) -> None:  # noqa: N802 - as above
        with _callback():
            failed = prm.state == pj.PJSIP_TP_STATE_DISCONNECTED
            if failed and prm.tlsInfo.verifyStatus:
                self._owner.certificate_refused()


class Library:
    """The library, started. One a process at a time. Raises `StackError`."""

    def __init__(self, owner: Owner) -> None:
        self._endpoint = _Endpoint(owner)
        with _refusals():
            self._endpoint.libCreate()
            self._endpoint.libInit(_library_config())
            self._endpoint.libStart()
            for place, codec in enumerate(_CODECS):
                self._endpoint.codecSetPriority(codec, 255 - place)
            self._endpoint.audDevManager().setNullDev()  # the clock of all sound

    def open_transport(self, order: Open) -> str:
        """Open the transport. Returns the phone's own SIP address there."""
        config = pj.TransportConfig()
        config.boundAddress = order.listen_host
        config.port = order.listen_port
        room = pj.SockOpt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        config.sockOptParams.sockOpts = pj.SockOptVector([room])
        if order.transport is Transport.TLS:
            config.tlsConfig.verifyServer = True
            config.tlsConfig.CaListFile = order.ca or ssl.get_default_verify_paths().cafile or ""
        with _refusals():
            number = self._endpoint.transportCreate(_TRANSPORTS[order.transport], config)
            host_port = self._endpoint.transportGetInfo(number).localName
        return address_uri(order.user, host_port, order.transport)

    def silent_voice(self) -> Voice:
        """Neither speaks nor hears."""
        devices = self._endpoint.audDevManager()
        with _refusals():
            return Voice(devices.getCaptureDevMedia(), devices.getPlaybackDevMedia())

    def tone_voice(self) -> Voice:
        """Speaks a tone and does not hear."""
        with _refusals():
            return Voice(_tone(), self.silent_voice().sink)

    def desk_voice(self, read: Callable[[int], bytes], write: Callable[[bytes], None]) -> Voice:
        """Speaks what `read(size)` gives and hands what it hears to `write`: 16-bit mono PCM."""
        with _refusals():
            return Voice(_Mouth(read), _Ear(write))

    def close(self) -> None:
        """Let go of the library. Nothing made with it may be referred to any more."""
        gc.collect()
        # Everybody had time to answer; without the flag it sleeps a second more.
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)


def _received(event: pj.SipEvent) -> bool:
    """Whether a message from the network caused it, and not a timer or an error."""
    in_transaction = event.type == pj.PJSIP_EVENT_TSX_STATE
    return bool(in_transaction and event.body.tsxState.type == pj.PJSIP_EVENT_RX_MSG)


def _cancelled(role: int, status: int) -> bool:
    """A CANCEL shows as our own 487 to the INVITE."""
    return bool(role == pj.PJSIP_ROLE_UAS and status == pj.PJSIP_SC_REQUEST_TERMINATED)


def _tone() -> pj.ToneGenerator:
    """Two soft notes in turn, for ever."""
    notes = pj.ToneDescVector()
    for hertz, on_ms, off_ms in ((440, 350, 50), (554, 350, 450)):
        note = pj.ToneDesc()
        note.freq1, note.on_msec, note.off_msec, note.volume = hertz, on_ms, off_ms, 8_000
        notes.append(note)
    tone = pj.ToneGenerator()
    tone.createToneGenerator(RATE_HZ)
    tone.play(notes, True)
    return tone


def _port_format() -> pj.MediaFormatAudio:
    form = pj.MediaFormatAudio()
    form.type = pj.PJMEDIA_TYPE_AUDIO
    form.init(pj.PJMEDIA_FORMAT_PCM, RATE_HZ, 1, FRAME_MS * 1000, 8 * SAMPLE_BYTES)
    return form


def _library_config() -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 1
    config.uaConfig.maxCalls = _SLOTS
    config.uaConfig.userAgent = "Seatline"
    config.medConfig.clockRate = RATE_HZ
    config.medConfig.noVad = True  # a silent agent is still heard to be there
    config.logConfig.level = 2
    config.logConfig.consoleLevel = 0
    config.logConfig.msgLogging = 0
    writer = _Log()
    config.logConfig.writer = writer
    writer.__disown__()  # the library deletes it
    return config


def _account_config(order: Open, address: str) -> pj.AccountConfig:
    config = pj.AccountConfig()
    identity = address
    if order.registrar:
        identity = address_uri(order.user, order.registrar, Transport.UDP)
        config.regConfig.registrarUri = server_uri(order.registrar, order.transport)
        config.regConfig.registerOnAdd = False
        config.regConfig.timeoutSec = EXPIRY_S
        config.regConfig.retryIntervalSec = 0  # `Registration` sees to it
        config.regConfig.disableRegOnModify = True
    config.idUri = f"{display_name(order.display_name)}<{identity}>"
    rtp = config.mediaConfig.transportConfig
    rtp.boundAddress = order.listen_host
    rtp.port = _RTP_FIRST + 2 * secrets.randbelow(_RTP_PORTS // 2)
    return config


def _audio_only() -> pj.CallOpParam:
    how = pj.CallOpParam(True)
    how.opt.audioCount, how.opt.videoCount = 1, 0
    return how


def _with_status(status: int) -> pj.CallOpParam:
    how = pj.CallOpParam()
    how.statusCode = status
    return how
