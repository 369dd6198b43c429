"""Reading what `calc` is given, and saying where it is wrong."""

from typing import TypeVar

import msgspec

from protocol.facts.base import UNREADABLE
from protocol.wire.errors import Code, Refused

T = TypeVar("T")


class BadInput(Refused):
    """What was given can't be understood; `place` and `detail` say where and why."""


def bad_input(place: str, detail: str) -> BadInput:
    """The refusal of what stands at a place such as `$.events[3].seq`."""
    return BadInput(Code.BAD_INPUT, place=place, detail=detail)


def decode(decoder: "msgspec.json.Decoder[T]", given: bytes) -> T:
    """The input of a figure. Raises `BadInput`."""
    try:
        return decoder.decode(given)
    except UNREADABLE as error:
        detail, _, place = str(error).partition(" - at `")
        raise bad_input(place.rstrip("`") or "$", detail) from error
