"""Emptying the write-ahead log: whoever reads meanwhile keeps no writer waiting for long."""

import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from agent_service import checkpoint, database
from tests.service.conftest import Serve
from tests.service.test_writer import insert

MEASURED_S = 2.0


async def test_a_long_reading_of_a_log_that_is_too_large_refuses_no_writer(
    serve: Serve, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "_TOO_LARGE_BYTES", 1)
    monkeypatch.setattr(checkpoint, "_LOOK_EVERY_S", 0.5)
    async with serve() as service:
        with closing(database.open_reader(data / database.FILE)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM staff").fetchone()
            began = [time.monotonic()]
            while began[-1] - began[0] < MEASURED_S:
                await service.writer.run(lambda found: insert(found, str(began[-1])))
                began.append(time.monotonic())
    assert max(after - before for before, after in pairwise(began)) < database.BUSY_MS / 2000
