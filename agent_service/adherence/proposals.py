"""What follows from facts of past days is proposed, for leads to decide: of days that changed, once
a minute, and of a whole month before it is locked. Lives in the event loop's thread."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import tzinfo

from agent_service.adherence.basis import Moment
from agent_service.adherence.late_days import (
    Follows,
    Late,
    Looked,
    note_looked,
    read_late,
)
from agent_service.exceptions.proposing import DerivedProposer
from agent_service.reader import Reader
from agent_service.writer import Writer
from protocol.rules.local_day import local_date

_log = logging.getLogger(__name__)

_EVERY_S = 60.0
_AT_ONCE = 100
"""Days that are proposed in one commit: others want to write too."""


class LateProposals:
    """Follows the ledger by its position."""

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        proposer: DerivedProposer,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._proposer = proposer
        self._where = where
        self._now_ms = now_ms
        self._looking = asyncio.Lock()
        self._looked: Looked | None = None

    async def run(self) -> None:
        """Look now and then, until cancelled. What fails is looked at again the next time."""
        while True:
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - the edge: the next look tries again
                _log.exception("late_proposals_failed")
            await asyncio.sleep(_EVERY_S)

    async def look(self) -> None:
        """Propose what follows from the past days that changed since the last look."""
        async with self._looking:
            moment = Moment(self._where, self._now_ms())

            def read(connection: sqlite3.Connection) -> Late:
                return read_late(connection, moment)

            late = await self._reader.run(read)
            await self.record(late.days)
            if self._is_news(late.looked):
                await self._writer.run(lambda connection: note_looked(connection, late.looked))
                self._looked = late.looked

    async def record(self, days: Sequence[Follows]) -> None:
        """Propose what follows from days, as far as it is over and lacks."""
        for at in range(0, len(days), _AT_ONCE):
            await self._record(days[at : at + _AT_ONCE])

    async def _record(self, days: Sequence[Follows]) -> None:
        def record(connection: sqlite3.Connection) -> None:
            for agent, day, derived, as_of_ms in days:
                self._proposer.propose(connection, agent, day, derived, as_of_ms)

        await self._writer.run(record)

    def _is_news(self, looked: Looked) -> bool:
        """Whether it has to be put on the disk: where nothing is told, once a day."""
        if self._looked is None or self._looked.position < looked.position:
            return True
        then, now = (local_date(each.as_of_ms, self._where) for each in (self._looked, looked))
        return then != now
