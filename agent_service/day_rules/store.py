"""The table `adopted_rules`, read: by which values a business date is counted."""

import sqlite3
from datetime import date
from typing import NamedTuple

import msgspec

from agent_service.day_rules.projector import StoredRules
from agent_service.persons.store import EVER
from protocol.rules import day_rules
from protocol.rules.day_rules import DayRules
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import AdoptedRules

_NAMES = StoredRules.__struct_fields__
_SELECT = f"SELECT {', '.join(_NAMES)} FROM adopted_rules"  # noqa: S608 - names of ours


class InForce(NamedTuple):
    """The rules of a day."""

    version: str
    rules: DayRules


def in_force(connection: sqlite3.Connection, day: date, upto: int = EVER) -> InForce:
    """The rules of a business date, as of the ledger's entry `upto`; where none were adopted, the
    program's own. Raises `Refused` with `rules_unreadable` for values of another version of the
    program."""
    held = _timeline(connection, day, upto)
    if not held:
        rules = DayRules()
        return InForce(day_rules.version(rules), rules)
    read = _read(held[-1])
    if read is None:
        raise Refused(Code.RULES_UNREADABLE, version=held[-1].version, since=held[-1].since)
    return InForce(held[-1].version, read)


def adopted(
    connection: sqlite3.Connection, first_day: date, last_day: date
) -> tuple[AdoptedRules, ...]:
    """The rules of a span of business dates in the order of their days, first those that hold on
    its first one. Values that this version can't read are left out."""
    rows = _timeline(connection, last_day, EVER)
    earlier = [row for row in rows if row.since <= first_day.isoformat()]
    shown = [*earlier[-1:], *rows[len(earlier) :]]
    return tuple(
        AdoptedRules(date.fromisoformat(row.since), row.version, rules)
        for row in shown
        if (rules := _read(row)) is not None
    )


def last_adopted(connection: sqlite3.Connection) -> StoredRules | None:
    """What was adopted last, whether it holds yet or not."""
    found = connection.execute(f"{_SELECT} ORDER BY position DESC LIMIT 1").fetchone()
    return None if found is None else _row(found)


def is_readable(row: StoredRules) -> bool:
    """Whether this version can count by the values."""
    return _read(row) is not None


def _timeline(connection: sqlite3.Connection, until: date, upto: int) -> list[StoredRules]:
    """What holds from when on, up to a date: a later adoption takes all days from its own."""
    held: list[StoredRules] = []
    query = f"{_SELECT} WHERE since <= ? AND position <= ? ORDER BY position"
    for row in map(_row, connection.execute(query, (until.isoformat(), upto))):
        held = [*(each for each in held if each.since < row.since), row]
    return held


def _row(stored: tuple[object, ...]) -> StoredRules:
    return msgspec.convert(dict(zip(_NAMES, stored, strict=True)), StoredRules, strict=False)


def _read(row: StoredRules) -> DayRules | None:
    try:
        return day_rules.decode(row.values_json.encode())
    except msgspec.DecodeError:
        return None
