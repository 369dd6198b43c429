"""Since when there have been too few: as somebody finds who looks at every minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.heads import Span, heads_at, short_since

MINUTE = 60_000
HALF_HOUR = 30 * MINUTE
NOW = 3 * HALF_HOUR
REQUIRED = {0: 1, HALF_HOUR: 2, 2 * HALF_HOUR: 1}

spans = st.lists(
    st.tuples(st.integers(-5, 95), st.integers(-5, 95)).map(
        lambda span: (min(span) * MINUTE, max(span) * MINUTE)
    ),
    max_size=5,
)
needs = st.dictionaries(st.sampled_from(list(REQUIRED)), st.integers(0, 3))


@given(needs, spans)
def test_it_is_what_a_look_at_every_minute_finds(
    required: dict[int, int], there: list[Span]
) -> None:
    enough = [
        at
        for at in range(0, NOW, MINUTE)
        if sum(begin <= at < end for begin, end in there) >= heads_at(required, at)
    ]
    assert short_since(required, there, 0, NOW) == max([0, *(at + MINUTE for at in enough)])


@pytest.mark.parametrize(
    ("there", "since_min"),
    [
        ([], 0),
        ([(0, 90)], 90),
        ([(0, 80)], 80),
        ([(0, 20), (40, 50)], 20),
        ([(0, 60), (0, 60)], 60),
        ([(0, 20), (70, 75)], 75),
    ],
)
def test_the_requirement_of_each_half_hour_counts(there: list[Span], since_min: int) -> None:
    spans = [(begin * MINUTE, end * MINUTE) for begin, end in there]
    assert short_since(REQUIRED, spans, 0, NOW) == since_min * MINUTE
