"""A plan that nobody told the roster of, and what leads ask about it, as the tests ask it."""

import uuid
from collections.abc import Awaitable
from datetime import date, timedelta
from pathlib import Path

import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, RosterPublished
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.errors import Refused
from protocol.wire.plan_corrections import (
    DecidePlanCorrection,
    PlanCorrectionRow,
    PlanCorrectionStands,
)
from protocol.wire.roster import DraftDay, ProposePlanCorrection
from tests.service.client import Client
from tests.service.exception_requests import days_ago
from tests.service.shifts import Planned, Shifts, at, enters, segments, shifts_in

WORK, BREAK, MEAL = Activity.WORK, Activity.BREAK, Activity.MEAL
EARLY: Planned = (
    ("09:00", "10:30", WORK),
    ("10:30", "10:45", BREAK),
    ("10:45", "12:00", WORK),
    ("12:00", "13:00", MEAL),
    ("13:00", "15:30", WORK),
    ("15:30", "15:45", BREAK),
    ("15:45", "18:00", WORK),
)
LATE: Planned = (
    ("13:00", "14:30", WORK),
    ("14:30", "14:45", BREAK),
    ("14:45", "17:00", WORK),
    ("17:00", "18:00", MEAL),
    ("18:00", "19:30", WORK),
    ("19:30", "19:45", BREAK),
    ("19:45", "22:00", WORK),
)
_STATES = {
    WORK: (State.READY, None),
    BREAK: (State.NOT_READY, Reason.REST),
    MEAL: (State.NOT_READY, Reason.MEAL),
}


def stale_roster(data: Path, day: date) -> None:
    """1001 worked the late shift of a day, and the early one was in the roster."""
    with shifts_in(data) as floor:
        floor.now_ms = at("08:00", day - timedelta(days=1))
        floor.plan("1001", EARLY, day)
        floor.record(RosterPublished(1, day, day, 1, "2001", "a week"))
        works_late(floor, "1001", day)


def works_late(floor: Shifts, agent: str, day: date) -> None:
    """To the second."""
    floor.begin(agent, f"late-{agent}-{day}")
    told = [(at(start, day), enters(*_STATES[what])) for start, _, what in LATE]
    floor.tell(f"late-{agent}-{day}", [*told, (at("22:00", day), enters(State.LOGGED_OFF))])


def late(agent: str, day: date) -> DraftDay:
    """The late shift."""
    return DraftDay(agent, day, segments=segments(LATE, day))


async def proposed(
    client: Client,
    *days: DraftDay,
    text: str = "swapped with 1003",
    key: str = "",
    evidence: tuple[str, ...] = (),
) -> PlanCorrectionRow:
    """As it stands. Raises `Refused`."""
    key = key or uuid.uuid4().hex
    message = ProposePlanCorrection(client.next_id(), key, days, text, evidence)
    reply = await client.request(message)
    assert isinstance(reply, PlanCorrectionStands)
    return reply.row


async def decided(
    client: Client, correction: str, approved: bool = True, text: str = ""
) -> PlanCorrectionRow:
    """As it stands then. Raises `Refused`."""
    reply = await client.request(DecidePlanCorrection(client.next_id(), correction, approved, text))
    assert isinstance(reply, PlanCorrectionStands)
    return reply.row


async def page(client: Client, agent: str = "1001", days: int = 1) -> AdherenceDay:
    """Somebody's day, some days ago."""
    reply = await client.request(GetAdherence(client.next_id(), agent, days_ago(days)))
    assert isinstance(reply, AdherenceDay)
    return reply


async def refusal(asked: Awaitable[object]) -> str:
    """The code of what must be refused."""
    with pytest.raises(Refused) as refused:
        await asked
    return refused.value.code
