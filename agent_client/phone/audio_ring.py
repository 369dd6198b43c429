"""Sound on its way between two clocks, in a buffer that never grows into a delay."""

import threading

RATE_HZ = 16_000
SAMPLE_BYTES = 2
FRAME_MS = 20
FRAME_BYTES = RATE_HZ * FRAME_MS // 1000 * SAMPLE_BYTES
"""One block of 16-bit mono sound."""
START_BYTES = FRAME_BYTES
"""What must be there before reading (again) begins."""
MOST_BYTES = 5 * FRAME_BYTES
"""100 ms. The clocks of two devices drift; what is above is dropped, oldest first."""


class AudioRing:
    """16-bit mono PCM, written in one thread and read in another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pcm = bytearray()
        self._flows = False

    def write(self, pcm: bytes) -> None:
        """Append. With more than `MOST_BYTES` waiting, only the newest `2 * START_BYTES` stay."""
        with self._lock:
            self._pcm += pcm
            if len(self._pcm) > MOST_BYTES:
                del self._pcm[: len(self._pcm) - 2 * START_BYTES]

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes: what is there, and silence for what is missing."""
        with self._lock:
            if not self._flows and len(self._pcm) < START_BYTES:
                return bytes(size)
            self._flows = len(self._pcm) >= size
            pcm = bytes(self._pcm[:size])
            del self._pcm[:size]
        return pcm.ljust(size, b"\0")

    @property
    def flows(self) -> bool:
        """Whether the last reading found as much as it asked for."""
        return self._flows
