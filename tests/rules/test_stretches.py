"""Stretches of seconds, against sets of seconds."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.stretches import Stretch, covered_s, joined, seconds_of

stretches = st.lists(st.tuples(st.integers(-20, 60), st.integers(-20, 60)), max_size=8)


def seconds(of: list[Stretch]) -> set[int]:
    return {second for begin, end in of for second in range(begin, end)}


@given(stretches)
def test_joining_keeps_the_seconds_in_as_few_stretches_as_can_be(of: list[Stretch]) -> None:
    found = joined(of)
    assert seconds(found) == seconds(of)
    ends = [-1000, *(end for _, end in found)]
    assert all(before < begin for before, (begin, _) in zip(ends, found, strict=False))  # one more
    assert all(begin < end for begin, end in found)


@given(stretches, st.integers(-30, 70), st.integers(-30, 70))
def test_what_is_covered_is_counted_once(of: list[Stretch], begin: int, end: int) -> None:
    assert covered_s(of, begin, end) == len(seconds(of) & set(range(begin, end)))


@given(st.lists(st.integers(0, 100_000), min_size=2).map(sorted))
def test_parts_add_up_to_the_whole(cuts: list[int]) -> None:
    parts = [seconds_of(one, other) for one, other in pairwise(cuts)]
    whole = seconds_of(cuts[0], cuts[-1])
    assert sum(end - begin for begin, end in parts) == whole[1] - whole[0]
