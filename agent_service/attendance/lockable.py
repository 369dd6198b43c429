"""Whether a month can be locked: signed by every team as it stands, settled, and decided."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import NamedTuple

from agent_service.adherence.basis import Moment
from agent_service.adherence.day import PersonDate
from agent_service.adherence.late_days import Follows, lacking
from agent_service.adherence.snapshot import snapshot
from agent_service.attendance import store, undecided
from agent_service.attendance.month import (
    Rows,
    Wanted,
    by_team,
    check_month,
    check_windows,
    dated_rows,
    digest_of,
)
from agent_service.exceptions import store as exceptions
from agent_service.ledger.replay import last_position
from agent_service.requests.effect import shown
from protocol.rules.attendance import AttendanceClass
from protocol.wire.attendance import AttendanceRow
from protocol.wire.errors import Code, Refused


class Lockable(NamedTuple):
    """A month that was looked at."""

    digest: str
    """Its name."""
    position: int
    """As of which entry."""
    lacking: Sequence[Follows]
    """What follows from its days and has to be put on record first."""


def look_at(connection: sqlite3.Connection, month: str, moment: Moment, actor: str) -> Lockable:
    """For somebody who is to lock it. Raises `Refused` with `month_not_over`, `open_days`,
    `month_not_signed` or, if nothing lacks, `open_exceptions`, `open_incidents` or
    `open_corrections`."""
    follows: list[Follows] = []

    def noted(
        dated: Iterable[tuple[PersonDate, Sequence[AttendanceRow]]],
    ) -> Iterator[tuple[PersonDate, Sequence[AttendanceRow]]]:
        for each, rows in dated:
            follows.extend(lacking((each,)))
            yield each, rows

    with snapshot(connection):
        check_windows(connection, month, moment, Wanted())
        dated = dated_rows(connection, check_month(month), moment, Wanted())
        digest = _signed(connection, month, by_team(noted(dated)))
        if not follows:
            _check_decided(connection, month, actor)
            _check_second_words(connection, month, actor, moment.where)
        return Lockable(digest, last_position(connection), follows)


def check_settled(month: str, rows: Rows) -> None:
    """Raises `Refused` with `open_days`."""
    unsettled = [row for row in rows if row.code == AttendanceClass.OPEN]
    if unsettled:
        first = min(unsettled, key=lambda row: (row.day, row.agent))
        raise Refused(
            Code.OPEN_DAYS,
            count=len(unsettled),
            month=month,
            agent=first.agent,
            day=first.day.isoformat(),
        )


def _signed(connection: sqlite3.Connection, month: str, rows_of: dict[str, Rows]) -> str:
    """The name of the whole month. Raises `Refused` with `open_days` or `month_not_signed`."""
    signatures = store.signatures_of(connection, month)
    for team, rows in rows_of.items():
        check_settled(month, rows)
        signature = signatures.get(team)
        if signature is None or signature.digest != digest_of(rows):
            raise Refused(Code.MONTH_NOT_SIGNED, team=team, month=month)
    return digest_of(tuple(row for rows in rows_of.values() for row in rows))


def _check_decided(connection: sqlite3.Connection, month: str, actor: str) -> None:
    """What waits about the actor's own days is left out: nobody else may be there to decide it.
    Raises `Refused` with `open_exceptions`."""
    found = exceptions.open_between(connection, *check_month(month))
    waiting = [row for row in found if row.agent != actor]
    if waiting:
        first = waiting[0]
        raise Refused(
            Code.OPEN_EXCEPTIONS,
            count=len(waiting),
            month=month,
            agent=first.agent,
            day=first.day,
        )


def _check_second_words(
    connection: sqlite3.Connection, month: str, actor: str, where: tzinfo
) -> None:
    """Corrections of the actor's own plans are left out likewise. Raises `Refused` with
    `open_incidents` or `open_corrections`."""
    span = check_month(month)
    incidents = undecided.open_incidents(connection, span, where)
    if incidents:
        start = shown(incidents[0].start_ms, where)
        raise Refused(Code.OPEN_INCIDENTS, count=len(incidents), month=month, start=start)
    found = undecided.open_corrections(connection, span)
    corrections = [each for each in found if actor not in each[0].people()]
    if corrections:
        row, day = corrections[0]
        raise Refused(
            Code.OPEN_CORRECTIONS,
            count=len(corrections),
            month=month,
            agent=row.people()[0],
            day=day.isoformat(),
        )
