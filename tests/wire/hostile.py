"""What may arrive instead of a message."""

import hypothesis.strategies as st

DEPTH = 100_000
DEEP = b"[" * DEPTH + b"]" * DEPTH
HUGE = b"9" * 300
BEYOND_64_BITS = str(1 << 63).encode()

BYTES = st.binary() | st.text().map(str.encode)


def broken(frames: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Frames with a part of them lost, doubled or replaced."""
    return st.builds(
        _spliced, frames, st.integers(0, 60), st.integers(0, 60), st.binary(max_size=8)
    )


def _spliced(frame: bytes, start: int, length: int, put: bytes) -> bytes:
    return frame[:start] + put + frame[start + length :]
