"""Messages between the phone and its sound process: a kind, and for sound a block of it."""

from collections.abc import Callable, Iterator
from enum import IntEnum

from agent_client.phone.audio_ring import FRAME_BYTES


class Kind(IntEnum):
    """The first byte of a message. Only `SOUND` is followed by more: `FRAME_BYTES` of PCM."""

    SOUND = ord("s")
    RING = ord("r")
    """Ring at the desk."""
    QUIET = ord("q")
    """Stop ringing."""
    ZIP = ord("z")
    """Beep twice in the agent's ear."""
    MICROPHONE = ord("m")
    """There is a microphone."""
    NO_MICROPHONE = ord("n")
    """There is none."""


def sound(pcm: bytes) -> bytes:
    """A message with one block of sound."""
    return bytes((Kind.SOUND,)) + pcm.ljust(FRAME_BYTES, b"\0")[:FRAME_BYTES]


def messages(read: Callable[[int], bytes]) -> Iterator[tuple[Kind, bytes]]:
    """The messages until the end of the pipe; `read(n)` blocks until n bytes or the end.

    Raises `ValueError` on a byte that is no kind: the two ends are of one version.
    """
    while kind := read(1):
        yield Kind(kind[0]), read(FRAME_BYTES) if kind[0] == Kind.SOUND else b""
