"""A session begins: in the writer's thread, so that nobody else's can begin in between."""

import sqlite3

from agent_service.accounts import enrolment
from agent_service.ledger.append import Appender
from agent_service.presence.projector import PresenceProjector
from agent_service.presence.row import Presence
from protocol.facts.agent import State
from protocol.facts.session import SessionBegan
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link


class SessionRegistry:
    """Which session speaks for whom."""

    def __init__(self, appender: Appender, presence: PresenceProjector) -> None:
        self._appender = appender
        self._presence = presence

    def refuse_if_elsewhere(self, connection: sqlite3.Connection, agent: str, desk: str) -> None:
        """Raises `Refused` with `signed_in_elsewhere` while the person is signed in at another
        desk that can be heard. One that can't be heard is taken over."""
        row = self._presence.of(agent)
        if row is None or row.desk == desk or row.state is State.LOGGED_OFF:
            return
        if row.link is Link.ONLINE:
            raise _elsewhere(connection, row)

    def refuse_if_followed(self, connection: sqlite3.Connection, desk: str, session: str) -> None:
        """Raises `Refused` with `signed_in_elsewhere` when the person of this desk's session has
        signed in at another desk since: a token that ended so is not one that merely expired."""
        known = self._appender.session(connection, session)
        row = self._presence.of(known.agent) if known is not None and known.desk == desk else None
        if row is not None and row.desk != desk:
            raise _elsewhere(connection, row)

    def begin(self, connection: sqlite3.Connection, agent: str, desk: str, session: str) -> None:
        """Let `session` speak for the person from now on, if it does not already.

        Raises `Refused` with `not_your_session` when it is another's, or was followed by a later
        one. Changes nothing but the ledger, and that last.
        """
        known = self._appender.session(connection, session)
        if known is None:
            self._appender.record(connection, SessionBegan(agent, desk, session))
            return
        row = self._presence.of(agent)
        if (known.agent, known.desk) != (agent, desk) or row is None or row.session != session:
            raise Refused(Code.NOT_YOUR_SESSION, session=session)


def _elsewhere(connection: sqlite3.Connection, row: Presence) -> Refused:
    other = enrolment.find_desk(connection, row.desk)
    return Refused(Code.SIGNED_IN_ELSEWHERE, desk=row.desk if other is None else other.name)
