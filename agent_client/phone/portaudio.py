"""The desk's microphones and loudspeakers, through sounddevice (PortAudio)."""

import sys
from collections.abc import Callable
from typing import Protocol

from agent_client.phone.audio_ring import FRAME_MS, RATE_HZ

NO_LIBRARY = 3
"""Exit status: no use in trying again."""
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

    def has(self, name: str, channels: str) -> bool:
        """Whether there is a device of this name, or part of it, with `input` or `output`."""
        return self._find(name, channels) is not None

    def open_microphone(self, take: Take, name: str = "") -> Stream:
        """Hand each block of sound to `take`, in a thread of the library's. Without a device of
        the name, the system's default. Raises `NoDevice`."""

        def block(pcm: bytes, frames: int, when: object, status: object) -> None:
            take(bytes(pcm))

        return self._open(self._library.RawInputStream, block, self._find(name, "input"))

    def open_loudspeaker(self, give: Give, name: str = "") -> Stream:
        """Ask `give` for each block, with its size in bytes. Without a device of the name, the
        system's default. Raises `NoDevice`."""

        def block(pcm: memoryview, frames: int, when: object, status: object) -> None:
            pcm[:] = give(len(pcm))

        return self._open(self._library.RawOutputStream, block, self._find(name, "output"))

    def _find(self, name: str, channels: str) -> int | None:
        """The number of a device; None for the default."""
        if not name:
            return None
        for number, device in enumerate(self._library.query_devices()):
            found = name.casefold() in str(device["name"]).casefold()
            if found and device[f"max_{channels}_channels"] > 0:
                return number
        return None

    def _open(
        self, kind: Callable[..., Stream], block: Callable[..., None], device: int | None
    ) -> Stream:
        try:
            stream = kind(
                samplerate=RATE_HZ,
                blocksize=_BLOCK,
                channels=1,
                dtype="int16",
                device=device,
                latency="low",
                callback=block,
            )
            stream.start()
        except (self._library.PortAudioError, ValueError) as error:
            raise NoDevice(str(error)) from error
        return stream


def main() -> int:
    """Exit 0 when there is a microphone that opens, 1 when not, `NO_LIBRARY` without PortAudio. A
    program of its own, since the library talks to the screen while it looks."""
    try:
        PortAudio().open_microphone(lambda _: None)
    except NoLibrary:
        return NO_LIBRARY
    except NoDevice:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
