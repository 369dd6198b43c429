"""Somebody who teaches, at a service."""

from pathlib import Path

import pytest

from tests.service.client import Client
from tests.service.conftest import SignedIn
from tests.service.documents.written import TRAINER
from tests.service.people import hire


@pytest.fixture
def data(data: Path) -> Path:
    """With somebody who teaches."""
    hire(data, [TRAINER], "-")
    return data


@pytest.fixture
async def trainer(signed_in: SignedIn) -> Client:
    """Who teaches."""
    return await signed_in(TRAINER.number)
