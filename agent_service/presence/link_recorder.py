"""Recording that a link was lost or is back, or lost for too long, if that is still so when the
writer comes to it."""

import sqlite3
from collections.abc import Callable

from agent_service.ledger.append import Appender
from agent_service.presence.projector import PresenceProjector
from agent_service.presence.watch import Done
from agent_service.writer import Outcome, Writer
from protocol.facts.agent import State
from protocol.facts.session import LinkBack, LinkLost, SignedOffByService
from protocol.wire.sync import Link


class LinkRecorder:
    """Hands the facts to the writer."""

    def __init__(self, writer: Writer, appender: Appender, presence: PresenceProjector) -> None:
        self._writer = writer
        self._appender = appender
        self._presence = presence

    def lost(
        self, agent: str, session: str, last_heard_ms: int | None, now_ms: int, done: Done
    ) -> None:
        """Record that a link is lost, unless it is known or the agent has signed off."""

        def work(connection: sqlite3.Connection) -> None:
            row = self._presence.of(agent)
            if row is None or row.session != session or row.link is Link.OFFLINE:
                return
            if row.state is not State.LOGGED_OFF:
                heard_ms = last_heard_ms or self._last_fact(connection, session) or now_ms
                self._appender.record(connection, LinkLost(agent, session, heard_ms))

        self._writer.submit(_LinkJob(work, done))

    def back(self, agent: str, session: str, done: Done) -> None:
        """Record that a link is back, if it was lost."""

        def work(connection: sqlite3.Connection) -> None:
            row = self._presence.of(agent)
            if row is not None and row.session == session and row.link is Link.OFFLINE:
                self._appender.record(connection, LinkBack(agent, session))

        self._writer.submit(_LinkJob(work, done))

    def signed_off(self, agent: str, session: str, done: Done) -> None:
        """Record that somebody is taken for signed out, if still signed in and not heard."""

        def work(connection: sqlite3.Connection) -> None:
            row = self._presence.of(agent)
            if row is None or row.session != session or row.link is Link.ONLINE:
                return
            if row.signed_in:
                self._appender.record(connection, SignedOffByService(agent, session))

        self._writer.submit(_LinkJob(work, done))

    def _last_fact(self, connection: sqlite3.Connection, session: str) -> int | None:
        """When the session's latest fact was received: all that is known of one that was not
        heard since the service started."""
        known = self._appender.session(connection, session)
        return None if known is None else known.heard_ms


class _LinkJob:
    """One such fact on its way to the disk."""

    weight = 1

    def __init__(self, work: Callable[[sqlite3.Connection], None], done: Done) -> None:
        self.work = work
        self._done = done

    def settle(self, outcome: Outcome) -> None:
        self._done(not isinstance(outcome, Exception))
