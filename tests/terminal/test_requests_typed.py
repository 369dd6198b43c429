"""Days, times and lengths as people type them, and what comes of a request that is typed."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.request_draft import (
    Draft,
    Plans,
    asked,
    changes,
    impossible,
    lacking,
    suggested,
)
from agent_client.terminal.typed_time import clock, instant_ms, read_clock, read_day, read_length
from protocol.facts.request import Account, RequestKind
from protocol.facts.shift import Activity, PlannedSegment
from tests.terminal.requests_scenes import TODAY, TOMORROW, ZONE, ms, shift

WORDS = {"today": 0, "tomorrow": 1, "明天": 1}
PLANS = Plans("1001", {TODAY: shift(TODAY), TOMORROW: shift(TOMORROW)}, ZONE)
NIGHT = Plans(
    "1001",
    {TODAY: (PlannedSegment(ms(TODAY, 22), ms(TOMORROW, 6), Activity.WORK),)},
    ZONE,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("9", 540),
        ("9:05", 545),
        ("0905", 545),
        ("９：０５", 545),
        ("24:00", 1440),
        ("24:01", None),
        ("9:60", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day(text: str, minutes: int | None) -> None:
    assert read_clock(text) == minutes


@given(st.integers(0, 1440))
def test_a_time_is_read_as_it_is_written(minutes: int) -> None:
    assert read_clock(clock(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", TOMORROW),
        ("明天", TOMORROW),
        ("+3", TODAY + timedelta(days=3)),
        ("-1", TODAY - timedelta(days=1)),
        ("11-25", date(2026, 11, 25)),
        ("1-2", date(2027, 1, 2)),
        ("2026/12/01", date(2026, 12, 1)),
        ("2-30", None),
        ("", None),
    ],
)
def test_a_day(text: str, day: date | None) -> None:
    assert read_day(text, TODAY, WORDS) == day


@given(st.text(max_size=12))
def test_whatever_is_typed_does_no_harm(text: str) -> None:
    read_clock(text)
    read_day(text, TODAY, WORDS)
    read_length(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2", 7200),
        ("2:30", 9000),
        ("2.5", 9000),
        ("-1:15", -4500),
        ("0", None),
        ("2:75", None),
        ("999", None),
        ("two", None),
    ],
)
def test_a_length(text: str, seconds: int | None) -> None:
    assert read_length(text) == seconds


def test_the_night_belongs_to_the_shift_that_reaches_into_it() -> None:
    leave = Draft(RequestKind.LEAVE, "1001", TODAY, 120, 360)
    wanted = asked(leave, NIGHT)
    assert (wanted.start_ms, wanted.end_ms) == (ms(TOMORROW, 2), ms(TOMORROW, 6))
    before = asked(Draft(RequestKind.OVERTIME, "1001", TODAY, 1200, 1320), NIGHT)
    assert (before.start_ms, before.end_ms) == (ms(TODAY, 20), ms(TODAY, 22))


def test_an_end_before_the_beginning_is_on_the_next_day() -> None:
    wanted = asked(Draft(RequestKind.OVERTIME, "1001", TODAY, 1320, 60), PLANS)
    assert (wanted.start_ms, wanted.end_ms) == (ms(TODAY, 22), ms(TOMORROW, 1))


@pytest.mark.parametrize(
    ("what", "times"),
    [
        (RequestKind.LEAVE, {"start": 540, "end": 1080}),
        (RequestKind.OVERTIME, {"start": 1080, "end": 1200}),
        (RequestKind.MOVE, {"start": 540, "end": 600, "to_start": 1080}),
        (RequestKind.RELEASE, {"start": 855}),
        (RequestKind.SWAP, {}),
    ],
)
def test_times_suggest_themselves_and_fit_the_plan(what: RequestKind, times: dict) -> None:
    now_ms = ms(TODAY, 14, 3)
    assert suggested(what, TODAY, PLANS, now_ms) == times
    draft = Draft(
        what,
        "1001",
        TODAY,
        times.get("start", 0),
        times.get("end", 0),
        TODAY,
        times.get("to_start", 0),
        "1003",
        TOMORROW,
    )
    assert not impossible(asked(draft, PLANS), PLANS)


def test_what_becomes_of_the_planned_work() -> None:
    draft = Draft(RequestKind.LEAVE, "1001", TODAY, 900, 1080, account=Account.OWED_LEAVE)
    (change,) = changes(asked(draft, PLANS), PLANS)
    assert (change.before_s, change.after_s) == (8 * 3600, 5 * 3600)
    day_off = Draft(RequestKind.LEAVE, "1001", date(2026, 12, 24), 900, 1080)
    assert impossible(asked(day_off, PLANS), PLANS)


@pytest.mark.parametrize(
    ("draft", "lacks"),
    [
        (Draft(RequestKind.LEAVE, "1001", None), "day"),
        (Draft(RequestKind.LEAVE, "1001", TODAY), "start"),
        (Draft(RequestKind.LEAVE, "1001", TODAY, 540), "end"),
        (Draft(RequestKind.RELEASE, "1001", TODAY, 540), ""),
        (Draft(RequestKind.SWAP, "1001", TODAY), "partner"),
        (Draft(RequestKind.SWAP, "1001", TODAY, partner="1003"), "partner_day"),
        (Draft(RequestKind.MOVE, "1001", TODAY, 540, 600), "to_day"),
        (Draft(RequestKind.MOVE, "1001", TODAY, 540, 600, TODAY), "to_start"),
    ],
)
def test_what_is_lacking_is_named(draft: Draft, lacks: str) -> None:
    assert lacking(draft) == lacks


def test_an_instant_is_by_the_clock_of_the_site() -> None:
    new_york = ZoneInfo("America/New_York")
    day = date(2026, 11, 1)  # 25 hours long
    assert instant_ms(day, 1440, new_york) - instant_ms(day, 0, new_york) == 25 * 3_600_000
