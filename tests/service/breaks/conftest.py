"""A service with a queue for breaks, and people who come and are ready."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_service.service import Service
from tests.service.break_requests import MATES, QUEUED, READY, Agent, Comes
from tests.service.conftest import Serve, SignedIn
from tests.service.people import hire
from tests.service.roster_requests import MONDAY, Time, clock


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock of the service that is started after this: Monday, at ten."""
    made = Time(monkeypatch)
    made.go_to(clock(MONDAY, 10))
    return made


@pytest.fixture
async def service(serve: Serve, data: Path, time: Time) -> AsyncIterator[Service]:
    """With a queue in team A, where one may be away at once."""
    hire(data, MATES, "-")
    async with serve(QUEUED) as running:
        yield running


@pytest.fixture
def comes(signed_in: SignedIn, time: Time) -> Comes:
    """Somebody of the staff signs in and is ready."""

    async def come(number: str) -> Agent:
        agent = Agent(await signed_in(number), time)
        await agent.tell(READY)
        return agent

    return come
