from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.strip_of_time import shares

_amounts = st.lists(st.integers(1, 40_000), max_size=9)


@given(_amounts.filter(bool), st.integers(0, 200))
def test_the_strip_is_filled_exactly(amounts: list[int], width: int) -> None:
    assert sum(shares(amounts, width)) == width or width < len(amounts)


@given(_amounts, st.integers(9, 200))
def test_everything_that_happened_is_seen(amounts: list[int], width: int) -> None:
    assert all(cells >= 1 for cells in shares(amounts, width))


@given(_amounts, st.integers(9, 200))
def test_more_time_never_has_less_room(amounts: list[int], width: int) -> None:
    cells = dict(zip(amounts, shares(amounts, width), strict=True))
    ordered = [cells[amount] for amount in sorted(cells)]
    assert all(less <= more + 1 for less, more in pairwise(ordered))


def test_proportions() -> None:
    assert shares([3600, 1800, 1800], 40) == [20, 10, 10]
