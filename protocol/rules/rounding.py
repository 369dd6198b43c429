"""Shares of a whole: exact inside, and rounded in one place when they are shown. Pure."""

from fractions import Fraction


def share(part: int, whole: int) -> Fraction | None:
    """The exact share; null of nothing."""
    return Fraction(part, whole) if whole else None


def percent(part: int, whole: int) -> float | None:
    """The share in percent, rounded half up to two places; null of nothing. Neither is negative."""
    if not whole:
        return None
    return (part * 20_000 + whole) // (whole * 2) / 100


def rounded(value: Fraction) -> float:
    """A number that is not negative, rounded half up to two places."""
    return (value.numerator * 200 + value.denominator) // (value.denominator * 2) / 100
