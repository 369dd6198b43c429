"""The same tests for each kind of phone."""

from collections.abc import AsyncIterator

import pytest

from agent_client.phone.engine import Sound
from tests.contract.phones import ChildPhones, FakePhones, Phone

Phones = FakePhones | ChildPhones


@pytest.fixture(params=[FakePhones, ChildPhones], ids=["fake", "pjsua2"])
async def phones(request: pytest.FixtureRequest) -> AsyncIterator[Phones]:
    made: Phones = request.param()
    yield made
    await made.stop()


@pytest.fixture
async def seat(phones: Phones) -> Phone:
    """The phone under test, open."""
    phone = await phones.make()
    await phone.open("1001")
    return phone


@pytest.fixture
async def customer(phones: Phones) -> Phone:
    """Who is at the other end, open."""
    phone = await phones.make()
    await phone.open("4955512345", Sound.TONE, obeys_refer=True)
    return phone


@pytest.fixture
async def colleague(phones: Phones) -> Phone:
    """Another agent, open."""
    phone = await phones.make()
    await phone.open("1002", Sound.TONE)
    return phone
