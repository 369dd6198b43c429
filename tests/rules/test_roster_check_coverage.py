"""Heads by the half hour."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.roster_check_coverage import SERVING, HalfHour, coverage

MINUTE = 60_000
HALF = 30 * MINUTE
WORK, BREAK = Activity.WORK, Activity.BREAK


def planned(begin: int, end: int, what: Activity = WORK) -> PlannedSegment:
    """In minutes."""
    return PlannedSegment(begin * MINUTE, end * MINUTE, what)


def test_a_half_hour_is_covered_by_the_seconds_planned_in_it() -> None:
    one = [planned(0, 45), planned(45, 60, BREAK), planned(60, 90)]
    found = coverage([one, [planned(15, 60)]], {0: 2, HALF: 1, 2 * HALF: 0})
    assert found == [
        HalfHour(0, 2700, 1, 2, 1),
        HalfHour(HALF, 2700, 1, 1, 0),
        HalfHour(2 * HALF, 1800, 1, 0, 0),
    ]


def test_at_its_edges_nothing_of_a_neighbour_counts() -> None:
    (found,) = coverage([[planned(0, 30), planned(60, 90)]], {HALF: 1})
    assert (found.planned_s, found.heads, found.short) == (0, 0, 1)
    (touched,) = coverage([[planned(29, 31)]], {HALF: 1})
    assert (touched.planned_s, touched.short) == (60, 1)


def test_a_second_that_lacks_is_a_head_that_lacks() -> None:
    nearly = [PlannedSegment(0, HALF - 1000, WORK)]
    (found,) = coverage([nearly, [planned(0, 30)]], {0: 2})
    assert (found.planned_s, found.heads, found.short) == (3599, 1, 1)


def test_nobody_counts_twice() -> None:
    (found,) = coverage([[planned(0, 30), planned(10, 40)]], {0: 2})
    assert (found.planned_s, found.heads) == (1800, 1)


def test_only_work_for_customers_counts() -> None:
    served = {what for what in Activity if coverage([[planned(0, 30, what)]], {0: 1})[0].heads == 1}
    assert served == SERVING == {Activity.WORK, Activity.ONLINE, Activity.OUTBOUND}


people = st.lists(
    st.lists(
        st.tuples(st.integers(0, 300), st.integers(1, 120), st.sampled_from(Activity)).map(
            lambda each: planned(each[0], each[0] + each[1], each[2])
        ),
        max_size=4,
    ),
    max_size=4,
)


@given(people, st.dictionaries(st.integers(0, 12).map(lambda each: each * HALF), st.integers(0, 4)))
def test_it_is_what_counting_minutes_finds(
    plans: list[list[PlannedSegment]], required: dict[int, int]
) -> None:
    for half_hour in coverage(plans, required):
        minutes = range(half_hour.start_ms, half_hour.start_ms + HALF, MINUTE)
        seconds = sum(
            60 * any(s.activity in SERVING and s.start_ms <= at < s.end_ms for s in plan)
            for plan in plans
            for at in minutes
        )
        assert half_hour.planned_s == seconds
        assert half_hour.short == max(0, required[half_hour.start_ms] - seconds // 1800)
