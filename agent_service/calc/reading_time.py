"""The figure `reading_time`: JSON in, the rule `protocol.rules.reading_time`, JSON out."""

from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import bad_input, decode, decoder
from protocol.rules.reading_time import ReadingTime, Sign, Told, reading_time

_Seconds = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]
IDLE_S = 180


class Input(msgspec.Struct, frozen=True):
    """What is given: the second of each sign, and the sign."""

    events: tuple[tuple[_Seconds, Sign], ...]
    idle_s: _Seconds = IDLE_S


_decoder = decoder(Input)


def figure(given: bytes) -> ReadingTime:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    for number, ((before_s, _), (at_s, _)) in enumerate(pairwise(read.events), 1):
        if at_s < before_s:
            raise bad_input(f"$.events[{number}][0]", f"{at_s} < {before_s}")
    return reading_time((Told(*each) for each in read.events), read.idle_s)
