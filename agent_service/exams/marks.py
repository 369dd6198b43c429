"""What an essay gets of its markers (domain §6). Pure."""

from collections.abc import Collection
from fractions import Fraction
from statistics import median

_APART = Fraction(1, 5)
"""Of all points: two markers who differ by more have not settled it, and a third one does."""


def settled(marks: Collection[int], most: int) -> Fraction | None:
    """Points, in halves, of marks in half points out of `most`: of one marker the mark; of two
    the mean, rounded up to a half; of more the middle one. None while nobody has marked it, or
    only two who are far apart."""
    if not marks or (len(marks) == 2 and max(marks) - min(marks) > most * _APART):
        return None
    middle = Fraction(median(marks))
    return Fraction(-(-middle.numerator // middle.denominator), 2)
