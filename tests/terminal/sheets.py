"""A terminal with everything there is to tell of requests, handovers, attendance and reports."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from textual.pilot import Pilot

from agent_client.terminal.app import TerminalApp
from protocol.facts.agent import State
from protocol.wire.desk import Status
from protocol.wire.relayed import RelayedRequest
from protocol.wire.session import Role
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.requests_scenes import answer
from tests.terminal.scenes import status
from tests.terminal.showing import opened

AGENT = status(State.NOT_READY)
LEADER = status(State.NOT_READY, agent="2001", roles=(Role.LEADER,))
SUPERVISOR = status(State.NOT_READY, agent="2001", roles=(Role.SUPERVISOR,))
Asked = TypeVar("Asked", bound=RelayedRequest)


def sent(seat: FakeSeat, kind: type[Asked]) -> list[Asked]:
    """What was sent of a kind."""
    return [each for each in seat.asked_service() if isinstance(each, kind)]


@asynccontextmanager
async def signed_in(
    terminal: Callable[..., TerminalApp],
    seat: FakeSeat,
    person: Status = AGENT,
    *,
    supervisor: bool = False,
) -> AsyncIterator[tuple[TerminalApp, Pilot[None]]]:
    """Somebody at a desk, or with `supervisor` at a floor; the service answers everything."""
    seat.status = person
    answer(seat)
    app = terminal(supervisor=supervisor)
    async with opened(app) as pilot:
        yield app, pilot
