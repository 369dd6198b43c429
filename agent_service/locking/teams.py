"""Which team somebody was in: of a locked month, as far as it was known when it was locked."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from agent_service.accounts.membership_decisions import memberships_as_of
from agent_service.accounts.memberships import Memberships, team_on
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.persons.store import EVER


class Teams:
    """Of one person, or of all. Each month is read once."""

    def __init__(self, connection: sqlite3.Connection, agent: str | None = None) -> None:
        self._connection = connection
        self._agent = agent
        self._months: dict[str, Mapping[str, Memberships]] = {}

    def on(self, agent: str, day: date) -> str:
        """The team on a day; empty: none."""
        return team_on(self.of(month_of(day)).get(agent, ()), day)

    def of(self, month: str) -> Mapping[str, Memberships]:
        """Memberships by staff number as they count in a month such as 2026-11."""
        if month not in self._months:
            lock = lock_of(self._connection, month)
            upto = EVER if lock is None else lock.position
            self._months[month] = memberships_as_of(self._connection, upto, self._agent)
        return self._months[month]
