"""Hiding a caller's number from those who need not know it."""

import re

LEAST_SHOWN = 7
"""A number with fewer digits is hidden whole: what is left would name it."""
SHOWN_FIRST = 3

_run = re.compile(r"\d(?:[ ().-]{0,2}\d)*")


def mask(text: str) -> str:
    """The text with every number in it masked: `13812345678` becomes `138****5678`.

    Works on any text: of an address such as `sip:13812345678@host` only the part before the
    first `@` is masked, since the host is nobody's number.
    """
    user, at, host = text.partition("@")
    return _run.sub(lambda run: _mask_number(run.group()), user) + at + host


def _mask_number(number: str) -> str:
    digits = sum(character.isdigit() for character in number)
    if digits < LEAST_SHOWN:
        return _hide(number, 0, 0)
    return _hide(number, SHOWN_FIRST, _shown_last(digits))


def _shown_last(digits: int) -> int:
    """Two to four, and always fewer than are hidden with the first three shown."""
    return max(2, min(4, digits - 2 * SHOWN_FIRST - 1))


def _hide(number: str, first: int, last: int) -> str:
    """Stars for all digits but the first and last few; what separates them stays."""
    places = [place for place, character in enumerate(number) if character.isdigit()]
    hidden = set(places[first : len(places) - last])
    return "".join("*" if place in hidden else shown for place, shown in enumerate(number))
