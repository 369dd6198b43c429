"""The one writer: a thread that owns the connection that writes.

Whatever waits is taken together, as a group, into one transaction; only when its commit has
returned, and so is on the disk, are those who wait told. One synchronisation of the disk serves
everybody who came during the one before it.
"""

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

from agent_service import database
from agent_service.ledger.append import Appender, Head
from agent_service.log import fields
from agent_service.tally import Commits
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)
T = TypeVar("T")

GROUP_FACTS = 1024
Outcome = Exception | Head
"""The ledger's head at a job's commit, or why nothing of it was kept."""


class Job(Protocol):
    """One thing to be written."""

    weight: int
    """About how many rows."""

    def work(self, connection: sqlite3.Connection) -> None:
        """In the writer's thread, inside the transaction. Raises `Refused` if it can't be done,
        having changed nothing."""

    def settle(self, outcome: Outcome) -> None:
        """In the event loop, once: what became of it."""


class Writer:
    """Runs jobs in groups. It outlives every failure of the disk: a job that meets one is told
    `ledger_unavailable`, and the next group tries again on a new connection."""

    def __init__(self, path: Path, appender: Appender, loop: asyncio.AbstractEventLoop) -> None:
        self._path = path
        self._appender = appender
        self._loop = loop
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._data_version: int | None = None
        """What SQLite counts up when another connection commits; None: nothing is read yet."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="writer")
        self.head = appender.head
        """The ledger's end on the disk, once a first job is through."""
        self.commits = Commits()
        self.failing = False
        """Whether the last group met a failure of the database."""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, then end. Whoever comes later is refused: `draining`."""
        self._stopping = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    @property
    def waiting(self) -> int:
        """Jobs that are not taken yet."""
        return self._queue.qsize()

    def submit(self, job: Job) -> None:
        """Queue a job."""
        if self._stopping:
            job.settle(Refused(Code.DRAINING))
        else:
            self._queue.put(job)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Write something small beside the ledger, alone in a savepoint: if `work` raises, it
        left no trace and others of its group are not touched. Returns after the commit."""
        future: asyncio.Future[T] = self._loop.create_future()
        self.submit(_Alone(work, future))
        return await future

    def _run(self) -> None:
        while group := self._take():
            self._commit(group)
        self._close()

    def _take(self) -> list[Job]:
        """All that waits, up to a group's size; at least one job; none at the end."""
        first = self._queue.get()
        if first is None:
            return []
        group, weight = [first], first.weight
        while weight < GROUP_FACTS:
            try:
                job = self._queue.get_nowait()
            except Empty:
                break
            if job is None:
                self._queue.put(None)  # the end, for the next look
                break
            group.append(job)
            weight += job.weight
        return group

    def _commit(self, group: Sequence[Job]) -> None:
        try:
            outcomes = self._write(group)
        except Exception as error:  # noqa: BLE001 - the writer outlives whatever a job meets
            self._close()
            if isinstance(error, sqlite3.Error) and not isinstance(error, sqlite3.IntegrityError):
                self._fail(error)
                self._tell([(job, Refused(Code.LEDGER_UNAVAILABLE)) for job in group])
            elif len(group) > 1:
                for job in group:
                    self._commit([job])
            else:
                _log.exception("job_failed")
                self._tell([(group[0], error)])
        else:
            if self.failing:
                self.failing = False
                _log.warning("disk_back")
            self._tell(outcomes)

    def _write(self, group: Sequence[Job]) -> list[tuple[Job, Outcome]]:
        began_s = time.perf_counter()
        connection = self._open()
        refusals: dict[int, Refused] = {}
        connection.execute("BEGIN IMMEDIATE")
        self._catch_up(connection)
        before = self._appender.head.position
        for number, job in enumerate(group):
            try:
                job.work(connection)
            except Refused as refused:
                refusals[number] = refused
        self._appender.flush(connection)
        connection.execute("COMMIT")
        self._appender.committed()
        self.head = self._appender.head
        self.commits.done(self.head.position - before, time.perf_counter() - began_s)
        return [(job, refusals.get(number, self.head)) for number, job in enumerate(group)]

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = database.open_writer(self._path).conn
            self._data_version = None
        return self._connection

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        """Inside the transaction, where no other process can write any more: read what is on
        the disk, or what another process has written since the last group, such as a command
        of the operator's."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._data_version is None:
            self._appender.load(connection)
        elif version != self._data_version:
            self._appender.catch_up(connection)
        self._data_version = version

    def _fail(self, error: sqlite3.Error) -> None:
        self._close()
        if not self.failing:
            self.failing = True
            _log.error("disk_failing", extra=fields(detail=str(error)))

    def _close(self) -> None:
        """Closing rolls back; the next group opens and reads what the disk holds."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _tell(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        self._loop.call_soon_threadsafe(_settle, outcomes)


def _settle(outcomes: Sequence[tuple[Job, Outcome]]) -> None:
    """Everybody is told, whatever telling one of them meets."""
    for job, outcome in outcomes:
        try:
            job.settle(outcome)
        except Exception:  # noqa: BLE001 - the others of the group wait for their acks
            _log.exception("job_failed")


class _Alone(Generic[T]):
    """Work in a savepoint of its own, with a future for the one who waits."""

    weight = 1

    def __init__(self, work: Callable[[sqlite3.Connection], T], future: asyncio.Future[T]) -> None:
        self._work = work
        self._future = future
        self._value: list[T] = []

    def work(self, connection: sqlite3.Connection) -> None:
        connection.execute("SAVEPOINT alone")
        try:
            self._value = [self._work(connection)]
        except Refused:
            connection.execute("ROLLBACK TO alone")
            raise
        finally:
            if connection.in_transaction:
                connection.execute("RELEASE alone")

    def settle(self, outcome: Outcome) -> None:
        if self._future.done():
            return
        if isinstance(outcome, Exception):
            self._future.set_exception(outcome)
        else:
            self._future.set_result(self._value[0])
