"""The order in which somebody gets the questions of an exam, and the options of each. Pure.

It comes of the issue's seed and of who sits it: the same at every desk, and another one at the
desk beside. The names of options stay those of the paper.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256


def shuffled(names: Sequence[str], seed: str, *whose: str) -> tuple[str, ...]:
    """The names in an order that looks like any other; `whose`: what the order is of."""

    def place(name: str) -> bytes:
        said = "\0".join((*whose, name))
        return hmac.digest(seed.encode(), said.encode(), sha256)

    return tuple(sorted(names, key=place))
