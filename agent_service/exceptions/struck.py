"""Whose shifts an incident reaches into: a night shift belongs whole to the date on which it
begins, so that its last hours are of another date than the clock's."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from agent_service.attendance.stand_ins import worked_between
from agent_service.exceptions.incidents import IncidentProjector
from agent_service.locking.teams import Teams
from agent_service.persons.store import EVER
from protocol.rules.exception_decisions import Span


class Struck(NamedTuple):
    """What somebody has to work on a business date, from the beginning to the end."""

    agent: str
    day: date
    shift: Span


def struck_shifts(
    connection: sqlite3.Connection, day: date, team: str, span: Span, upto: int = EVER
) -> Iterator[Struck]:
    """The shifts of a business date in which a team (empty: anybody) has something planned in
    this time; as of the ledger's entry `upto`."""
    teams = Teams(connection)
    for (agent, _), planned in worked_between(connection, day, day, None, upto).items():
        reached = any(
            each.start_ms < span.end_ms and each.end_ms > span.start_ms for each in planned
        )
        if reached and (not team or teams.on(agent, day) == team):
            yield Struck(agent, day, Span(planned[0].start_ms, planned[-1].end_ms))


def lost_to_incidents(
    connection: sqlite3.Connection, incidents: IncidentProjector, agent: str, day: date
) -> list[Span]:
    """How much of somebody's shifts of a business date is excluded by incidents, or will be once
    a second person confirms them: what of these lies between the beginning and the end."""
    planned = worked_between(connection, day, day, (agent,)).get((agent, day))
    if not planned:
        return []
    from_ms, until_ms = planned[0].start_ms, planned[-1].end_ms
    around = incidents.touching(connection, from_ms, until_ms)
    standing = [row for row in around if row.stands]
    if not standing:
        return []
    team = Teams(connection, agent).on(agent, day)
    return [
        Span(max(row.start_ms, from_ms), min(row.end_ms, until_ms))
        for row in standing
        if row.team in ("", team)
    ]
