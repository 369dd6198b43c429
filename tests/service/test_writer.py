"""The one writer: groups, and that nobody's fault is anybody else's."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from agent_service import database
from agent_service.service import Service
from agent_service.writer import Outcome
from protocol.wire.errors import Refused


class Note:
    """A job that writes one row, or fails."""

    weight = 1

    def __init__(self, number: str, fault: Exception | None = None) -> None:
        self.number = number
        self.fault = fault
        self.outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def work(self, connection: sqlite3.Connection) -> None:
        if self.fault is not None:
            raise self.fault
        insert(connection, self.number)

    def settle(self, outcome: Outcome) -> None:
        self.outcome.set_result(outcome)


def insert(connection: sqlite3.Connection, number: str) -> None:
    connection.execute("INSERT INTO credential VALUES (?, '', 0, '', '')", (number,))


def numbers(data: Path) -> set[str]:
    """The rows on the disk."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM credential")}


def blocked(data: Path) -> sqlite3.Connection:
    """Somebody else's write lock, for as long as the connection is open."""
    connection = sqlite3.connect(data / database.FILE, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


@pytest.mark.parametrize(
    "fault", [RuntimeError("a bug"), Refused("a_code"), sqlite3.IntegrityError("twice")]
)
async def test_a_job_that_fails_spoils_no_other_of_its_group(
    service: Service, data: Path, fault: Exception
) -> None:
    with closing(blocked(data)):
        service.writer.submit(first := Note("n1"))
        jobs = [Note("n2"), Note("bad", fault), Note("n3")]
        for job in jobs:
            service.writer.submit(job)
    outcomes = [await job.outcome for job in (first, *jobs)]
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, False, True, False]
    assert outcomes[2] is fault
    assert {"n1", "n2", "n3"} <= numbers(data)


async def test_a_job_that_can_not_be_told_keeps_no_other_from_being_told(
    service: Service, data: Path
) -> None:
    with closing(blocked(data)):
        service.writer.submit(first := Note("n1"))
        service.writer.submit(deaf := Note("n2"))
        service.writer.submit(last := Note("n3"))
        deaf.outcome.cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(first.outcome, last.outcome)
    assert numbers(data) >= {"n1", "n2", "n3"}


@pytest.mark.parametrize("fault", [RuntimeError("a bug"), Refused("a_code")])
async def test_small_work_that_raises_left_no_trace(
    service: Service, data: Path, fault: Exception
) -> None:
    def work(connection: sqlite3.Connection) -> None:
        insert(connection, "half")
        raise fault

    with closing(blocked(data)):
        other = asyncio.create_task(service.writer.run(lambda found: insert(found, "whole")))
        failing = asyncio.create_task(service.writer.run(work))
        await asyncio.sleep(0)
    await other
    with pytest.raises(type(fault)):
        await failing
    assert "whole" in numbers(data)
    assert "half" not in numbers(data)


async def test_small_work_gives_back_its_value(service: Service) -> None:
    assert await service.writer.run(lambda connection: 42) == 42


async def test_whoever_gave_up_waiting_stops_nobody(service: Service, data: Path) -> None:
    with closing(blocked(data)):
        given_up = asyncio.create_task(service.writer.run(lambda found: insert(found, "late")))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
    assert await service.writer.run(lambda connection: 1) == 1
    assert "late" in numbers(data)


async def test_a_lock_that_is_held_too_long_is_told_and_survived(
    service: Service, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 50)
    await close_connection(service)
    with closing(blocked(data)):
        with pytest.raises(Refused, match="ledger_unavailable"):
            await service.writer.run(lambda connection: 1)
        assert service.writer.failing
    assert await service.writer.run(lambda connection: 1) == 1
    assert not service.writer.failing


async def close_connection(service: Service) -> None:
    """Make the writer open a new connection, as after any failure."""

    def fail(connection: sqlite3.Connection) -> Callable[[], None]:
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(Refused, match="ledger_unavailable"):
        await service.writer.run(fail)


async def test_after_its_end_everybody_is_refused(service: Service) -> None:
    await service.writer.stop()
    with pytest.raises(Refused, match="draining"):
        await service.writer.run(lambda connection: 1)
