"""Who was to work what, where somebody stood in for another."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.stand_ins import StandIn, joined_plan, overlap, shifts_of

DAY = date(2026, 11, 2)
HOUR = 3_600_000
Plan = tuple[PlannedSegment, ...]


def plan(*hours: tuple[int, int]) -> Plan:
    return tuple(PlannedSegment(a * HOUR, b * HOUR, Activity.WORK) for a, b in hours)


def stood_in(agent: str, substitute: str, segments: Plan, told_ms: int = 1) -> StandIn:
    return StandIn(agent, DAY, substitute, "2001", "ill", told_ms, segments)


def hours(agent: str, own: Plan, *stand_ins: StandIn) -> list[tuple[int, int]]:
    joined = joined_plan(shifts_of(agent, own, stand_ins))
    return [(each.start_ms // HOUR, each.end_ms // HOUR) for each in joined]


def test_the_shift_is_the_substitutes_and_not_its_owners() -> None:
    shift = plan((9, 12), (13, 18))
    given_away = stood_in("1001", "1002", shift)
    assert hours("1001", shift, given_away) == []
    assert hours("1002", (), given_away) == [(9, 12), (13, 18)]
    assert [each.for_agent for each in shifts_of("1002", (), [given_away])] == ["1001"]


def test_a_substitute_works_their_own_shift_beside_it() -> None:
    own, other = plan((13, 17)), plan((8, 12))
    shifts = shifts_of("1002", own, [stood_in("1001", "1002", other)])
    assert [each.for_agent for each in shifts] == ["1001", ""]
    assert hours("1002", own, stood_in("1001", "1002", other)) == [(8, 12), (13, 17)]


def test_who_stands_in_may_have_given_the_own_shift_away() -> None:
    mine, theirs = stood_in("1002", "1003", plan((9, 17))), stood_in("1001", "1002", plan((8, 12)))
    assert hours("1002", plan((9, 17)), mine, theirs) == [(8, 12)]


def test_time_that_a_later_plan_makes_two_peoples_counts_once() -> None:
    night = stood_in("1001", "1002", plan((8, 20)))
    assert hours("1002", plan((10, 12), (14, 16)), night) == [
        *((8, 10), (10, 12), (12, 14), (14, 16), (16, 20)),
    ]
    second = stood_in("1003", "1002", plan((18, 22)), told_ms=2)
    assert hours("1002", (), second, night) == [(8, 20), (20, 22)]


def test_shifts_overlap_where_both_are_planned() -> None:
    assert overlap(plan((8, 12)), plan((12, 18))) is None
    assert overlap(plan((8, 9), (10, 12)), plan((9, 11))) == (10 * HOUR, 11 * HOUR)


PLANS = st.lists(st.integers(0, 40), min_size=2, max_size=6, unique=True).map(
    lambda ends: plan(*zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
STAND_INS = st.lists(
    st.builds(
        stood_in,
        st.sampled_from(["1001", "1002", "1003"]),
        st.sampled_from(["1001", "1002"]),
        PLANS,
        st.integers(1, 3),
    ),
    max_size=4,
)


@given(PLANS, STAND_INS)
def test_no_moment_is_planned_twice_and_none_is_lost(own: Plan, told: list[StandIn]) -> None:
    joined = joined_plan(shifts_of("1001", own, told))
    seconds = [at for each in joined for at in range(each.start_ms // HOUR, each.end_ms // HOUR)]
    assert seconds == sorted(set(seconds))
    mine = [() if any(each.agent == "1001" for each in told) else own]
    mine += [each.segments for each in told if each.substitute == "1001"]
    meant = {
        at
        for segments in mine
        for each in segments
        for at in range(each.start_ms // HOUR, each.end_ms // HOUR)
    }
    assert set(seconds) == meant
