"""What the rooms of this folder ask of the database."""

import sqlite3
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Disk(Protocol):
    """Where work with the database is done (`writer.Writer`, `reader.Reader`)."""

    async def run(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """What comes of it."""
