"""People of a database from before they were facts: they become facts, once.

The migration moved them to `carried_staff`, since a step of SQL can't write on the chain;
whoever brings a database up to this version calls `carry_over` next, in the same transaction.
"""

import sqlite3
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from agent_service.accounts.staff import OPERATOR
from agent_service.ledger.append import Appender, Clock
from agent_service.ledger.projection import Projection
from protocol.facts.staff import Group, MembershipSet, PersonAdded


def carry_over(
    connection: sqlite3.Connection, ledger: str, projections: Sequence[Projection]
) -> None:
    """Record everybody who waits, in the team for as long as the ledger exists. The transaction
    is the caller's."""
    people = connection.execute("SELECT number, name, team, roles FROM carried_staff").fetchall()
    if not people:
        return
    (created_ms,) = connection.execute("SELECT created_ms FROM ledger").fetchone()
    created = datetime.fromtimestamp(created_ms / 1000, UTC).date()
    since = created - timedelta(days=1)  # whatever the site's zone, it was no earlier there
    clock = Clock(lambda: time.time_ns() // 1_000_000, lambda: time.monotonic_ns() // 1_000_000)
    appender = Appender(ledger, str(uuid.uuid4()), clock, projections)
    appender.load(connection)
    for number, name, team, roles in people:
        fact = PersonAdded(number, name, tuple(sorted(roles.split())), OPERATOR)
        appender.record(connection, fact)
        if team:
            member = MembershipSet(number, Group.TEAM, team, since, OPERATOR)
            appender.record(connection, member)
    appender.flush(connection)
    connection.execute("DELETE FROM carried_staff")
