"""Which day it is where the floor is."""

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.local_day import day_bounds, local_date

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOUR = 3_600_000


def test_a_day_begins_at_the_sites_midnight() -> None:
    # 2026-11-22 17:30 UTC is 01:30 of the 23rd in Shanghai
    assert local_date(1_795_368_600_000, SHANGHAI) == date(2026, 11, 23)
    assert local_date(1_795_368_600_000, UTC) == date(2026, 11, 22)
    from_ms, until_ms = day_bounds(date(2026, 11, 23), SHANGHAI)
    assert (1_795_368_600_000 - from_ms, until_ms - from_ms) == (HOUR * 3 // 2, 24 * HOUR)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    from_ms, until_ms = day_bounds(day, BERLIN)
    assert until_ms - from_ms == hours * HOUR


@given(st.integers(0, 4_000_000_000_000))
def test_an_instant_lies_in_its_day(ms: int) -> None:
    from_ms, until_ms = day_bounds(local_date(ms, BERLIN), BERLIN)
    assert from_ms <= ms < until_ms
