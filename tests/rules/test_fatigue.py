"""Runs of work, to the second, against a plain walk over every second."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State
from protocol.rules.day_rules import RosterRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.fatigue import (
    WORK_REASONS,
    WORK_STATES,
    Breach,
    Fatigue,
    fatigue,
    may_go_back,
)

RULES = RosterRules()
READY, TALK, NOT_READY = State.READY, State.TALK, State.NOT_READY
Told = tuple[int, int, State | None]
"""From second, until second, and the state; NOT_READY is a rest."""


def runs(*told: Told, rules: RosterRules = RULES) -> Fatigue:
    return fatigue([segment(*each) for each in told], rules)


def segment(begin: int, end: int, state: State | None, reason: Reason | None = None) -> DaySegment:
    rest = Reason.REST if state is NOT_READY else None
    return DaySegment(begin * 1000, end * 1000, state, reason or rest)


def test_nothing_is_no_work_and_foresees_nothing() -> None:
    found = runs()
    assert (found.longest_run_s, found.current_run_s, found.limit_reached) == (0, 0, False)
    assert (found.warn_at_ms, found.offer_at_ms, found.limit_at_ms) == (None, None, None)


@pytest.mark.parametrize(
    ("worked_s", "warn", "offer", "limit"),
    [
        (14_399, False, False, False),
        (14_400, True, False, False),
        (20_699, True, False, False),
        (20_700, True, True, False),
        (21_599, True, True, False),
        (21_600, True, True, True),
    ],
)
def test_each_threshold_is_reached_on_its_second(
    worked_s: int, warn: bool, offer: bool, limit: bool
) -> None:
    found = runs((0, worked_s, READY))
    assert (found.warn, found.offer, found.limit_reached) == (warn, offer, limit)
    assert (found.warn_at_ms, found.offer_at_ms, found.limit_at_ms) == (
        14_400_000,
        20_700_000,
        21_600_000,
    )


@pytest.mark.parametrize(("rest_s", "longest_s"), [(599, 7200), (600, 3600), (0, 7200)])
def test_a_rest_of_ten_minutes_ends_a_run_and_a_shorter_one_does_not_add(
    rest_s: int, longest_s: int
) -> None:
    found = runs((0, 3600, READY), (3600, 3600 + rest_s, NOT_READY), (3600 + rest_s, 7200, TALK))
    assert found.longest_run_s == max(longest_s - rest_s, 3600)
    uncovered = runs((0, 3600, READY), (3600 + rest_s, 7200, TALK))
    assert uncovered == found


def test_rests_add_up_until_work_begins_again() -> None:
    parts = (100, 400, NOT_READY), (400, 500, State.LOGGED_OFF), (550, 700, NOT_READY)
    assert runs((0, 100, READY), *parts, (700, 800, TALK)).longest_run_s == 100
    assert runs((0, 100, READY), *parts, (699, 800, TALK)).longest_run_s == 201
    between = (500, 501, TALK)
    assert runs((0, 100, READY), *parts[:2], between, *parts[2:]).longest_run_s == 101


def test_the_first_breach_is_told_even_when_a_longer_run_follows() -> None:
    found = runs((0, 21_600, READY), (30_000, 60_000, READY))
    assert (found.longest_run_s, found.limit_reached_ms) == (30_000, 21_600_000)
    assert found.limit_at_ms == (30_000 + 21_600) * 1000


def test_what_is_to_come_is_counted_from_the_end() -> None:
    working = runs((0, 10_000, READY), (10_000, 10_300, NOT_READY), (10_300, 10_400, TALK))
    assert (working.current_run_s, working.warn_at_ms) == (10_100, 14_700_000)
    resting = runs((0, 10_000, READY), (10_000, 10_599, NOT_READY))
    assert (resting.current_run_s, resting.warn_at_ms) == (10_000, (10_599 + 4_400) * 1000)
    rested = runs((0, 10_000, READY), (10_000, 10_600, NOT_READY))
    assert (rested.current_run_s, rested.warn_at_ms) == (0, (10_600 + 14_400) * 1000)


@pytest.mark.parametrize("reason", Reason)
def test_reasons_are_work_or_rest(reason: Reason) -> None:
    found = fatigue([segment(0, 100, NOT_READY, reason)], RULES)
    assert found.longest_run_s == 100 * (reason in WORK_REASONS)


@pytest.mark.parametrize("state", State)
def test_states_are_work_or_rest(state: State) -> None:
    assert runs((0, 100, state)).longest_run_s == 100 * (state in WORK_STATES)


@pytest.mark.parametrize("unknown", [None, State.OFFLINE])
def test_unknown_time_is_told_beside_the_runs(unknown: State | None) -> None:
    found = runs((0, 1000, READY), (1000, 2000, unknown), (2000, 3000, READY))
    assert (found.longest_run_s, found.unknown_s) == (1000, 1000)
    assert found.longest_run_at_most_s == 3000


def test_it_travels_as_json() -> None:
    found = runs((0, 30_000, READY))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Fatigue) == found


SMALL = RosterRules(run_warn_s=20, run_offer_s=30, run_limit_s=40, rest_qualify_s=5)
lengths = st.tuples(st.sampled_from([READY, TALK, NOT_READY, None]), st.integers(0, 25))
days = st.lists(lengths, max_size=20)


def laid_out(day: Sequence[tuple[State | None, int]]) -> list[Told]:
    told, at = [], 0
    for state, length in day:
        told.append((at, at + length, state))
        at += length
    return told


def walked(told: Sequence[Told]) -> tuple[int, int | None, int]:
    """Longest run, first second at which the limit is reached, and the run at the end."""
    longest, first, run, rest = 0, None, 0, 0
    for begin, end, state in told:
        for second in range(begin, end):
            working = state in WORK_STATES
            rest = 0 if working else rest + 1
            run = (run if rest < SMALL.rest_qualify_s else 0) + working
            longest = max(longest, run)
            first = second + 1 if run == SMALL.run_limit_s and first is None else first
    return longest, first, run


@given(days)
def test_it_is_what_a_walk_over_every_second_finds(day: list[tuple[State | None, int]]) -> None:
    told = laid_out(day)
    found = runs(*told, rules=SMALL)
    longest, first, run = walked(told)
    assert (found.longest_run_s, found.current_run_s) == (longest, run)
    assert found.limit_reached_ms == (None if first is None else first * 1000)
    assert found.warn == (longest >= SMALL.run_warn_s)
    assert found.longest_run_at_most_s >= longest


@given(days)
def test_going_on_without_a_rest_reaches_the_limit_when_foreseen(
    day: list[tuple[State | None, int]],
) -> None:
    told = [*laid_out(day), (1000, 1001, NOT_READY)]
    found = runs(*told, rules=SMALL)
    longer = runs(*told, (1001, 1001 + SMALL.run_limit_s, READY), rules=SMALL)
    assert found.limit_at_ms == longer.limit_at_ms
    assert longer.limit_reached


@given(days, st.integers(0, 400))
def test_where_segments_are_cut_changes_nothing(
    day: list[tuple[State | None, int]], cut: int
) -> None:
    told = laid_out(day)
    halves = [
        (max(begin, low), min(end, high), state)
        for begin, end, state in told
        for low, high in ((0, cut), (cut, 10_000))
        if max(begin, low) < min(end, high)
    ]
    whole = [each for each in told if each[0] < each[1]]
    assert runs(*halves, rules=SMALL) == runs(*whole, rules=SMALL)


def test_a_run_that_began_before_goes_on_and_its_breach_is_told_once() -> None:
    told = [segment(0, 20_000, READY), segment(20_000, 30_000, TALK)]
    before, after = fatigue(told[:1], RULES), fatigue(told, RULES, 20_000_000)
    assert (before.limit_reached, after.limit_reached_ms) == (False, 21_600_000)
    assert (after.longest_run_s, after.current_run_s) == (30_000, 30_000)
    assert after.breaches == (Breach(0, 21_600_000),)
    later = fatigue(told, RULES, 25_000_000)
    assert (later.longest_run_s, later.breaches, later.limit_reached) == (30_000, (), False)


def test_a_run_that_was_over_before_is_none_of_the_time_after() -> None:
    told = [segment(0, 21_600, READY), segment(23_000, 24_000, TALK)]
    assert fatigue(told, RULES, 21_600_000).breaches == ()
    assert fatigue(told, RULES, 21_600_000).longest_run_s == 1_000
    assert fatigue(told, RULES, 21_599_000).breaches == (Breach(0, 21_600_000),)


@pytest.mark.parametrize(("begins_s", "goes_back"), [(599, True), (600, False)])
def test_work_goes_back_unless_a_whole_rest_is_before_it(begins_s: int, goes_back: bool) -> None:
    rest = segment(0, begins_s, NOT_READY)
    assert may_go_back([rest, segment(begins_s, 9_000, READY)], 0, RULES) is goes_back
    assert may_go_back([rest, segment(begins_s, 9_000, None)], 0, RULES) is goes_back
    assert not may_go_back([rest], 0, RULES)


PARTS = st.lists(
    st.tuples(st.integers(1, 9_000), st.sampled_from([READY, READY, TALK, NOT_READY, None])),
    min_size=1,
    max_size=12,
)


@given(PARTS, st.lists(st.integers(0, 60_000), max_size=3))
def test_however_time_is_cut_every_breach_is_told_once(
    parts: list[tuple[int, State | None]], cuts: list[int]
) -> None:
    told, at = [], 0
    for length_s, state in parts:
        told.append(segment(at, at + length_s, state))
        at += length_s
    bounds = sorted({0, at, *(cut for cut in cuts if cut < at)})
    found = []
    for from_s, until_s in pairwise(bounds):
        known = [
            segment(each.from_ms // 1000, min(each.until_ms // 1000, until_s), each.state)
            for each in told
            if each.from_ms // 1000 < until_s
        ]
        found += fatigue(known, RULES, from_s * 1000).breaches
    assert tuple(found) == fatigue(told, RULES).breaches
