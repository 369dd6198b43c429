"""Which contents of a training task somebody gets (domain §6). Pure.

The draw is fixed by the name of its assignment, so that anybody can repeat it, and nobody can draw
until the easy ones come.
"""

import hmac
from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256

Content = int | str


class DrawFault(StrEnum):
    """Why nothing can be drawn."""

    TOO_MANY = "N_EXCEEDS_CONTENT"


class NothingDrawn(Exception):
    """`fault` says why."""

    def __init__(self, fault: DrawFault) -> None:
        super().__init__(fault)
        self.fault = fault


def draw(contents: Iterable[Content], count: int, seed: str) -> list[Content]:
    """So many distinct contents, in the order in which they are to be read. Raises `NothingDrawn`
    where there are fewer."""
    distinct = list(dict.fromkeys(contents))
    if count > len(distinct):
        raise NothingDrawn(DrawFault.TOO_MANY)

    def place(content: Content) -> bytes:
        return hmac.digest(seed.encode(), str(content).encode(), sha256)

    return sorted(distinct, key=place)[:count]
