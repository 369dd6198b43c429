"""The buffer between two clocks, and the bell."""

from hypothesis import given
from hypothesis import strategies as st

from agent_client.phone.audio_ring import FRAME_BYTES, MOST_BYTES, RATE_HZ, START_BYTES, AudioRing
from agent_client.phone.bell import Bell

STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(1, 3 * FRAME_BYTES // 2).map((2).__mul__)), max_size=60
)

BELL = Bell()


def blocks(sizes: list[int]) -> list[bytes]:
    """Sound in which no sample is silent and neighbours differ, block by block."""
    samples = (value for _ in range(10**6) for value in range(1, 251))
    return [bytes(byte for _ in range(size // 2) for byte in (next(samples), 1)) for size in sizes]


@given(STEPS)
def test_it_gives_what_is_asked_and_never_waits_too_long(steps: list[tuple[bool, int]]) -> None:
    ring = AudioRing()
    written = iter(blocks([size for writes, size in steps if writes]))
    waiting = 0
    for writes, size in steps:
        if writes:
            ring.write(next(written))
            waiting = min(waiting + size, MOST_BYTES)
        else:
            pcm = ring.read(size)
            assert len(pcm) == size
            heard = len(pcm.rstrip(b"\0"))
            assert heard <= waiting
            waiting -= heard


@given(STEPS)
def test_what_is_heard_was_said_in_that_order(steps: list[tuple[bool, int]]) -> None:
    ring = AudioRing()
    said = blocks([size for writes, size in steps if writes])
    written = iter(said)
    whole = b"".join(said)
    place = 0
    for writes, size in steps:
        if writes:
            ring.write(next(written))
        else:
            heard = ring.read(size).rstrip(b"\0")
            found = whole.find(heard, place)
            assert found >= 0
            place = found + len(heard)


@given(st.integers(1, 50), st.integers(0, 20))
def test_a_writer_that_is_too_fast_never_makes_a_long_delay(blocks_in: int, reads: int) -> None:
    ring = AudioRing()
    for _ in range(blocks_in):
        ring.write(b"\1\1" * (FRAME_BYTES // 2))
    for _ in range(reads):
        ring.read(FRAME_BYTES)
    left = 0
    while ring.read(2) != b"\0\0":
        left += 2
    assert left <= MOST_BYTES


def test_after_running_dry_it_waits_for_a_whole_block() -> None:
    ring = AudioRing()
    half = b"\1\1" * (START_BYTES // 4)
    ring.write(half)
    assert ring.read(FRAME_BYTES) == bytes(FRAME_BYTES)
    assert not ring.flows
    ring.write(half)
    assert ring.read(FRAME_BYTES) == half + half
    assert ring.flows


def test_the_bell_rings_for_a_second_and_rests_for_two() -> None:
    bell = Bell()
    second = 2 * RATE_HZ
    for _ in range(2):
        assert bell.read(second).count(0) < second // 4
        assert bell.read(2 * second) == bytes(2 * second)


@given(st.lists(st.integers(1, 3_000).map((2).__mul__), min_size=1, max_size=6))
def test_the_bell_sounds_the_same_in_pieces(sizes: list[int]) -> None:
    BELL.rewind()
    expected = BELL.read(sum(sizes))
    BELL.rewind()
    assert b"".join(BELL.read(size) for size in sizes) == expected
