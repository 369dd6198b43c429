"""What files of training contents say, whatever their format."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from agent_service.accounts.staff_sheet import Fault


class Placed(msgspec.Struct, frozen=True):
    """A content, and where it begins. None stands for what the file does not speak of: it stays
    as it is."""

    file: str
    """Inside of a folder; empty: there is one file alone."""
    line: int
    name: str
    type: str
    """The name of its type."""
    text: str
    keywords: tuple[str, ...] | None = None
    place: int | None = None
    remark: str | None = None


class Reading(NamedTuple):
    """What was read. The column of a fault is the file where it is a folder that was read."""

    contents: Sequence[Placed]
    faults: Sequence[Fault]
    notes: Sequence[Fault]
    """What was passed over."""


class Written(NamedTuple):
    """A content as it is written into files."""

    name: str
    type: str
    """The name of its type."""
    keywords: tuple[str, ...]
    place: int
    remark: str
    text: str
