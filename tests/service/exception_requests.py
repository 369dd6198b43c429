"""What people ask about exceptions, as the tests ask it."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from agent_service import bootstrap
from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.rules.local_day import day_bounds, local_date
from protocol.wire.errors import Refused
from protocol.wire.exceptions import (
    DecideExceptions,
    ExceptionMade,
    ExceptionRow,
    Exceptions,
    ExceptionsDecided,
    GetExceptions,
    ProposeException,
    WithdrawException,
)
from tests.service.client import Client
from tests.service.conftest import SETTINGS

ZONE = ZoneInfo(SETTINGS.site.zone)
MINUTE_MS = 60_000


def days_ago(days: int) -> date:
    """A date at the site."""
    return local_date(bootstrap.now_ms(), ZONE) - timedelta(days=days)


def proposal(
    client: Client,
    agent: str,
    minutes: tuple[float, float] = (0, 10),
    days: int = 1,
    what: Overlay = Overlay.EXCUSE,
    state: State | None = None,
    reason: Reason | None = None,
    **fields: str,
) -> ProposeException:
    """Of minutes after midnight of a day that is some days ago."""
    wanted = days_ago(days)
    midnight, _ = day_bounds(wanted, ZONE)
    start_ms, end_ms = (midnight + int(each * MINUTE_MS) for each in minutes)
    told = {"key": "", "code": "COACHING", "text": "please", **fields}
    return ProposeException(
        client.next_id(),
        agent=agent,
        day=wanted,
        start_ms=start_ms,
        end_ms=end_ms,
        what=what,
        state=state,
        reason=reason,
        **told,
    )


async def made(client: Client, message: ProposeException | WithdrawException) -> ExceptionRow:
    """The row that comes of it. Raises `Refused`."""
    reply = await client.request(message)
    assert isinstance(reply, ExceptionMade)
    return reply.row


async def refusal(client: Client, message: ProposeException | GetExceptions) -> str:
    """The code of what must be refused."""
    with pytest.raises(Refused) as refused:
        await client.request(message)
    return refused.value.code


async def decide(
    client: Client, rows: Sequence[ExceptionRow], approved: bool = True, text: str = ""
) -> ExceptionsDecided:
    """What became of each."""
    names = tuple(row.exception for row in rows)
    message = DecideExceptions(client.next_id(), names, approved, text)
    reply = await client.request(message)
    assert isinstance(reply, ExceptionsDecided)
    return reply


async def decided(client: Client, row: ExceptionRow, approved: bool = True) -> ExceptionRow:
    """The row after a decision that must be possible."""
    reply = await decide(client, [row], approved)
    assert not reply.refused
    return reply.rows[0]


async def undecidable(client: Client, row: ExceptionRow, approved: bool = True) -> str:
    """The code of why it can't be decided."""
    reply = await decide(client, [row], approved)
    assert not reply.rows
    return reply.refused[row.exception]


async def withdrawn(client: Client, row: ExceptionRow) -> ExceptionRow:
    """The row, taken back. Raises `Refused`."""
    return await made(client, WithdrawException(client.next_id(), row.exception))


async def listed(
    client: Client, open_only: bool = False, days: int = 100, **whose: str
) -> Exceptions:
    """The queue of the last days. Raises `Refused`."""
    message = GetExceptions(client.next_id(), days_ago(days), days_ago(0), open_only, **whose)
    reply = await client.request(message)
    assert isinstance(reply, Exceptions)
    return reply
