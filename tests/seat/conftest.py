"""Where the tests of the seat have their files."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of its own, in memory where there is such a disk: what is asked here is the order
    of things, and it is asked often. A short path, too, as sockets need it."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="seat-", dir=where) as folder:
        yield Path(folder)
