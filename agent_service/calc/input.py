"""Reading what `calc` is given, and saying where it is wrong."""

from datetime import datetime
from typing import TypeVar

import msgspec

from protocol.facts.base import UNREADABLE
from protocol.wire.errors import Code, Refused

_WITH_TIME = {"T", " "}
"""What stands between a date and a time."""
_SHOWN = 64

T = TypeVar("T")


class Moment(datetime):
    """A time as ISO 8601 writes it, seconds and offset or not."""


def decoder(kind: type[T]) -> "msgspec.json.Decoder[T]":
    """What reads inputs of a kind, with times as `Moment`."""
    return msgspec.json.Decoder(kind, dec_hook=_read)


def _read(kind: type[object], given: object) -> object:
    if kind is not Moment:
        raise NotImplementedError(kind)
    if not isinstance(given, str) or not _WITH_TIME & set(given.upper()):
        raise ValueError(f"{given!r}"[:_SHOWN])
    return Moment.fromisoformat(given.upper())


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
