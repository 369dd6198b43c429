"""The desk's sound as the phone sees it: a process that is started again when it ends."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable

from agent_client.phone.audio_ring import AudioRing
from agent_client.phone.engine import Open
from agent_client.phone.portaudio import NO_LIBRARY
from agent_client.phone.sound_pipe import Kind, messages, sound
from agent_client.phone.sound_process import LOOK_AGAIN

_log = logging.getLogger(__name__)

_FIRST_LOOK_S = 5.0
_PAUSE_S = 0.5
"""Before the process is started again."""
_STOP_S = 1.0
_NO_DEVICE, _NO_LIBRARY = "no_device", "sound_library_missing"


class DeskSound:
    """Microphone and loudspeaker of the desk, and its bell.

    `changed` is called, in a thread of this object's, whenever a microphone was found (with an
    empty text) or lost (with a `PhoneUp.fault`) after `start`. Calls go on without sound while
    there is none.
    """

    def __init__(self, changed: Callable[[str], None], order: Open) -> None:
        self.microphone = AudioRing()
        """What the agent says."""
        self._changed = changed
        self._chosen = ("--call", order.call_device, "--ring", order.ring_device)
        self._fault = _NO_DEVICE
        self._ringing = False
        self._bell = threading.Lock()
        self._looked = threading.Event()
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def start(self) -> str:
        """Open what there is. Returns what is wrong with the microphone, or an empty text."""
        self._thread.start()
        self._looked.wait(_FIRST_LOOK_S)
        return self._fault

    def hear(self, pcm: bytes) -> None:
        """Play one block to the agent. Called in any thread; never waits."""
        if pcm:
            self._send(sound(pcm))

    def ring(self, ringing: bool) -> None:
        """Ring at the desk, or stop."""
        with self._bell:
            self._ringing = ringing
            self._send_ringing()

    def zip_tone(self) -> None:
        """Beep twice in the agent's ear."""
        self._send(bytes((Kind.ZIP,)))

    def close(self) -> None:
        """Let go of the devices."""
        self._stop.set()
        process = self._process
        if process is not None:
            process.kill()
        self._thread.join(_STOP_S)

    def _send_ringing(self) -> None:
        self._send(bytes((Kind.RING if self._ringing else Kind.QUIET,)))

    def _send(self, message: bytes) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            # Full, or closed under us: this block is lost, and the next comes in 20 ms.
            with contextlib.suppress(OSError, ValueError):
                os.write(process.stdin.fileno(), message)

    # In a thread of its own

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._start() as process:
                self._process = process
                self._listen(process)
                self._process = None
                process.kill()
            if process.returncode == NO_LIBRARY:
                _log.warning("no sound: PortAudio is not installed")
                self._tell(_NO_LIBRARY)
                return
            if process.returncode != LOOK_AGAIN:
                self._tell(_NO_DEVICE)
                self._stop.wait(_PAUSE_S)

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "agent_client.phone.sound_process", *self._chosen],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdin is not None
        if os.name == "posix":
            os.set_blocking(process.stdin.fileno(), False)
        return process

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for kind, pcm in messages(process.stdout.read):
            if kind is Kind.SOUND:
                self.microphone.write(pcm)
            else:
                with self._bell:
                    self._send_ringing()
                self._tell("" if kind is Kind.MICROPHONE else _NO_DEVICE)

    def _tell(self, fault: str) -> None:
        if fault != self._fault:
            self._fault = fault
            if self._looked.is_set() and not self._stop.is_set():
                self._changed(fault)
        self._looked.set()
