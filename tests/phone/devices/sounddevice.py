"""Stands in for the sounddevice package in the sound process of a test: what is played into its
loudspeakers comes back through its microphone, louder by one for each loudspeaker's number.
SOUND_TEST says what is wrong with it."""

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


DEVICES: list[dict[str, object]] = [
    {"name": "Built-in Speakers", "max_input_channels": 0, "max_output_channels": 2},
    {"name": "Headset H-1: USB (hw:1,0)", "max_input_channels": 1, "max_output_channels": 2},
]
if FAULT == "no_headset":
    del DEVICES[1]


def query_devices() -> list[dict[str, object]]:
    return DEVICES


class _Stream:
    def __init__(
        self, callback: Callable[..., None], device: int | None = None, **settings: object
    ) -> None:
        self.active = False
        self._device = device
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


def marked(pcm: bytearray, device: int) -> bytearray:
    """The block with the loudspeaker's number in its first sample."""
    return bytearray((100 + device).to_bytes(2, "little")) + pcm[2:]


class RawOutputStream(_Stream):
    def block(self) -> None:
        pcm = bytearray(BLOCK)
        self._callback(memoryview(pcm), BLOCK // 2, None, None)
        # Two loudspeakers would drown each other in the air: a silent one says nothing.
        if self._device is None or any(pcm):
            _air.append(bytes(pcm if self._device is None else marked(pcm, self._device)))


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
