"""The figure `training_draw`: JSON in, the rule `agent_service.training.draw`, JSON out."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import decode, decoder
from agent_service.calc.refusal import Refusal
from agent_service.training.draw import Content, NothingDrawn, draw


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    content_ids: tuple[Content, ...]
    n: Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
    seed: str


class _Output(msgspec.Struct, frozen=True):
    drawn: list[Content]


_decoder = decoder(Input)


def figure(given: bytes) -> _Output | Refusal:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    try:
        return _Output(draw(read.content_ids, read.n, read.seed))
    except NothingDrawn as nothing:
        return Refusal(nothing.fault)
