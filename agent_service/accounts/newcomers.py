"""People who are added while the service runs, by a command in another process."""

import asyncio
from collections.abc import Callable, Iterable

from agent_service.accounts import staff
from agent_service.reader import Reader
from protocol.wire.session import Person

_EVERY_S = 2.0


class Newcomers:
    """Looks for them now and then."""

    def __init__(self, reader: Reader, last: int, join: Callable[[Iterable[Person]], None]) -> None:
        """`last` is the newest row of the staff that is known already."""
        self._reader = reader
        self._last = last
        self._join = join

    async def run(self) -> None:
        """Pass them on as they come, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            self._last, people = await self._reader.run(
                lambda connection: staff.newer_than(connection, self._last)
            )
            if people:
                self._join(people)
