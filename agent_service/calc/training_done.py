"""The figure `training_done`: JSON in, the rule `protocol.rules.training_progress`, JSON out."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import bad_input, decode, decoder
from protocol.rules.training_progress import hms, progress

_Count = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]


class Input(msgspec.Struct, frozen=True):
    """What is given: credited seconds and the end confirmed, by item."""

    item_seconds: dict[str, _Count]
    item_completed: dict[str, bool]
    total_items: _Count
    min_seconds: _Count = 0


class _Output(msgspec.Struct, frozen=True):
    items_done: int
    total_items: int
    trained_s: int
    trained_hms: str
    completed: bool


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    for name in ("item_seconds", "item_completed"):
        items = len(getattr(read, name))
        if items > read.total_items:
            raise bad_input(f"$.{name}", f"{items} > {read.total_items}")
    found = progress(read.item_seconds, read.item_completed, read.total_items, read.min_seconds)
    return _Output(
        found.items_done, found.total_items, found.trained_s, hms(found.trained_s), found.completed
    )
