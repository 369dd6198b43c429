"""Sessions that a desk asks for: how far they are recorded, and whether their facts may come."""

import sqlite3
from collections.abc import Sequence

from agent_service.ledger.append import Appender
from protocol.facts.session import SessionAdmitted
from protocol.wire.errors import Code
from protocol.wire.sync import Witness, WitnessSeen


def marks(connection: sqlite3.Connection, desk: str, sessions: Sequence[str]) -> dict[str, int]:
    """The last number recorded of each session of this desk: 0 for one that has only begun. Others
    are left out."""
    asked = ", ".join("?" * len(sessions))
    rows = connection.execute(
        f"SELECT session, mark FROM session WHERE desk = ? AND session IN ({asked})",  # noqa: S608 - marks
        (desk, *sessions),
    )
    return dict(rows.fetchall())


def look_up(connection: sqlite3.Connection, witness: Witness) -> WitnessSeen:
    """What the chain holds where an ack once told its head."""
    row = connection.execute(
        "SELECT hash FROM entry WHERE position = ?", (witness.position,)
    ).fetchone()
    if row is None:
        return WitnessSeen.MISSING if witness.position > 0 else WitnessSeen.DIFFERENT
    return WitnessSeen.SAME if row[0].hex() == witness.head else WitnessSeen.DIFFERENT


def admit(
    connection: sqlite3.Connection,
    appender: Appender,
    agent: str,
    desk: str,
    sessions: Sequence[str],
) -> dict[str, str]:
    """Let the agent's sessions speak from this desk: those that the ledger does not know, and
    those of the desk that this one was before it was enrolled again. In the writer's thread.

    Returns the sessions that may not, each with its code: those of somebody else
    (`not_your_session`).
    """
    refused: dict[str, str] = {}
    for session in dict.fromkeys(sessions):
        known = appender.session(connection, session)
        if known is not None and known.agent != agent:
            refused[session] = Code.NOT_YOUR_SESSION
        elif known is None or known.desk != desk:
            appender.record(connection, SessionAdmitted(agent, desk, session))
    return refused
