"""A desk that can be asked."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_client.seat.place import SeatPlace, place_of
from agent_client.settings import Settings
from tests.seat.control.desk import Desk, opened


@pytest.fixture
def place(tmp_path: Path) -> SeatPlace:
    return place_of(Settings(agent="1001", data=str(tmp_path / "d"), runtime=str(tmp_path / "r")))


@pytest.fixture(params=["socket", "port"])
async def seat(
    request: pytest.FixtureRequest, place: SeatPlace, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A desk that can be asked, over either kind of socket."""
    without = {"socket": "NOTHING", "port": "AF_UNIX"}[request.param]
    monkeypatch.delattr(socket, without, raising=False)
    async with opened(place) as made:
        yield made
