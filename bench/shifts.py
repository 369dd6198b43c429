"""A ledger of shifts as a floor would have brought them: plans, sessions, states, calls; written
with the appender, without a server."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from agent_service.appending import appending
from agent_service.commands.database import init
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Batch, Clock
from bench.site import PASSWORD
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.call import CallAnswered, CallEnded, CallOffered, EndCause, ReleasedBy
from protocol.facts.record import AnyFact, Record, encode_fact
from protocol.facts.session import SessionAnchored, SessionBegan
from protocol.facts.shift import Activity, PlanCause, PlannedSegment, ShiftPlanned
from protocol.facts.staff import Group, MembershipSet, PersonAdded

WHERE = ZoneInfo("Asia/Shanghai")
_MINUTE, _HOUR = 60_000, 3_600_000
_CALLS = 17
_SIZE = 12
"""Agents in a team."""

Told = tuple[int, AnyFact]


def at_ms(day: date, hours: float) -> int:
    """The instant of a local time."""
    return int(
        datetime(day.year, day.month, day.day, tzinfo=WHERE).timestamp() * 1000 + hours * _HOUR
    )


def number_of(agent: int) -> str:
    """A staff number."""
    return str(100_001 + agent)


def make_floor(data: Path, agents: int, days: Sequence[date], until_ms: int | None = None) -> int:
    """A database with that many shifts of some 120 facts, up to an instant. Returns the number of
    entries."""
    init(data, "admin", lambda: PASSWORD)
    now = [at_ms(days[0], -24)]
    with appending(data, Clock(lambda: now[0], lambda: now[0])) as books:
        disk, appender = books.connection, books.appender
        for agent in range(agents):
            number, team = number_of(agent), f"team {agent // _SIZE}"
            appender.record(disk, PersonAdded(number, f"agent {agent}", ("agent",), "operator"))
            appender.record(
                disk, MembershipSet(number, Group.TEAM, team, date(2020, 1, 1), "operator")
            )
        for day in days:
            for agent in range(agents):
                appender.record(disk, _plan(agent, day))
        for day in days:
            for begins_ms, agent, batch in _day(agents, day, until_ms):
                now[0] = max(now[0], begins_ms)
                session = f"{number_of(agent)}-{day.isoformat()}"
                if batch is None:
                    appender.record(disk, SessionBegan(number_of(agent), "desk", session))
                else:
                    admitted = admit(session, batch)
                    appender.append(disk, Batch(session, "desk", begins_ms, admitted))
            appender.flush(disk)
            appender.committed()
        return appender.head.position


def _plan(agent: int, day: date) -> ShiftPlanned:
    begin = 8 + agent % 4
    cuts = (
        (0, 3, Activity.WORK),
        (3, 4, Activity.MEAL),
        (4, 6.5, Activity.WORK),
        (6.5, 6.75, Activity.BREAK),
        (6.75, 9, Activity.WORK),
    )
    segments = tuple(
        PlannedSegment(at_ms(day, begin + start), at_ms(day, begin + end), what)
        for start, end, what in cuts
    )
    return ShiftPlanned(number_of(agent), day, day.toordinal(), segments, "1", PlanCause.ROSTER)


def _day(
    agents: int, day: date, until_ms: int | None
) -> Iterator[tuple[int, int, list[Record] | None]]:
    """What comes in which order: for each a sign-in, then batches of ten facts."""
    coming: list[tuple[int, int, list[Record] | None]] = []
    for agent in range(agents):
        draw = random.Random(f"{agent} {day}")  # noqa: S311 - a bench repeats itself
        told = [
            each for each in _shift(agent, day, draw) if until_ms is None or each[0] <= until_ms
        ]
        if not told:
            continue
        coming.append((told[0][0], agent, None))
        for first in range(0, len(told), 10):
            part = told[first : first + 10]
            records = [_record(first + number, *each) for number, each in enumerate(part, 1)]
            coming.append((part[-1][0], agent, records))
    coming.sort(key=lambda each: (each[0], each[1], each[2] is not None))
    return iter(coming)


def _record(seq: int, ms: int, fact: AnyFact) -> Record:
    body = msgspec.Raw(encode_fact(fact))
    return Record(seq=seq, occurred_ms=ms, wall_ms=ms, mono_ms=ms, body=body)


def _shift(agent: int, day: date, draw: random.Random) -> Iterator[Told]:
    """Some 120 facts: calls one after another, a meal, a break; sometimes late, sometimes a call
    into the meal."""
    begin_ms = at_ms(day, 8 + agent % 4)
    at = begin_ms - 2 * _MINUTE + draw.choice((0, 0, 0, 5)) * _MINUTE
    yield at, SessionAnchored(at, at, 5, "boot")
    yield at, StateEntered(State.NOT_READY, "sign_in", "agent", Reason.REST)
    yield at + 30_000, StateEntered(State.READY, "ready", "agent")
    at += _MINUTE
    rests = {5: (State.NOT_READY, Reason.MEAL, 60), 12: (State.NOT_READY, Reason.REST, 15)}
    for number in range(_CALLS):
        at = max(at + draw.randrange(60, 900) * 1000, begin_ms + number * 28 * _MINUTE)
        call = f"{agent:08x}{day.toordinal():08x}{number:016x}"
        yield at, CallOffered(call_id=call, peer="13800138000", line="sales")
        yield at, StateEntered(State.RINGING, "call_offered", "agent", call_id=call)
        at += 6_000
        yield at, CallAnswered(call_id=call)
        yield at, StateEntered(State.TALK, "answered", "agent", call_id=call)
        at += draw.randrange(60, 600) * 1000
        yield at, CallEnded(call_id=call, cause=EndCause.BYE, released_by=ReleasedBy.PEER)
        yield at, StateEntered(State.ACW, "call_ended", "agent", call_id=call)
        at += 40_000
        if number in rests:
            state, reason, minutes = rests[number]
            yield at, StateEntered(state, "agent", "agent", reason)
            at += minutes * _MINUTE
        yield at, StateEntered(State.READY, "ready", "agent")
    yield max(at, begin_ms + 9 * _HOUR), StateEntered(State.LOGGED_OFF, "sign_out", "agent")


def workdays(first: date, count: int) -> list[date]:
    """So many days that are no Sundays."""
    found = (first + timedelta(days=number) for number in range(2 * count))
    return [day for day in found if day.isoweekday() != 7][:count]
