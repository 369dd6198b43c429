"""Where the tests of the seat have their files, and whom they have at the desk."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.seat.service import FakeService, fake_service
from tests.seat.sitting import Sitting, sitting, without_waiting

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of its own, in memory where there is such a disk: what is asked here is the order
    of things, and it is asked often. A short path, too, as sockets need it."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="seat-", dir=where) as folder:
        yield Path(folder)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process for the phone, and no long wait."""
    without_waiting(monkeypatch)


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    """A floor service that does what a test tells it to."""
    async with fake_service() as made:
        yield made


@pytest.fixture
async def sits(quick: None, tmp_path: Path, service: FakeService) -> AsyncIterator[Sitting]:
    """Somebody who is signed in."""
    async with sitting(tmp_path, service) as made:
        await made.enrol_and_sign_in()
        yield made
