"""People who give exams and sit them, at a service of which the clock can be set forward."""

from pathlib import Path

import pytest

from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn
from tests.service.documents.written import TRAINER
from tests.service.exams.exam_requests import MARKER, StillTime
from tests.service.people import hire


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> StillTime:
    """Requested by the service below, so that it reads this clock."""
    return StillTime(monkeypatch)


@pytest.fixture
def data(data: Path) -> Path:
    """With two people who teach."""
    hire(data, [TRAINER, MARKER], "-")
    return data


@pytest.fixture
def serve(serve: Serve, time: StillTime) -> Serve:
    """With the clock of the test."""
    return serve


@pytest.fixture
async def trainer(signed_in: SignedIn) -> Client:
    """Who teaches."""
    return await signed_in(TRAINER.number)


@pytest.fixture
async def wang(signed_in: SignedIn) -> Client:
    """An agent of the team A."""
    return await signed_in("1001")
