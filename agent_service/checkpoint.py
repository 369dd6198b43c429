"""Moving the write-ahead log into the database, on a thread of its own, so that no commit waits
for it."""

import asyncio
import logging
import sqlite3
import threading
from pathlib import Path

from agent_service import database
from agent_service.log import fields

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0
_TOO_LARGE_BYTES = 256 << 20
"""From here on the log is emptied even though writers have to wait for that."""
_WRITERS_WAIT_MS = 200
"""How long they may have to wait for somebody who reads what the log still holds."""


class Checkpointer:
    """Looks now and then whether the log was written to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log_file = path.with_name(path.name + "-wal")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoint")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Empty the log one last time and end."""
        self._stopping.set()
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        seen = 0
        while not self._stopping.wait(_LOOK_EVERY_S):
            written, size = self._look()
            if size > _TOO_LARGE_BYTES:
                self._checkpoint("TRUNCATE")
            elif written != seen:
                self._checkpoint("PASSIVE")
            seen = written
        self._checkpoint("TRUNCATE")

    def _look(self) -> tuple[int, int]:
        """When the log was written last, and its size."""
        try:
            found = self._log_file.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def _checkpoint(self, mode: str) -> None:
        """A failure costs nothing but room: what is committed is in the log."""
        try:
            connection = database.open_writer(self._path).conn
            try:
                connection.execute(f"PRAGMA busy_timeout = {_WRITERS_WAIT_MS}")
                connection.execute(f"PRAGMA wal_checkpoint({mode})")
            finally:
                connection.close()
        except sqlite3.Error as error:
            _log.warning("checkpoint_failed", extra=fields(detail=str(error)))
