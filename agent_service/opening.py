"""Opening the database at the start of the service: brought up to this version, looked at, and
read."""

import contextlib
import logging
from pathlib import Path
from typing import NamedTuple

from agent_service import database, tables
from agent_service.calls import store as calls_store
from agent_service.calls.row import CallRow
from agent_service.exceptions import store as exceptions_store
from agent_service.exceptions.row import StoredException
from agent_service.ledger import replay
from agent_service.ledger.tail import check_tail
from agent_service.log import fields
from agent_service.orders import store as orders_store
from agent_service.orders.row import OrderRow
from agent_service.presence import store as presence_store
from agent_service.presence.projector import PresenceProjector
from agent_service.presence.row import Presence

_log = logging.getLogger(__name__)

_DAY_MS = 36 * 3_600_000
"""Longer than any local day, with the calls that began before midnight."""


class Opened(NamedTuple):
    """What is on the disk at the start."""

    path: Path
    ledger: str
    rows: tuple[Presence, ...]
    calls: tuple[CallRow, ...]
    """Of the present day, and some of the day before."""
    orders: tuple[OrderRow, ...]
    """Those that wait."""
    exceptions: tuple[StoredException, ...]
    """Those that are still to be decided."""


def open_database(folder: Path, now_ms: int) -> Opened:
    """Bring the tables up to this version, look whether they can be written on, and read them.
    Raises `Refused` with `no_database`, `database_newer`, `ledger_broken` or
    `projection_differs`."""
    path = database.find(folder)
    with contextlib.closing(database.open_writer(path)) as opened:
        for step in tables.upgrade(opened, folder, _tell_upgrade):
            _log.info("database_migrated", extra=fields(step=step))
    with tables.reading(path) as (connection, ledger):
        check_tail(connection, ledger, [PresenceProjector()])
        rows = tuple(presence_store.rows(connection).values())
        yesterday = replay.position_at(connection, now_ms - _DAY_MS)
        calls = tuple(calls_store.told_since(connection, yesterday))
        orders = tuple(orders_store.waiting(connection, now_ms))
        exceptions = tuple(exceptions_store.open_ones(connection))
        return Opened(path, ledger, rows, calls, orders, exceptions)


def _tell_upgrade(done: int, entries: int) -> None:
    _log.info("tables_rebuilding", extra=fields(done=done, entries=entries))
