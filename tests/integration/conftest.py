"""The rig as a fixture."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.rig import Rig, rig


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A service's data with people in it; to be copied, never used."""
    made = Rig(tmp_path_factory.mktemp("database"))
    asyncio.run(made.make_database())
    return made.data


@pytest.fixture
async def floor(tmp_path: Path, database: Path) -> AsyncIterator[Rig]:
    """A running floor of real processes."""
    async with rig(tmp_path, database) as made:
        yield made
