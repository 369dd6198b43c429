"""Rows of the tables of attendance: what leads said."""

import msgspec


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Somebody was seen, its fields in the order of the table's columns."""

    agent: str
    day: str
    """ISO 8601."""
    position: int
    arrived_ms: int | None
    left_ms: int | None
    actor: str
    text: str
    told_ms: int
    for_agent: str
    """Whose shift it was; empty: the person's own."""


class Substitute(msgspec.Struct, frozen=True, gc=False):
    """Somebody worked another's shift; an empty `substitute`: nobody did."""

    agent: str
    day: str
    position: int
    substitute: str
    actor: str
    text: str
    told_ms: int


class Signature(msgspec.Struct, frozen=True, gc=False):
    """A team's month was signed."""

    month: str
    team: str
    position: int
    digest: str
    actor: str
    signed_ms: int
    text: str
    """What the signer said of it; may be empty."""
