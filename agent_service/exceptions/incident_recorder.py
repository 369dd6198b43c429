"""Confirming incidents: in the writer's thread, so that one act confirms one."""

import sqlite3

from agent_service.exceptions.incidents import IncidentProjector
from agent_service.ledger.append import Appender
from protocol.facts.shift import IncidentConfirmed


class IncidentRecorder:
    """Records them."""

    def __init__(self, appender: Appender, incidents: IncidentProjector) -> None:
        self._appender = appender
        self._incidents = incidents

    def confirm(self, connection: sqlite3.Connection, fact: IncidentConfirmed) -> None:
        """Nothing when the same act comes again."""
        if self._incidents.find(connection, fact.incident) is None:
            self._appender.record(connection, fact)
