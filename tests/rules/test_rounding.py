"""Percentages on output: half up, exactly."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.rounding import percent, share

seconds = st.integers(0, 1 << 63)


@pytest.mark.parametrize(
    ("part", "whole", "rounded"),
    [(1, 3, 33.33), (2, 3, 66.67), (1, 800, 0.13), (201, 20_000, 1.01), (3, 2, 150.0), (0, 7, 0.0)],
)
def test_half_a_hundredth_rounds_up(part: int, whole: int, rounded: float) -> None:
    assert percent(part, whole) == rounded


def test_there_is_no_share_of_nothing() -> None:
    assert (percent(0, 0), share(0, 0)) == (None, None)


@given(seconds, seconds.filter(bool))
def test_it_is_what_decimal_arithmetic_says(part: int, whole: int) -> None:
    with localcontext(prec=80):
        exact = Decimal(part * 100) / whole
        assert percent(part, whole) == float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    assert share(part, whole) == Fraction(part, whole)
