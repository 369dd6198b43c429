"""The tables of requests and hours, read."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from typing import TypeVar

import msgspec

from agent_service.requests.booking import BookingRow
from agent_service.requests.row import AskedRow
from protocol.facts.request import Account

_REQUESTS = f"SELECT {', '.join(AskedRow.__struct_fields__)} FROM roster_request"  # noqa: S608 - names of ours
_BOOKINGS = f"SELECT {', '.join(BookingRow.__struct_fields__)} FROM hours_booking"  # noqa: S608 - names of ours
_CONCERNING = """WHERE request IN (
    WITH whose AS (SELECT value FROM json_each(?))
    SELECT request FROM roster_request WHERE agent IN whose
    UNION SELECT request FROM roster_request WHERE partner <> '' AND partner IN whose
    UNION SELECT request FROM roster_request WHERE actor IN whose)"""
_AFTER_LOCK = """WHERE account = ? AND booked_ms >= ? AND booked_ms < ? AND position >
    (SELECT position FROM locked_month WHERE month = substr(day, 1, 7)) ORDER BY position"""
_UNDECIDED = "approved IS NULL AND withdrawn = 0 AND consents IS NOT 0"
_NAMED = "(SELECT value FROM json_each(?))"

R = TypeVar("R", bound=msgspec.Struct)


def find(connection: sqlite3.Connection, request: str) -> AskedRow | None:
    """One request."""
    found = connection.execute(f"{_REQUESTS} WHERE request = ?", (request,)).fetchone()
    return None if found is None else _read(AskedRow, found)


def astir(connection: sqlite3.Connection) -> Iterator[AskedRow]:
    """Requests that nobody has decided, also those whose time is over, and those whose outcome
    somebody has not read."""
    query = f"{_REQUESTS} WHERE {_UNDECIDED} UNION {_REQUESTS} WHERE news = 1"
    for row in connection.execute(query):
        yield _read(AskedRow, row)


def newest(
    connection: sqlite3.Connection,
    people: Collection[str],
    open_at_ms: int | None,
    most: int,
    unread: Collection[str] = (),
) -> tuple[list[AskedRow], int]:
    """Requests that any of these people asked for, or that would change a plan of theirs: all, or
    those that are open at a moment, with the `unread` ones among them. The newest, in that order,
    and how many there are."""
    where = _CONCERNING
    values: tuple[object, ...] = (json.dumps(sorted(people)),)
    if open_at_ms is not None:
        open_or_unread = f"({_UNDECIDED} AND deadline_ms > ?) OR request IN {_NAMED}"
        where = f"{where} AND ({open_or_unread})"
        values = (*values, open_at_ms, json.dumps(sorted(unread)))
    rows = connection.execute(f"{_REQUESTS} {where} ORDER BY began DESC LIMIT ?", (*values, most))
    found = [_read(AskedRow, row) for row in rows]
    (count,) = connection.execute(
        f"SELECT count(*) FROM roster_request {where}",  # noqa: S608 - names of ours
        values,
    ).fetchone()
    return found, int(count)


def approved(connection: sqlite3.Connection, agent: str) -> Iterator[AskedRow]:
    """A person's requests that were approved and not cancelled."""
    query = f"{_REQUESTS} WHERE agent = ? AND approved = 1 AND withdrawn = 0"
    for row in connection.execute(query, (agent,)):
        yield _read(AskedRow, row)


def balances(connection: sqlite3.Connection, agent: str) -> dict[Account, int]:
    """What a person's accounts hold, in seconds."""
    rows = connection.execute(
        "SELECT account, sum(seconds) FROM hours_booking WHERE agent = ? GROUP BY account",
        (agent,),
    )
    return dict.fromkeys(Account, 0) | {Account(name): seconds for name, seconds in rows}


def booked_for(connection: sqlite3.Connection, agent: str, request: str) -> int:
    """What remains booked for a request, in seconds."""
    (seconds,) = connection.execute(
        "SELECT coalesce(sum(seconds), 0) FROM hours_booking WHERE agent = ? AND request = ?",
        (agent, request),
    ).fetchone()
    return int(seconds)


def booked_requests(connection: sqlite3.Connection, agent: str) -> dict[str, set[str]]:
    """The requests for which a person has bookings, with all who have some for each."""
    rows = connection.execute(
        "SELECT DISTINCT request, agent FROM hours_booking WHERE request IN"
        " (SELECT request FROM hours_booking WHERE agent = ? AND request <> '')",
        (agent,),
    )
    found: dict[str, set[str]] = {}
    for request, who in rows:
        found.setdefault(request, set()).add(who)
    return found


def bookings(connection: sqlite3.Connection, agent: str, most: int) -> list[BookingRow]:
    """A person's newest entries, the newest first."""
    query = f"{_BOOKINGS} WHERE agent = ? ORDER BY position DESC LIMIT ?"
    return [_read(BookingRow, row) for row in connection.execute(query, (agent, most))]


def booked_after_lock(
    connection: sqlite3.Connection, account: Account, from_ms: int, until_ms: int
) -> Iterator[BookingRow]:
    """What was booked in [from_ms, until_ms) for days whose month was locked before."""
    values = str(account), from_ms, until_ms
    for row in connection.execute(f"{_BOOKINGS} {_AFTER_LOCK}", values):
        yield _read(BookingRow, row)


def _read(kind: type[R], stored: tuple[object, ...]) -> R:
    fields = dict(zip(kind.__struct_fields__, stored, strict=True))
    return msgspec.convert(fields, kind, strict=False)
