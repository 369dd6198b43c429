from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.clock import SeatClock, whole_seconds
from tests.terminal.conftest import Clock
from tests.terminal.fake_seat import NOW

_instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 - below
    lambda naive: naive.replace(tzinfo=UTC)
)


def test_the_seats_time_goes_on_by_the_monotonic_clock() -> None:
    monotonic = Clock()
    clock = SeatClock(monotonic)
    clock.set(NOW)
    monotonic.go_on(61.5)
    assert clock.now() == NOW + timedelta(seconds=61.5)


def test_stopped_it_stands_still_until_the_next_word() -> None:
    monotonic = Clock()
    clock = SeatClock(monotonic)
    clock.set(NOW)
    monotonic.go_on(5)
    clock.stop()
    monotonic.go_on(60)
    clock.stop()
    assert clock.now() == NOW + timedelta(seconds=5)
    clock.set(NOW)
    assert clock.now() == NOW


def test_no_anchor_no_time() -> None:
    assert SeatClock(Clock()).now() is None


def test_spans_with_an_unknown_end_are_unknown() -> None:
    assert whole_seconds(None, NOW) is None
    assert whole_seconds(NOW, None) is None


@given(_instants, _instants, _instants)
def test_neighbouring_spans_add_up(first: datetime, second: datetime, third: datetime) -> None:
    start, middle, end = sorted([first, second, third])
    parts = (whole_seconds(start, middle), whole_seconds(middle, end))
    assert sum(part or 0 for part in parts) == whole_seconds(start, end)


@given(_instants, _instants)
def test_no_span_is_negative(start: datetime, end: datetime) -> None:
    seconds = whole_seconds(start, end)
    assert seconds is not None
    assert seconds >= 0
