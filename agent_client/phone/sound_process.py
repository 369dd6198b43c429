"""The sound's process: plays what comes in on standard input, writes what the microphone hears.

It is apart from the phone because PortAudio does not survive the loss of a device: closing it
never returns, a thread of it runs hot, and it lists new devices only in a new process. Here, the
process ends, and the phone starts another.
"""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time

from agent_client.phone.audio_ring import AudioRing
from agent_client.phone.bell import Bell, zip_tone
from agent_client.phone.portaudio import NO_LIBRARY, NoDevice, NoLibrary, PortAudio, Stream
from agent_client.phone.sound_pipe import Kind, messages, sound

LOOK_AGAIN = 4
"""Exit status: nothing is lost, but a device that somebody chose may have come."""
_LOOK_S = 1.0
_STALL_S = 2.0
"""A device that delivers nothing for so long is taken for gone."""
_SEARCH_S = 5.0
"""With a device missing, a new process looks again after so long."""
_CHOSEN_SEARCH_S = 30.0
"""The same, with another device in place of a chosen one, and only while all is quiet."""


class Desk:
    """What is played, and when the devices were last heard of."""

    def __init__(self, output: int) -> None:
        self._output = output
        self._writing = threading.Lock()
        self._heard = AudioRing()
        self._bell = Bell()
        self._zip_tone = zip_tone()
        self._zip_place = len(self._zip_tone)
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
                elif kind is Kind.ZIP:
                    self._zip_place = 0

    def tell(self, message: bytes) -> None:
        """Write a message to the phone."""
        with self._writing, contextlib.suppress(BrokenPipeError):
            os.write(self._output, message)

    def take(self, pcm: bytes) -> None:
        """A block from the microphone."""
        self._taken_at = time.monotonic()
        self.tell(sound(pcm))

    def give(self, size: int) -> bytes:
        """A block for the agent's ear: the zip tone, or a call."""
        self._given_at = time.monotonic()
        pcm = self._heard.read(size)
        if self._zip_place < len(self._zip_tone):
            pcm = self._zip_tone[self._zip_place : self._zip_place + size].ljust(size, b"\0")
            self._zip_place += size
        return pcm

    def give_bell(self, size: int) -> bytes:
        """A block for the device that rings."""
        return self._bell.read(size) if self._ringing else bytes(size)

    def give_both(self, size: int) -> bytes:
        """A block for the one loudspeaker: a call, or else the bell. Speech is never covered."""
        pcm = self.give(size)
        return self._bell.read(size) if self._ringing and not self._heard.flows else pcm

    @property
    def quiet(self) -> bool:
        """Whether nothing would be missed."""
        return not self._ringing and not self._heard.flows

    def stalls(self) -> bool:
        """Whether a device stopped delivering."""
        return time.monotonic() - min(self._given_at, self._taken_at) > _STALL_S


class Devices:
    """What is open for a desk, with the devices that somebody chose, by name."""

    def __init__(self, library: PortAudio, call: str, ring: str) -> None:
        self._library = library
        self._call = call
        self._ring = ring
        self._streams: list[Stream] = []
        self.microphone = False
        """Whether there is one."""

    @property
    def complete(self) -> bool:
        """Whether the agent can both hear and be heard."""
        return self.microphone and len(self._streams) > 1

    @property
    def active(self) -> bool:
        """Whether all of it still runs."""
        return all(stream.active for stream in self._streams)

    @property
    def as_chosen(self) -> bool:
        """Whether every device that somebody chose was there."""
        chosen = ((self._call, "output"), (self._call, "input"), (self._ring, "output"))
        return all(not name or self._library.has(name, way) for name, way in chosen)

    def open(self, desk: Desk) -> None:
        """Open what there is: a bell of its own where one was chosen and is there."""
        apart = bool(self._ring) and self._library.has(self._ring, "output")
        with contextlib.suppress(NoDevice):
            give = desk.give if apart else desk.give_both
            self._streams.append(self._library.open_loudspeaker(give, self._call))
        with contextlib.suppress(NoDevice):
            self._streams.append(self._library.open_microphone(desk.take, self._call))
            self.microphone = True
        with contextlib.suppress(NoDevice):
            if apart:
                self._streams.append(self._library.open_loudspeaker(desk.give_bell, self._ring))


def main() -> None:
    """Run until the input ends or a device is lost."""
    parser = argparse.ArgumentParser(prog="sound")
    parser.add_argument("--call", default="")
    parser.add_argument("--ring", default="")
    chosen = parser.parse_args()
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
    devices = Devices(library, chosen.call, chosen.ring)
    threading.Thread(target=_run, args=(devices, desk), daemon=True).start()
    desk.play()
    os._exit(0)  # PortAudio may never return from an orderly end


def _run(devices: Devices, desk: Desk) -> None:
    """Open the devices, and end the process when one is missing or lost."""
    devices.open(desk)
    desk.tell(bytes((Kind.MICROPHONE if devices.microphone else Kind.NO_MICROPHONE,)))
    if not devices.complete:
        time.sleep(_SEARCH_S)
        os._exit(1)
    search_at = time.monotonic() + _CHOSEN_SEARCH_S
    satisfied = devices.as_chosen
    while devices.active and not desk.stalls():
        time.sleep(_LOOK_S)
        if not satisfied and desk.quiet and time.monotonic() > search_at:
            os._exit(LOOK_AGAIN)
    os._exit(1)


if __name__ == "__main__":
    main()
