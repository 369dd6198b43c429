"""The tones at the desk: the bell, and the beeps before a call that is answered by itself."""

import math
from array import array

from agent_client.phone.audio_ring import RATE_HZ

_NOTES_HZ = (523.25, 659.25)
_NOTE_S, _NOTES_A_RING, _PAUSE_S = 0.125, 8, 2.0
_BEEP_HZ, _BEEP_S, _BEEP_PAUSE_S = 1_000.0, 0.07, 0.05
_FADE_S = 0.01
_LOUDNESS = 6_000


class Bell:
    """Two notes in turn for a second, then two seconds of silence, again and again."""

    def __init__(self) -> None:
        notes = b"".join(_note(_NOTES_HZ[turn % 2], _NOTE_S) for turn in range(_NOTES_A_RING))
        self._ring = notes + bytes(2 * round(_PAUSE_S * RATE_HZ))
        self._place = 0

    def read(self, size: int) -> bytes:
        """The next `size` bytes of 16-bit mono sound."""
        pcm = bytearray()
        while len(pcm) < size:
            piece = self._ring[self._place : self._place + size - len(pcm)]
            pcm += piece
            self._place = (self._place + len(piece)) % len(self._ring)
        return bytes(pcm)

    def rewind(self) -> None:
        """Begin with the first note next time."""
        self._place = 0


def zip_tone() -> bytes:
    """Two beeps, as 16-bit mono sound."""
    beep = _note(_BEEP_HZ, _BEEP_S)
    return beep + bytes(2 * round(_BEEP_PAUSE_S * RATE_HZ)) + beep


def _note(hertz: float, seconds: float) -> bytes:
    samples = round(seconds * RATE_HZ)
    fade = round(_FADE_S * RATE_HZ)  # without it each note begins and ends with a click
    return array(
        "h",
        (
            round(
                _LOUDNESS
                * min(1.0, place / fade, (samples - place) / fade)
                * math.sin(2 * math.pi * hertz * place / RATE_HZ)
            )
            for place in range(samples)
        ),
    ).tobytes()
