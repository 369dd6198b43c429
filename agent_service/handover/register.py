"""Handovers, put into the ledger. Lives where the appender lives: all of it is called inside a
transaction of the writer's, checks first and records last."""

import sqlite3
from collections.abc import Callable

from agent_service.handover.permits import Find, may_settle, may_take
from agent_service.handover.projector import HandoverProjector
from agent_service.handover.row import StoredHandover
from agent_service.ledger.append import Appender
from protocol.facts.handover import HandoverConfirmed, HandoverWritten, ItemSettled
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_SHOWN = 64


class HandoverRegister:
    """Handovers as the transaction sees them."""

    def __init__(self, appender: Appender, handovers: HandoverProjector, find: Find) -> None:
        self._appender = appender
        self._handovers = handovers
        self._find = find

    def write(self, connection: sqlite3.Connection, fact: HandoverWritten) -> StoredHandover:
        """A new one, or the one that has this name already."""
        if self._handovers.find(connection, fact.handover) is None:
            self._appender.record(connection, fact)
        return self._found(connection, fact.handover)

    def confirm(
        self, connection: sqlite3.Connection, name: str, actor: Person, text: str
    ) -> StoredHandover:
        """Taken over. Raises `Refused` with `unknown_handover`, `own_case`, `not_permitted` or
        `already_decided`."""
        row = self._found(connection, name)
        if row.agent == actor.number:
            raise Refused(Code.OWN_CASE)
        self._permit(may_take, actor, row)
        if row.confirmed_by == actor.number:
            return row
        if row.confirmed_by:
            raise Refused(Code.ALREADY_DECIDED)
        self._appender.record(connection, HandoverConfirmed(name, actor.number, text))
        return self._found(connection, name)

    def settle(
        self, connection: sqlite3.Connection, name: str, item: int, actor: Person, text: str
    ) -> StoredHandover:
        """One item is done. Raises `Refused` with `unknown_handover`, `not_permitted` or
        `unknown_item`."""
        row = self._found(connection, name)
        self._permit(may_settle, actor, row)
        settlers = row.settlers()
        if settlers.get(item) == actor.number:
            return row
        if item in settlers or not 0 <= item < row.count():
            raise Refused(Code.UNKNOWN_ITEM, item=item)
        self._appender.record(connection, ItemSettled(name, item, actor.number, text))
        return self._found(connection, name)

    def _permit(
        self,
        rule: Callable[[Person, StoredHandover, Find], bool],
        actor: Person,
        row: StoredHandover,
    ) -> None:
        if not rule(actor, row, self._find):
            raise Refused(Code.NOT_PERMITTED)

    def _found(self, connection: sqlite3.Connection, name: str) -> StoredHandover:
        row = self._handovers.find(connection, name)
        if row is None:
            raise Refused(Code.UNKNOWN_HANDOVER, handover=name[:_SHOWN])
        return row
