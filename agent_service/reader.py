"""Reading the database beside the writer, never in the event loop."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from agent_service import database
from protocol.wire.errors import Code, Refused

T = TypeVar("T")


class Reader:
    """One thread with a connection of its own that can't write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._connection: sqlite3.Connection | None = None

    async def run(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """The outcome of a query. Raises `Refused` with `ledger_unavailable` if the database
        can't be read."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._query, query)

    def _query(self, query: Callable[[sqlite3.Connection], T]) -> T:
        try:
            if self._connection is None:
                self._connection = database.open_reader(self._path)
            return query(self._connection)
        except sqlite3.Error as error:
            self._close()
            raise Refused(Code.LEDGER_UNAVAILABLE) from error

    async def stop(self) -> None:
        """Close the connection and end the thread."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
