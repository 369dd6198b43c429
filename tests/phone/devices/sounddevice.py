"""Stands in for the sounddevice package in the sound process of a test: what is played into its
loudspeaker comes back through its microphone. SOUND_TEST says what is wrong with it."""

import collections
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

FAULT = os.environ["SOUND_TEST"]
BLOCK = 640
_air: collections.deque[bytes] = collections.deque(maxlen=5)


class PortAudioError(Exception):
    pass


if FAULT == "no_library":
    raise OSError("PortAudio library not found")


class _Stream:
    def __init__(self, callback: Callable[..., None], **settings: object) -> None:
        self.active = False
        self._callback = callback
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self.active = True
        self._thread.start()

    def _run(self) -> None:
        while True:
            time.sleep(0.02)
            self.block()

    def block(self) -> None:
        raise NotImplementedError


class RawOutputStream(_Stream):
    def block(self) -> None:
        pcm = bytearray(BLOCK)
        self._callback(memoryview(pcm), BLOCK // 2, None, None)
        _air.append(bytes(pcm))


class RawInputStream(_Stream):
    def __init__(self, callback: Callable[..., None], **settings: object) -> None:
        super().__init__(callback, **settings)
        self._blocks = 0
        if FAULT == "no_microphone":
            raise PortAudioError("no such device")

    def block(self) -> None:
        self._blocks += 1
        if self._blocks > 25 and FAULT.startswith("unplugged:"):
            self._unplug(Path(FAULT.partition(":")[2]))
        self._callback(_air.popleft() if _air else bytes(BLOCK), BLOCK // 2, None, None)

    def _unplug(self, once: Path) -> None:
        """The first process loses its microphone; the next one keeps it."""
        if not once.exists():
            once.touch()
            self.active = False
            threading.Event().wait()
