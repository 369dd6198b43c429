"""What options are called: A, B, C … in their order; and the two answers to a statement."""

from collections.abc import Iterable
from string import ascii_uppercase

NAMES = ascii_uppercase
RIGHT, WRONG = "T", "F"
"""The keys of a statement that is true, or false."""


def names_of(right: Iterable[bool]) -> tuple[str, ...]:
    """The names of those that are right. Options after Z have none: no question has as many."""
    return tuple(name for name, is_right in zip(NAMES, right, strict=False) if is_right)


def is_named(key: Iterable[str], place: int) -> bool:
    """Whether a key names the option at a place, counted from 0."""
    return NAMES[place] in key
