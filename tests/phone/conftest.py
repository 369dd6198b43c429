"""Phones in processes of their own."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.phones import ChildPhones


@pytest.fixture
async def children() -> AsyncIterator[ChildPhones]:
    made = ChildPhones()
    yield made
    await made.stop()
