"""The rig as a fixture, and what the programs said when a test fails."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from tests.integration.lead import PersistentLead
from tests.integration.rig import Rig, rig
from tests.integration.shift import for_shifts

KEPT = Path(".proof")
TAIL_LINES = 40
CODES = 4


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Rig:
    """A service's data with people in it, and enrolment codes for some desks."""
    made = Rig(tmp_path_factory.mktemp("database"))
    asyncio.run(made.make_database())
    return made


@pytest.fixture(scope="session")
def database(made: Rig) -> Path:
    """The data; to be copied, never used."""
    return made.data


@pytest.fixture(scope="session")
def enrolment_codes(made: Rig) -> tuple[str, ...]:
    """Codes that are good once in each copy of the data that is made after them."""
    enrol = ("enrol", "--count", str(CODES), "--data", str(made.data))
    return tuple(asyncio.run(made.command(*enrol)).split())


@pytest.fixture
def codes(enrolment_codes: tuple[str, ...]) -> list[str]:
    """The same, to be used up by one test. To be asked for before the floor."""
    return list(enrolment_codes)


@pytest.fixture
async def floor(tmp_path: Path, database: Path) -> AsyncIterator[Rig]:
    """A running floor of real processes."""
    async with rig(tmp_path, database) as made:
        yield made


@pytest.fixture
async def shift_floor(tmp_path: Path, database: Path) -> AsyncIterator[Rig]:
    """A running floor whose lines and clock suit a shift."""
    async with rig(tmp_path, database, for_shifts) as made:
        yield made


@pytest.fixture
async def lead(shift_floor: Rig, codes: list[str]) -> AsyncIterator[PersistentLead]:
    """A lead at work."""
    made = PersistentLead(shift_floor.server)
    await made.begin(codes.pop())
    yield made
    await made.leave()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """A failed test says how each program's log ends, and keeps the logs under `.proof/`."""
    report = yield
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if report.failed and isinstance(folder, Path):
        kept = KEPT / re.sub(r"[^\w.-]+", "_", item.name)
        for log in sorted(folder.rglob("*.log")):
            name = "_".join(log.relative_to(folder).parts)
            report.sections.append((f"{name}, kept in {kept}", _tail(log)))
            kept.mkdir(parents=True, exist_ok=True)
            shutil.copy(log, kept / name)
    return report


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(lines[-TAIL_LINES:])
