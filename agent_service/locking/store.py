"""The table `locked_month`, read."""

import sqlite3

import msgspec

from agent_service.locking.projector import LockedMonth

_NAMES = LockedMonth.__struct_fields__
_QUERY = f"SELECT {', '.join(_NAMES)} FROM locked_month WHERE month = ?"  # noqa: S608 - names of ours


def lock_of(connection: sqlite3.Connection, month: str) -> LockedMonth | None:
    """The lock of a month such as 2026-11; None while it is open."""
    found = connection.execute(_QUERY, (month,)).fetchone()
    if found is None:
        return None
    return msgspec.convert(dict(zip(_NAMES, found, strict=True)), LockedMonth, strict=False)
