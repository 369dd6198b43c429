"""The signs of GIFT: which characters mean something, and how they are written as text."""

import re
from collections.abc import Sequence

_MARK = re.compile(r"\\[\\~=#{}:n]|.", re.DOTALL)
_SPECIAL = re.compile(r"[\\~=#{}:]")

Marks = Sequence[str]
"""A text cut into characters; an escaped one is two, of which the first is a backslash."""


def marks(text: str) -> list[str]:
    """Cut a text."""
    return _MARK.findall(text)


def place_of(sign: str, text: Marks, start: int = 0) -> int:
    """Where an unescaped sign of one or more characters stands; -1: nowhere."""
    ends = len(text) - len(sign)
    wanted = list(sign)
    found = (at for at in range(start, ends + 1) if text[at] == sign[0])
    return next((at for at in found if list(text[at : at + len(sign)]) == wanted), -1)


def as_text(text: Marks) -> str:
    """What is meant by it, without blanks around it."""
    return "".join(_meant(mark) for mark in text).strip()


def escaped(text: str) -> str:
    """A text of which nothing means anything."""
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\n", r"\n")


def _meant(mark: str) -> str:
    if len(mark) == 1:
        return mark
    return "\n" if mark == r"\n" else mark[1]
