"""A service with somebody who teaches, and a clock that a test may set on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_service.service import Service
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn
from tests.service.documents.written import TRAINER
from tests.service.people import hire
from tests.service.roster_requests import Time
from tests.service.training.assigned import MATE


@pytest.fixture
def data(data: Path) -> Path:
    """With two agents in team A, and somebody who teaches."""
    hire(data, [TRAINER, MATE], "-")
    return data


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock of the service that is started after this."""
    return Time(monkeypatch)


@pytest.fixture
async def service(serve: Serve, time: Time) -> AsyncIterator[Service]:
    """With that clock."""
    async with serve() as running:
        yield running


@pytest.fixture
async def trainer(signed_in: SignedIn) -> Client:
    """Who teaches."""
    return await signed_in(TRAINER.number)
