"""Taking over the rules of the settings, at the start of the service: from the next business date
on, so that no day is counted by two of them."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from agent_service.day_rules import store
from agent_service.ledger.append import Appender
from agent_service.log import fields
from protocol.facts.shift import RulesAdopted
from protocol.rules import day_rules
from protocol.rules.day_rules import DayRules

_log = logging.getLogger(__name__)

FIRST_DAY = date(2000, 1, 1)
"""Since when the first rules hold, so that days before the service have some too."""


class RulesAdopter:
    """Compares what is set with what was adopted."""

    def __init__(self, appender: Appender, rules: DayRules, today: Callable[[], date]) -> None:
        """`today` tells the date at the site."""
        self._appender = appender
        self._rules = rules
        self._today = today

    def adopt(self, connection: sqlite3.Connection) -> None:
        """Record the rules if they are others than before. In the writer's thread, before
        anything else: what is on the disk is all there is."""
        last = store.last_adopted(connection)
        if last is not None and not store.is_readable(last):
            _log.warning("rules_unreadable", extra=fields(version=last.version, since=last.since))
        version = day_rules.version(self._rules)
        if last is not None and last.version == version:
            return
        since = FIRST_DAY if last is None else self._today() + timedelta(days=1)
        values = msgspec.Raw(day_rules.encode(self._rules))
        self._appender.record(connection, RulesAdopted(version, since, values))
        _log.info("rules_adopted", extra=fields(version=version, since=since.isoformat()))
