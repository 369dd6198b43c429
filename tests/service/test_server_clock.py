"""The server's clock beside a wall clock that is set, and a monotonic one that is not."""

import logging

import pytest

from agent_service.server_clock import ServerClock


class Clocks:
    """Two clocks that a test moves."""

    def __init__(self) -> None:
        self.wall_ms = 1_000_000
        self.mono_ms = 5_000
        self.server = ServerClock(lambda: self.wall_ms, lambda: self.mono_ms)

    def passes(self, ms: int, set_by: int = 0) -> int:
        """Time goes by, and the wall clock is set; what the server's clock shows."""
        self.wall_ms += ms + set_by
        self.mono_ms += ms
        return self.server.now_ms()


def test_it_is_the_wall_clock() -> None:
    assert Clocks().passes(10) == 1_000_010


def test_a_step_forward_is_followed() -> None:
    clocks = Clocks()
    assert clocks.passes(10, set_by=60_000) == 1_060_010
    assert clocks.passes(10) == 1_060_020


def test_a_step_back_is_not_and_time_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    with caplog.at_level(logging.WARNING):
        assert clocks.passes(10, set_by=-3_600_000) == 1_000_010
        assert clocks.passes(20) == 1_000_030
    assert [record.getMessage() for record in caplog.records] == ["clock_set_back"]


def test_the_wall_clock_is_followed_again_when_it_has_caught_up() -> None:
    clocks = Clocks()
    clocks.passes(10, set_by=-60_000)
    assert clocks.passes(10, set_by=60_500) == 1_000_520
