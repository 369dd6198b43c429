"""The base of all facts, and the numbers that may stand in them."""

from typing import Annotated

import msgspec

Int64 = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
"""An integer that a database can hold; JSON itself knows no limit."""

Instant = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)]
"""Milliseconds since 1970 (UTC), to the end of the year 9999, where calendars end."""

UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What decoding bytes of somebody else's can raise: no JSON of that shape, no text, too deep."""


class Fact(msgspec.Struct, frozen=True, tag_field="kind"):
    """Something that happened. The tag `kind` names it on the wire and in the ledger."""
