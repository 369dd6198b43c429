"""The table `placed_order`, read."""

import sqlite3

import msgspec

from agent_service.orders.row import OrderRow

_SELECT = f"SELECT {', '.join(OrderRow.__struct_fields__)} FROM placed_order"  # noqa: S608 - names of ours


def waiting(connection: sqlite3.Connection, now_ms: int) -> list[OrderRow]:
    """Orders that are neither settled nor expired, in the order in which they were placed."""
    rows = connection.execute(f"{_SELECT} WHERE outcome IS NULL AND expires_ms >= ?", (now_ms,))
    return sorted(map(_read, rows), key=lambda row: row.position)


def count_waiting(connection: sqlite3.Connection, agent: str, now_ms: int) -> int:
    """How many of them are asked of one agent."""
    (count,) = connection.execute(
        "SELECT count(*) FROM placed_order WHERE agent = ? AND outcome IS NULL AND expires_ms >= ?",
        (agent, now_ms),
    ).fetchone()
    return int(count)


def of_act(connection: sqlite3.Connection, act: str) -> list[OrderRow]:
    """Orders that one act placed."""
    return [_read(row) for row in connection.execute(f"{_SELECT} WHERE act = ?", (act,))]


def _read(stored: tuple[object, ...]) -> OrderRow:
    fields = dict(zip(OrderRow.__struct_fields__, stored, strict=True))
    return msgspec.convert(fields, OrderRow, strict=False)
