"""What `calc` prints where the answer is that something can't be."""

import msgspec


class Refusal(msgspec.Struct, frozen=True):
    """Why not, by a code."""

    error: str
