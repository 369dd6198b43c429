"""What a roster asks of one person, at the edges of each rule."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.day_rules import RosterRules
from protocol.rules.roster_check import Shift, check_roster, check_shifts
from protocol.rules.roster_check_finding import Finding, FindingCode, Plans, Severity
from protocol.rules.roster_check_hours import hours_findings

RULES = RosterRules()
MONDAY = date(2025, 3, 3)
FAR = date(2025, 12, 31)
HOUR = 3600
SHORT = [("warn", 6 * HOUR - 599)]
"""A run around a rest that is a second too short."""
WORK, BREAK, MEAL = Activity.WORK, Activity.BREAK, Activity.MEAL
Part = tuple[float, float, Activity]
"""From hour, until hour of the business date, and what."""


def day(number: int) -> date:
    """Counted from a Monday that is 0."""
    return MONDAY + timedelta(days=number)


def segments(when: date, parts: Sequence[Part]) -> tuple[PlannedSegment, ...]:
    midnight = round(datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp())
    return tuple(
        PlannedSegment(
            round((midnight + begin * HOUR) * 1000), round((midnight + end * HOUR) * 1000), what
        )
        for begin, end, what in parts
    )


def plans(**days: Sequence[Part]) -> Plans:
    """By `d0`, `d1` …"""
    numbers = {day(int(name[1:])): parts for name, parts in days.items()}
    return {when: segments(when, parts) for when, parts in numbers.items()}


def eight(begin: float = 9, length: float = 8) -> list[Part]:
    """Paid hours in two halves with a meal of an hour between them."""
    half = begin + length / 2
    return [(begin, half, WORK), (half, half + 1, MEAL), (half + 1, begin + length + 1, WORK)]


def calm(begin: float = 9, length: float = 8) -> list[Part]:
    """The same with a break in each half, so that the work in it is no run to be warned of."""
    first, meal, last = eight(begin, length)
    return [*_broken(first), meal, *_broken(last)]


def _broken(part: Part) -> list[Part]:
    begin, end, what = part
    middle = (begin + end) / 2
    return [(begin, middle, what), (middle, middle + 0.25, BREAK), (middle + 0.25, end, what)]


def found(given_plans: Plans, rules: RosterRules = RULES) -> list[tuple[str, str, int]]:
    """Code, severity and measure of every finding."""
    return [
        (each.code, each.severity, each.measured)
        for each in check_roster(given_plans, MONDAY, FAR, rules, UTC)
    ]


def test_an_ordinary_week_is_no_fault() -> None:
    week = {f"d{number}": calm() for number in (0, 1, 2, 3, 4)}
    assert found(plans(**week)) == []


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        (29, [("MIN_REST", "warn", 11 * HOUR - 1)]),
        (26, [("MIN_REST", "refuse", 8 * HOUR - 1)]),
        (26 + 1 / HOUR, [("MIN_REST", "warn", 8 * HOUR)]),
        (29 + 1 / HOUR, []),
    ],
)
def test_rest_between_shifts(begin: float, expected: list[tuple[str, str, int]]) -> None:
    second = [(begin - 24, begin - 23, WORK)]
    late = [(17.0, 18 + 1 / HOUR, WORK)]
    assert found(plans(d0=late, d1=second)) == expected


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        ((13.0, 16 - 1 / HOUR), []),
        ((13.0, 16.0), [("MIN_REST", "warn", 3 * HOUR)]),
        ((11.0, 19.0), [("MIN_REST", "warn", 8 * HOUR)]),
        ((11.0, 22.0), []),
        ((21.0, 24 - 1 / HOUR), []),
        ((20.5, 23.5), [("MIN_REST", "warn", 3 * HOUR)]),
        ((21.0, 24.0), [("MIN_REST", "refuse", 3 * HOUR)]),
        ((22.0, 25.0), [("MIN_REST", "refuse", 3 * HOUR)]),
        ((22.0, 30.0), [("MIN_REST", "warn", 8 * HOUR)]),
        ((24.5, 28.0), [("MIN_REST", "warn", 3.5 * HOUR)]),
    ],
)
def test_a_gap_within_a_date_is_a_rest_over_midnight_and_warned_of_by_day(
    gap: tuple[float, float], expected: list[tuple[str, str, int]]
) -> None:
    split = [(gap[0] - 1, gap[0], WORK), (gap[1], gap[1] + 1, WORK)]
    assert found(plans(d0=split)) == expected


@given(st.integers(0, 8))
def test_no_date_that_work_is_put_on_makes_its_rest_longer(rest: int) -> None:
    late, early = (13.0, 22.0, WORK), (22.0 + rest, 22.5 + rest, WORK)
    honest = plans(d0=[late], d1=[(early[0] - 24, early[1] - 24, WORK)])
    same_date = plans(d0=[late, early], d1=[])
    refused = [each for each in found(honest) if each[:2] == ("MIN_REST", "refuse")]
    named = [each for each in found(same_date) if each[:2] == ("MIN_REST", "refuse")]
    assert named == refused[: rest >= 3]


def test_being_planned_twice_at_once_is_refused() -> None:
    night = [(20.0, 23.0, WORK), (23.0, 25.0, WORK)]
    early = [(0.5, 3.0, WORK)]
    run, rest, overlap = check_roster(plans(d0=night, d1=early), MONDAY, FAR, RULES, UTC)
    assert overlap == Finding(FindingCode.OVERLAP, Severity.REFUSE, day(0), day(1), 1800, 0)
    assert (rest.code, rest.measured) == ("MIN_REST", 0)
    assert (run.code, run.severity, run.measured) == ("CONTINUOUS_WORK", "refuse", 7 * HOUR)


def test_an_overlap_inside_a_long_segment_is_seen() -> None:
    double = [(9.0, 12.0, WORK), (9.5, 10.0, MEAL), (11.0, 11.5, WORK)]
    codes = [each for each in found(plans(d0=double)) if each[0] == "OVERLAP"]
    assert codes == [("OVERLAP", "refuse", 1800), ("OVERLAP", "refuse", 1800)]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(9.0, 13 - 1 / HOUR, WORK)], []),
        ([(9.0, 13.0, WORK)], [("warn", 4 * HOUR)]),
        ([(9.0, 15.0, WORK)], [("refuse", 6 * HOUR)]),
        ([(9.0, 12.0, WORK), (12.0, 12 + 1 / 6, BREAK), (12 + 1 / 6, 15.0, WORK)], []),
        ([(9.0, 12.0, WORK), (12.0, 12 + 599 / HOUR, MEAL), (12 + 599 / HOUR, 15, WORK)], SHORT),
        ([(9.0, 12.0, WORK), (12 + 1 / 6, 15.0, WORK)], []),
    ],
)
def test_work_without_a_rest(parts: list[Part], expected: list[object]) -> None:
    runs = [each[1:] for each in found(plans(d0=parts)) if each[0] == "CONTINUOUS_WORK"]
    assert runs == expected


@pytest.mark.parametrize("activity", sorted(set(Activity) - {BREAK, MEAL}))
def test_all_but_break_and_meal_is_work(activity: Activity) -> None:
    mixed = [(9.0, 12.0, WORK), (12.0, 12.5, activity), (12.5, 15.0, WORK)]
    assert found(plans(d0=mixed)) == [("CONTINUOUS_WORK", "refuse", 6 * HOUR)]


def test_a_run_over_midnight_is_one() -> None:
    night, morning = [(21.0, 24.0, WORK)], [(0.0, 3.0, WORK)]
    (run,) = (
        each
        for each in check_roster(plans(d0=night, d1=morning), day(1), day(1), RULES, UTC)
        if each.code == "CONTINUOUS_WORK"
    )
    assert (run.since, run.day, run.severity) == (day(0), day(1), Severity.REFUSE)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(8, []), (8.5, [("warn", 30_600)]), (11, [("warn", 39_600)]), (11.5, [("refuse", 41_400)])],
)
def test_hours_of_a_day(length: float, expected: list[tuple[str, int]]) -> None:
    hours = [each[1:] for each in found(plans(d0=calm(6, length))) if each[0] == "DAY_HOURS"]
    assert hours == expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (8, []),
        (9, [("warn", 41 * HOUR)]),
        (12, [("warn", 44 * HOUR)]),
        (12.5, [("refuse", 44 * HOUR + 1800)]),
    ],
)
def test_hours_of_an_iso_week(last: float, expected: list[tuple[str, int]]) -> None:
    week = {f"d{number}": calm() for number in (0, 1, 2, 3)}
    checked = found(plans(**week, d6=calm(8, last), d7=calm()))
    assert [each[1:] for each in checked if each[0] == "WEEK_HOURS"] == expected


def test_days_in_a_row() -> None:
    six = {f"d{number}": calm(9, 4) for number in range(6)}
    assert found(plans(**six)) == []
    seven = {**six, "d6": calm(9, 4)}
    assert found(plans(**seven)) == [("NO_DAY_OFF", "refuse", 7), ("CONSECUTIVE_DAYS", "warn", 7)]
    five = msgspec.structs.replace(RULES, days_in_row=5)
    assert found(plans(**six), five) == [("CONSECUTIVE_DAYS", "warn", 6)]
    with_day_off = {**seven, "d3": []}
    assert found(plans(**with_day_off)) == []


def month(hours: float, weekdays: Sequence[int] = range(5)) -> Plans:
    """March 2025 from its first Monday on, four weeks."""
    numbers = [number for number in range(28) if number % 7 in weekdays]
    return plans(**{f"d{number}": calm(8, hours) for number in numbers})


def test_overtime_of_a_month() -> None:
    def overtime(given_plans: Plans) -> list[tuple[str, str, int]]:
        return [each for each in found(given_plans) if each[0] == "MONTH_OVERTIME"]

    assert overtime(month(9.75)) == []
    assert overtime(month(10)) == [("MONTH_OVERTIME", "refuse", 40 * HOUR)]
    # a sixth day is overtime from its beginning, since the week's forty hours are used up
    assert overtime(month(8, range(6))) == []
    assert overtime(month(9, range(6))) == [("MONTH_OVERTIME", "refuse", (20 + 36) * HOUR)]


def test_in_a_comprehensive_cycle_the_month_alone_counts() -> None:
    rules = msgspec.structs.replace(RULES, comprehensive_hours=True)
    ordinary_s = 40 * HOUR * 31 // 7
    assert found(month(10), rules) == []
    too_much = found(month(11), rules)
    assert too_much == [("MONTH_OVERTIME", "refuse", 220 * HOUR - ordinary_s)]


def test_the_ordinary_hours_of_a_month_are_those_of_its_work_days() -> None:
    rules = msgspec.structs.replace(RULES, comprehensive_hours=True)
    known = month(10)

    def over(work_days: int) -> list[int]:
        return [each.measured for each in hours_findings(known, rules, lambda _: work_days)]

    assert over(21) == []
    assert over(20) == [200 * HOUR - 20 * 8 * HOUR]


def test_what_lies_outside_the_span_is_left_out() -> None:
    bad = plans(d0=[(9.0, 16.0, WORK)], d10=[(9.0, 16.0, WORK)])
    assert {each.day for each in check_roster(bad, day(5), day(12), RULES, UTC)} == {day(10)}
    assert check_roster(bad, day(1), day(9), RULES, UTC) == ()


def test_a_day_is_checked_with_those_around_it() -> None:
    around = plans(d0=calm(13), d1=calm(6))
    (before,) = check_roster(around, day(0), day(0), RULES, UTC)
    (after,) = check_roster(around, day(1), day(1), RULES, UTC)
    assert before == after
    assert (before.code, before.since, before.day) == ("MIN_REST", day(0), day(1))
    assert check_roster({day(1): around[day(1)]}, day(1), day(1), RULES, UTC) == ()


def test_a_week_that_is_full_before_the_span_is_still_full_with_it() -> None:
    week = {f"d{number}": calm() for number in range(6)}
    (hours,) = check_roster(plans(**week), day(5), day(5), RULES, UTC)
    assert (hours.code, hours.since, hours.measured) == ("WEEK_HOURS", day(0), 48 * HOUR)


begins = st.integers(0, 23)
rosters = st.dictionaries(
    st.integers(0, 20),
    st.lists(st.tuples(begins, st.integers(1, 8), st.sampled_from(Activity)), max_size=4),
    max_size=12,
).map(
    lambda days: {
        day(number): segments(day(number), [(begin, begin + more, what) for begin, more, what in p])
        for number, p in days.items()
    }
)


@given(rosters, st.integers(0, 20), st.integers(0, 20))
def test_a_finding_of_a_span_is_one_of_the_whole(roster: Plans, one: int, other: int) -> None:
    first, last = day(min(one, other)), day(max(one, other))
    part = check_roster(roster, first, last, RULES, UTC)
    whole = check_roster(roster, MONDAY, FAR, RULES, UTC)
    assert part == tuple(each for each in whole if each.since <= last and first <= each.day)
    assert all(each.since <= each.day for each in whole)
    assert list(whole) == sorted(whole, key=lambda each: each.severity is Severity.WARN)


@given(rosters)
def test_a_warning_is_below_the_refusal(roster: Plans) -> None:
    for each in check_roster(roster, MONDAY, FAR, RULES, UTC):
        broken = each.measured < each.limit if each.code == "MIN_REST" else True
        assert broken
        assert each.code == "MIN_REST" or each.measured >= each.limit


@given(rosters)
def test_taking_a_day_away_breaks_no_other_rule(roster: Plans) -> None:
    codes = {each.code for each in check_roster(roster, MONDAY, FAR, RULES, UTC)}
    for gone in roster:
        less = {when: parts for when, parts in roster.items() if when != gone}
        assert {each.code for each in check_roster(less, MONDAY, FAR, RULES, UTC)} <= codes


def shift(number: int, begin: float, end: float, paid_s: int = 8 * HOUR) -> Shift:
    midnight = number * 24 * HOUR
    return Shift(
        day(number), (round(midnight + begin * HOUR), round(midnight + end * HOUR)), paid_s
    )


def test_whole_shifts() -> None:
    assert check_shifts([], 11 * HOUR, 44 * HOUR, 6).min_rest_s is None
    one = check_shifts([shift(0, 9, 18)], 11 * HOUR, 44 * HOUR, 6)
    assert (one.min_rest_s, one.hours_s, one.longest_consecutive_days) == (None, 8 * HOUR, 1)
    exact = check_shifts([shift(1, 5, 14), shift(0, 9, 18)], 11 * HOUR, 16 * HOUR, 2)
    assert (exact.min_rest_s, exact.violations) == (11 * HOUR, ())
    both = check_shifts([shift(0, 9, 18), shift(0, 17, 20)], 11 * HOUR, 44 * HOUR, 6)
    assert (both.min_rest_s, both.violations) == (0, ("MIN_REST", "OVERLAP"))


def test_hours_are_those_of_a_week() -> None:
    two_weeks = [shift(number, 9, 18) for number in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    checked = check_shifts(two_weeks, 11 * HOUR, 44 * HOUR, 6)
    assert (checked.hours_s, checked.violations) == (80 * HOUR, ())
