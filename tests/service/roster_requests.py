"""People who ask something of the roster, as the tests let them."""

from collections.abc import Awaitable
from datetime import date

import pytest
from msgspec.structs import replace

from agent_service import bootstrap
from protocol.facts.request import RequestKind, RosterRequest
from protocol.wire import requests
from protocol.wire.errors import Refused
from protocol.wire.requests import RequestRow, Requests, RequestStands
from protocol.wire.roster import DraftDay
from protocol.wire.session import Person, Role
from tests.service.client import Client
from tests.service.rosters import BOOK, coming_monday, draft, later, publish

MONDAY = coming_monday()
TUESDAY = later(MONDAY, 1)
COLLEAGUE = Person("1004", "Qian Yu", (Role.AGENT,), "A")
HR = Person("4001", "He Ruo", (Role.HR,))


class Time:
    """The service's clock, which a test may set forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now_ms = bootstrap.now_ms
        self._ahead_ms = self._step_ms = 0
        monkeypatch.setattr(bootstrap, "now_ms", self.now_ms)

    def now_ms(self) -> int:
        self._ahead_ms += self._step_ms
        return self._now_ms() + self._ahead_ms

    def flies(self) -> None:
        """Let a second go by between any two readings."""
        self._step_ms = 1000

    def go_to(self, ms: int) -> None:
        self._ahead_ms = ms - self._now_ms()


def clock(day: date, hours: float) -> int:
    """The instant at which so many hours of a day of the site are over."""
    nine_ms = BOOK.segments("day", day)[0].start_ms
    return nine_ms + int((hours - 9) * 3_600_000)


def asked(
    what: RequestKind, start: float = 0, end: float = 0, agent: str = "1001", **more: object
) -> RosterRequest:
    """For Monday, from one hour to another."""
    request = RosterRequest(what, agent, MONDAY)
    if start:
        request = replace(request, start_ms=clock(MONDAY, start), end_ms=clock(MONDAY, end))
    return replace(request, **more)


async def planned(lead: Client, **patterns: str) -> None:
    """Publish Monday: the pattern of each person, as `a1001="day"`."""
    days = [DraftDay(agent[1:], MONDAY, name) for agent, name in patterns.items()]
    await draft(lead, *days)
    await publish(lead, MONDAY, MONDAY)


async def ask(client: Client, request: RosterRequest, key: str = "", text: str = "") -> RequestRow:
    """Raises `Refused`."""
    return await _row(client, requests.MakeRequest(client.next_id(), key, request, text))


async def consent(client: Client, request: str, consents: bool = True) -> RequestRow:
    """Raises `Refused`."""
    return await _row(client, requests.ConsentRequest(client.next_id(), request, consents, "ok"))


async def decide(client: Client, request: str, approved: bool = True) -> RequestRow:
    """Raises `Refused`."""
    return await _row(client, requests.DecideRequest(client.next_id(), request, approved, "fine"))


async def withdraw(client: Client, request: str, text: str = "") -> RequestRow:
    """Raises `Refused`."""
    return await _row(client, requests.WithdrawRequest(client.next_id(), request, text))


async def see(client: Client, row: RequestRow) -> None:
    """The person has read where it stands. Raises `Refused`."""
    seen = requests.SeenRequest(row.request, row.standing)
    reply = await client.request(requests.SeeRequests(client.next_id(), (seen,)))
    assert isinstance(reply, requests.RequestsSeen)


async def listed(client: Client, open_only: bool = True, agent: str = "") -> Requests:
    """Raises `Refused`."""
    reply = await client.request(requests.GetRequests(client.next_id(), open_only, agent))
    assert isinstance(reply, Requests)
    return reply


async def hours(client: Client, agent: str) -> requests.Hours:
    """Raises `Refused`."""
    reply = await client.request(requests.GetHours(client.next_id(), agent))
    assert isinstance(reply, requests.Hours)
    return reply


async def refusal(asked: Awaitable[object]) -> str:
    """The code of what must be refused."""
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code


async def _row(
    client: Client,
    message: requests.MakeRequest
    | requests.ConsentRequest
    | requests.DecideRequest
    | requests.WithdrawRequest,
) -> RequestRow:
    reply = await client.request(message)
    assert isinstance(reply, RequestStands)
    return reply.row
