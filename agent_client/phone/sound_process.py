"""The sound's process: plays what comes in on standard input, writes what the microphone hears.

It is apart from the phone because PortAudio does not survive the loss of a device: closing it
never returns, a thread of it runs hot, and it lists new devices only in a new process. Here, the
process ends, and the phone starts another.
"""

import contextlib
import os
import signal
import sys
import threading
import time

from agent_client.phone.audio_ring import AudioRing
from agent_client.phone.bell import Bell
from agent_client.phone.portaudio import NoDevice, NoLibrary, PortAudio, Stream
from agent_client.phone.sound_pipe import Kind, messages, sound

NO_LIBRARY = 3
"""Exit status: no use in trying again."""
_LOOK_S = 1.0
_STALL_S = 2.0
"""A device that delivers nothing for so long is taken for gone."""
_SEARCH_S = 5.0
"""With a device missing, a new process looks again after so long."""


class Desk:
    """What is played, and when the devices were last heard of."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._writing = threading.Lock()
        self._heard = AudioRing()
        self._bell = Bell()
        self._ringing = False
        self._given_at = self._taken_at = time.monotonic()

    def play(self) -> None:
        """Obey standard input until it ends."""
        with open(0, "rb", closefd=False) as commands:
            for kind, pcm in messages(commands.read):
                if kind is Kind.SOUND:
                    self._heard.write(pcm)
                elif kind is Kind.RING:
                    self._bell.rewind()
                    self._ringing = True
                elif kind is Kind.QUIET:
                    self._ringing = False

    def tell(self, message: bytes) -> None:
        """Write a message to the phone."""
        with self._writing, contextlib.suppress(BrokenPipeError):
            os.write(self._output, message)

    def take(self, pcm: bytes) -> None:
        """A block from the microphone."""
        self._taken_at = time.monotonic()
        self.tell(sound(pcm))

    def give(self, size: int) -> bytes:
        """A block for the loudspeaker: a call, or else the bell. Speech is never covered."""
        self._given_at = time.monotonic()
        pcm = self._heard.read(size)
        return self._bell.read(size) if self._ringing and not self._heard.flows else pcm

    def stalls(self) -> bool:
        """Whether a device stopped delivering."""
        return time.monotonic() - min(self._given_at, self._taken_at) > _STALL_S


def main() -> None:
    """Run until the input ends or a device is lost."""
    output = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)  # ALSA and PortAudio write there without end
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        library = PortAudio()
    except NoLibrary:
        sys.exit(NO_LIBRARY)
    desk = Desk(output)
    threading.Thread(target=_run, args=(library, desk), daemon=True).start()
    desk.play()
    os._exit(0)  # PortAudio may never return from an orderly end


def _run(library: PortAudio, desk: Desk) -> None:
    """Open the devices, and end the process when one is missing or lost."""
    streams: list[Stream] = []
    with contextlib.suppress(NoDevice):
        streams.append(library.open_loudspeaker(desk.give))
    loudspeakers = len(streams)
    with contextlib.suppress(NoDevice):
        streams.append(library.open_microphone(desk.take))
    present = len(streams) > loudspeakers
    desk.tell(bytes((Kind.MICROPHONE if present else Kind.NO_MICROPHONE,)))
    if len(streams) == 2:
        while all(stream.active for stream in streams) and not desk.stalls():
            time.sleep(_LOOK_S)
    else:
        time.sleep(_SEARCH_S)
    os._exit(1)


if __name__ == "__main__":
    main()
