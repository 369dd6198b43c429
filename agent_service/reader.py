"""Reading the database beside the writer, never in the event loop."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from agent_service import database
from protocol.wire.errors import Code, Refused

T = TypeVar("T")

_STEPS = 100_000
"""Of SQLite's machine, some milliseconds: how often it is asked whether to go on."""


class Reader:
    """One thread with a connection of its own that can't write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._connection: sqlite3.Connection | None = None

    async def run(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """The outcome of a query. Raises `Refused` with `ledger_unavailable` if the database
        can't be read. Cancelled, a query that waits is dropped, and one that reads stops soon."""
        loop, given_up = asyncio.get_running_loop(), threading.Event()
        try:
            return await loop.run_in_executor(self._thread, self._query, query, given_up.is_set)
        except asyncio.CancelledError:
            given_up.set()
            raise

    def _query(self, query: Callable[[sqlite3.Connection], T], given_up: Callable[[], bool]) -> T:
        try:
            if self._connection is None:
                self._connection = database.open_reader(self._path)
            self._connection.set_progress_handler(given_up, _STEPS)
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
