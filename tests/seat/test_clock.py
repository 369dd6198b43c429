"""The time as the server has it, which no correction of the desk's clock moves."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat import clock
from agent_client.seat.clock import Anchor, Clock

SERVER_MS = 1_800_000_000_000


class Clocks:
    """The machine's clocks, moved by a test."""

    def __init__(self) -> None:
        self.mono_ms = 1_000_000
        self.wall_ms = 5_000

    def make(self) -> Clock:
        return Clock(lambda: self.mono_ms, lambda: self.wall_ms, boot_id="boot")


def test_without_an_anchor_the_time_is_not_known() -> None:
    clocks = Clocks()
    made = clocks.make()
    assert made.now_ms() is None
    reading = made.read()
    assert (reading.occurred_ms, reading.wall_ms, reading.mono_ms) == (None, 5_000, 1_000_000)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**8), st.integers(-(10**13), 10**13)), min_size=1, max_size=20
    )
)
def test_what_occurred_never_moves_with_the_wall_clock(moves: list[tuple[int, int]]) -> None:
    clocks = Clocks()
    made = clocks.make()
    made.fix(Anchor(SERVER_MS, clocks.mono_ms, 4, "boot"))
    passed_ms = 0
    for mono, wall in moves:
        clocks.mono_ms += mono
        clocks.wall_ms += wall
        passed_ms += mono
        reading = made.read()
        assert reading.occurred_ms == SERVER_MS + passed_ms
        assert reading.wall_ms == clocks.wall_ms


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_sample_is_wrong_by_half_its_way_at_the_most(there_ms: int, back_ms: int) -> None:
    clocks = Clocks()
    made = clocks.make()
    sent_ms = clocks.mono_ms
    true_at_sent = SERVER_MS
    clocks.mono_ms += there_ms + back_ms
    anchor = made.sample(sent_ms, true_at_sent + there_ms)
    assert anchor.rtt_ms == there_ms + back_ms
    made.fix(anchor)
    now_ms = made.now_ms()
    assert now_ms is not None
    assert abs(now_ms - (true_at_sent + there_ms + back_ms)) <= (anchor.rtt_ms + 1) // 2


def test_the_monotonic_clock_goes_forward() -> None:
    readings = [clock.monotonic_ms() for _ in range(100)]
    assert readings == sorted(readings)
    assert Clock().read().wall_ms > 1_600_000_000_000


def test_a_system_without_a_suspend_proof_clock_has_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    first = clock.monotonic_ms()
    assert clock.monotonic_ms() >= first


def test_a_system_that_does_not_name_its_boots(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_file(_: Path) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", no_such_file)
    assert clock.this_boot() == ""
