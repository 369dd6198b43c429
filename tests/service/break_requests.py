"""Agents and leads at the queue for breaks, as the tests let them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from agent_service import database
from agent_service.service import Service
from protocol.facts import call
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import AnyFact
from protocol.rules.break_queue import BreakRule
from protocol.wire import breaks
from protocol.wire.breaks import BreakPlace, BreakQueue, OwnQueue
from protocol.wire.errors import Refused
from protocol.wire.exceptions import ExceptionRow, Exceptions, GetExceptions
from protocol.wire.session import Person, Role
from tests.service.client import LIMIT_S, Client, records
from tests.service.conftest import SETTINGS, Serve, make_token
from tests.service.people import hire
from tests.service.roster_requests import MONDAY, Time
from tests.service.rosters import PLANNED

LOOK_S = 0.5
MATES = (
    Person("1004", "Qian Yu", (Role.AGENT,), "A"),
    Person("1005", "Zhou Lin", (Role.AGENT,), "A"),
)
RULE = BreakRule(cap=1, team="A")
QUEUED = msgspec.structs.replace(SETTINGS, breaks=(RULE,))
READY = StateEntered(State.READY, "ready", "")
REST = StateEntered(State.NOT_READY, "break", "", Reason.REST)
GONE = StateEntered(State.LOGGED_OFF, "sign_out", "")
MINUTE = 60_000


class Agent:
    """Somebody at a seat, who tells of states as they come."""

    def __init__(self, client: Client, time: Time, told_so_far: int = 0) -> None:
        self.client = client
        self._time = time
        self.told_so_far = told_so_far
        """How many facts of the session are on the disk."""

    async def tell(self, *facts: AnyFact, at_ms: int | None = None) -> None:
        """Facts of this moment, on the disk when it returns. What was pushed before is old."""
        self.forget()
        when = self._time.now_ms() if at_ms is None else at_ms
        await self.client.record(*facts, first=self.told_so_far + 1, at_ms=when)
        self.told_so_far += len(facts)

    async def delivers(self, *told: tuple[int, AnyFact]) -> None:
        """Facts of several moments in one batch, as a seat sends them that was not heard."""
        batch = [
            record
            for number, (at_ms, fact) in enumerate(told, self.told_so_far + 1)
            for record in records(fact, first=number, at_ms=at_ms)
        ]
        await self.client.append(batch)
        await self.client.acked(batch[-1].seq)
        self.told_so_far += len(batch)

    async def rings(self, name: str, answered_after_s: int | None = None) -> None:
        """A call that was offered some seconds ago, and perhaps answered since; it is over."""
        now_ms = self._time.now_ms()
        waited_ms = (60 if answered_after_s is None else answered_after_s) * 1000
        await self.tell(call.CallOffered(name, "138"), at_ms=now_ms - waited_ms)
        if answered_after_s is not None:
            await self.tell(call.CallAnswered(name))

    async def talks(self, name: str) -> None:
        """A call of this moment."""
        await self.tell(
            call.CallOffered(name, "138"),
            call.CallAnswered(name),
            StateEntered(State.TALK, "call_answered", "", None, name),
        )

    async def stops_talking(self, name: str) -> None:
        ended = call.CallEnded(name, call.EndCause.BYE, call.ReleasedBy.AGENT)
        await self.tell(ended, StateEntered(State.ACW, "call_ended", "", None, name))

    async def suffers(self, name: str = "bad") -> None:
        """An abusive call, and the wish for a break after it."""
        await self.talks(name)
        await self.stops_talking(name)
        await self.asks(after_call=name)

    async def asks(self, reason: Reason = Reason.REST, after_call: str = "") -> OwnQueue:
        """Where the agent stands then. Raises `Refused`."""
        message = breaks.AskBreak(self.client.next_id(), reason, after_call)
        return await self._stands(message)

    async def withdraws(self) -> OwnQueue:
        return await self._stands(breaks.WithdrawBreak(self.client.next_id()))

    async def _stands(self, message: breaks.AskBreak | breaks.WithdrawBreak) -> OwnQueue:
        reply = await self.client.request(message)
        assert isinstance(reply, BreakPlace)
        return reply.queue

    async def told(self, **wanted: object) -> OwnQueue:
        """The next push in which all of it is so."""
        return await self.until(
            lambda own: all(getattr(own, name) == value for name, value in wanted.items())
        )

    def forget(self) -> None:
        """What was pushed so far."""
        for message in [each for each in self.client.inbox if isinstance(each, OwnQueue)]:
            self.client.inbox.remove(message)

    async def until(self, what: Callable[[OwnQueue], bool]) -> OwnQueue:
        """The next push of which it is true."""
        found = await self.client.take(lambda each: isinstance(each, OwnQueue) and what(each))
        assert isinstance(found, OwnQueue)
        return found


async def queue_of(client: Client, team: str = "") -> BreakQueue:
    """As a lead sees it. Raises `Refused`."""
    reply = await client.request(breaks.GetBreakQueue(client.next_id(), team))
    assert isinstance(reply, BreakQueue)
    return reply


async def let_go(client: Client, agent: str) -> BreakQueue:
    """Raises `Refused`."""
    reply = await client.request(breaks.LetGo(client.next_id(), agent))
    assert isinstance(reply, BreakQueue)
    return reply


def order(queue: BreakQueue) -> list[tuple[str, bool, bool]]:
    """Who waits, who goes first, and whose turn it is."""
    return [(each.agent, each.first, each.granted) for each in queue.waiting]


async def exceptions(lead: Client) -> tuple[ExceptionRow, ...]:
    """Those of the days around Monday."""
    first, last = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)
    reply = await lead.request(GetExceptions(lead.next_id(), first, last, open_only=False))
    assert isinstance(reply, Exceptions)
    return reply.rows


async def excuse(lead: Client) -> ExceptionRow:
    """The one exception there is, as soon as there is one."""
    async with asyncio.timeout(LIMIT_S):
        while not (rows := await exceptions(lead)):
            await asyncio.sleep(LOOK_S)
    (row,) = rows
    return row


Comes = Callable[[str], Awaitable[Agent]]
Desks = Callable[..., Awaitable[Client]]
Come = Callable[[str], Awaitable[Client]]


def later(time: Time, ms: int) -> None:
    """Let time pass."""
    time.go_to(time.now_ms() + ms)


async def refusal(asked: Awaitable[object]) -> str:
    """The code with which it is refused."""
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code


async def ended(data: Path, outcome: str) -> None:
    """Wait until the one place is over."""
    async with asyncio.timeout(LIMIT_S):
        while outcome not in outcomes(data):
            await asyncio.sleep(LOOK_S)


async def seated(
    service: Service, data: Path, desks: Desks, time: Time, before: Agent | None = None
) -> Agent:
    """1001 at a desk: a new one, or the session of before, which goes on."""
    known = (before.client.key,) if before is not None else ()
    client = await desks(service.server.address, *known)
    token = make_token(data, client.key.desk, "1001")
    told_so_far = before.told_so_far if before is not None else 0
    return Agent(await client.resume(token, "s"), time, told_so_far)


async def came(service: Service, data: Path, desks: Desks, number: str) -> Client:
    """Somebody of the staff at a desk of their own."""
    client = await desks(service.server.address)
    return await client.resume(make_token(data, client.key.desk, number), f"s-{number}")


@contextlib.asynccontextmanager
async def planned_floor(serve: Serve, data: Path, desks: Desks) -> AsyncIterator[Come]:
    """A service with a queue in team A and patterns of shifts, and how somebody comes there."""
    hire(data, MATES, "-")
    async with serve(msgspec.structs.replace(PLANNED, breaks=QUEUED.breaks)) as service:
        yield lambda number: came(service, data, desks, number)


def outcomes(data: Path) -> list[str | None]:
    """What became of each place."""
    with contextlib.closing(database.open_reader(data / database.FILE)) as connection:
        return [row for (row,) in connection.execute("SELECT outcome FROM break_place")]
