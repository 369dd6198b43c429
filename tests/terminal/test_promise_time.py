"""The time of a promised call: what people type, and what it means at the site."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.promise_time import LONGEST, read
from agent_client.terminal.site_time import as_typed

SITE = ZoneInfo("Asia/Shanghai")
DAYS = {"today": 0, "tomorrow": 1, "今天": 0, "明天": 1, "后天": 2}
NOW = datetime(2026, 11, 22, 14, 3, 20, tzinfo=SITE)


def local(text: str, now: datetime = NOW, zone: tzinfo = SITE) -> str | None:
    """What a text means, written out; null where it means nothing."""
    found = read(text, now, zone, DAYS)
    return None if found is None else f"{found.astimezone(zone):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+30m", "2026-11-22 14:34:00"),
        ("+30", "2026-11-22 14:34:00"),
        ("+ 30 min", "2026-11-22 14:34:00"),
        ("+2h", "2026-11-22 16:04:00"),
        ("+1h30m", "2026-11-22 15:34:00"),
        ("+1h 30", "2026-11-22 15:34:00"),
        ("15:30", "2026-11-22 15:30:00"),
        ("15.30", "2026-11-22 15:30:00"),
        ("１５：３０", "2026-11-22 15:30:00"),
        ("9:05", "2026-11-23 09:05:00"),
        ("14:03", "2026-11-23 14:03:00"),
        ("14:04", "2026-11-22 14:04:00"),
        ("明天 9:00", "2026-11-23 09:00:00"),
        ("明天9：00", "2026-11-23 09:00:00"),
        ("后天 9", "2026-11-24 09:00:00"),
        ("Tomorrow 9:00", "2026-11-23 09:00:00"),
        ("tomorrow 17", "2026-11-23 17:00:00"),
        ("today 18:00", "2026-11-22 18:00:00"),
        ("12-01 9:00", "2026-12-01 09:00:00"),
        ("12/1 9:00", "2026-12-01 09:00:00"),
        ("1-5 9:00", "2027-01-05 09:00:00"),
        ("2026-12-31 23:59", "2026-12-31 23:59:00"),
    ],
)
def test_what_people_type(text: str, meant: str) -> None:
    assert local(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "+", "+0", "+m", "15", "1530", "15:3", "25:00", "12:60", "soon", "[red]"),
        *("today 9:00", "tomorrow", "2026-11-22 14:00", "2020-01-01 9:00", "2-30 9:00"),
        *("99-99 9:00", "+9999h", "2099-01-01 9:00", "-30m", "今天", "明天 25", "\x1b[2J"),
    ],
)
def test_what_says_no_moment_still_to_come(text: str) -> None:
    assert local(text) is None


def test_a_clock_change_between_makes_no_hour_more_or_less() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    found = read("+1h", before, berlin, DAYS)
    assert found == before + timedelta(hours=1)


@given(st.text())
def test_any_text_means_a_moment_to_come_or_nothing(text: str) -> None:
    found = read(text, NOW, SITE, DAYS)
    assert found is None or timedelta(0) < found - NOW <= LONGEST


@given(st.integers(1, 300 * 24 * 60), st.sampled_from(["Asia/Shanghai", "UTC", "Asia/Kolkata"]))
def test_what_is_shown_to_be_typed_is_read_as_the_same_moment(minutes: int, name: str) -> None:
    at = NOW.replace(second=0) + timedelta(minutes=minutes)
    assert read(as_typed(at, NOW, name), NOW, ZoneInfo(name), DAYS) == at
