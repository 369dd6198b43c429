"""The system's default microphone and loudspeaker, through sounddevice (PortAudio)."""

import sys
from collections.abc import Callable
from typing import Protocol

from agent_client.phone.audio_ring import FRAME_MS, RATE_HZ

_BLOCK = RATE_HZ * FRAME_MS // 1000

Take = Callable[[bytes], None]
Give = Callable[[int], bytes]


class NoDevice(Exception):
    """There is no such device, or it can't be opened."""


class NoLibrary(Exception):
    """sounddevice or the PortAudio library is not installed."""


class Stream(Protocol):
    """An open device."""

    @property
    def active(self) -> bool:
        """Whether it still runs, as far as the library knows."""

    def start(self) -> None:
        """Begin to call back."""


class PortAudio:
    """The devices that there were when the process started. Raises `NoLibrary`."""

    def __init__(self) -> None:
        try:
            import sounddevice  # noqa: PLC0415 - raises OSError where PortAudio is missing
        except (ImportError, OSError) as error:
            raise NoLibrary(str(error)) from error
        self._library = sounddevice

    def open_microphone(self, take: Take) -> Stream:
        """Hand each block of sound to `take`, in a thread of the library's. Raises `NoDevice`."""

        def block(pcm: bytes, frames: int, when: object, status: object) -> None:
            take(bytes(pcm))

        return self._open(self._library.RawInputStream, block)

    def open_loudspeaker(self, give: Give) -> Stream:
        """Ask `give` for each block, with its size in bytes. Raises `NoDevice`."""

        def block(pcm: memoryview, frames: int, when: object, status: object) -> None:
            pcm[:] = give(len(pcm))

        return self._open(self._library.RawOutputStream, block)

    def _open(self, kind: Callable[..., Stream], block: Callable[..., None]) -> Stream:
        try:
            stream = kind(
                samplerate=RATE_HZ,
                blocksize=_BLOCK,
                channels=1,
                dtype="int16",
                latency="low",
                callback=block,
            )
            stream.start()
        except (self._library.PortAudioError, ValueError) as error:
            raise NoDevice(str(error)) from error
        return stream


def main() -> int:
    """Exit 0 when there is a microphone that opens, else 1. A program of its own, since the
    library talks to the screen while it looks."""
    try:
        PortAudio().open_microphone(lambda _: None)
    except (NoDevice, NoLibrary):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
