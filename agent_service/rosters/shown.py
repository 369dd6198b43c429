"""A roster put together for whoever asks: what is published, and what is drafted."""

import sqlite3
from datetime import date

import msgspec

from agent_service.attendance.stand_ins import stand_ins_between
from agent_service.persons.store import EVER
from agent_service.plan_corrections.store import open_between
from agent_service.rosters import drafts, store
from agent_service.rosters.book import RosterBook
from agent_service.rosters.drafts import Span
from agent_service.rosters.patterns import YEARS
from protocol.rules.roster_requests import PersonDay
from protocol.rules.stand_ins import StandIn
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import MAX_DAYS, ProposedDay, Roster
from protocol.wire.session import Person

MOST_BYTES = 960 << 10
"""Of one answer: a frame holds no more."""
_LONGEST_DAYS = 366


class View(msgspec.Struct, frozen=True):
    """Who may see what."""

    people: tuple[Person, ...]
    drafts: bool
    editable: bool


def check_span(first_day: date, last_day: date) -> Span:
    """The span. Raises `Refused` with `bad_span` for one that ends before it begins or is too
    long to be shown at once."""
    return check_days(first_day, last_day, MAX_DAYS)


def check_days(first_day: date, last_day: date, limit: int = _LONGEST_DAYS) -> Span:
    """Likewise, for what need not fit into one answer."""
    plausible = first_day.year in YEARS and last_day.year in YEARS
    if not (plausible and first_day <= last_day and (last_day - first_day).days < limit):
        raise bad_span((first_day, last_day), limit)
    return first_day, last_day


def bad_span(span: Span, limit: int) -> Refused:
    """Why it can't be shown."""
    first_day, last_day = (each.isoformat() for each in span)
    return Refused(Code.BAD_SPAN, first=first_day, last=last_day, limit=limit)


def shown(
    connection: sqlite3.Connection, re: int, book: RosterBook, view: View, span: Span
) -> Roster:
    """All of it. Raises `Refused` with `bad_span` if it is more than one answer can hold."""
    numbers = frozenset(each.number for each in view.people)
    published = [row.plan() for row in store.in_force(connection, *span, numbers).values()]
    drafted = drafts.read(connection, *span, numbers) if view.drafts else []
    (revision,) = connection.execute(
        "SELECT coalesce(max(revision), 0) FROM roster_revision"
    ).fetchone()
    roster = Roster(
        re=re,
        people=view.people,
        published=tuple(published),
        drafted=tuple(each.plan() for each in drafted),
        patterns=tuple(book.patterns.values()),
        rotations=tuple(book.rotations.values()),
        holidays=tuple(book.calendar.between(*span)),
        revision=revision,
        zone=str(book.zone),
        editable=view.editable,
        stand_ins=_stand_ins(connection, span, numbers),
        proposed=_proposed(connection, span, numbers) if view.drafts else (),
    )
    size = len(msgspec.json.encode(roster))
    if size > MOST_BYTES:
        days = (span[1] - span[0]).days + 1
        raise bad_span(span, max(1, days * MOST_BYTES // size))
    return roster


def _stand_ins(
    connection: sqlite3.Connection, span: Span, numbers: frozenset[str]
) -> tuple[StandIn, ...]:
    if len(numbers) != 1:
        return ()
    found = stand_ins_between(connection, *span, numbers, EVER)
    return tuple(each for told in found.values() for each in told)


def _proposed(
    connection: sqlite3.Connection, span: Span, numbers: frozenset[str]
) -> tuple[ProposedDay, ...]:
    first_day, last_day = span
    found: dict[PersonDay, ProposedDay] = {}
    for row in open_between(connection, first_day, last_day):
        for each in row.plans():
            if each.agent in numbers and first_day <= each.day <= last_day:
                found[each.agent, each.day] = ProposedDay(
                    row.correction, each.agent, each.day, row.actor, row.proposed_ms, each.segments
                )
    return tuple(found.values())
