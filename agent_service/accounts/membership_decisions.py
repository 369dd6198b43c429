"""What was decided about teams and lines, decision by decision: who belonged where as it was known
at an entry of the ledger."""

import sqlite3

import msgspec

from agent_service.accounts.memberships import Memberships, after
from agent_service.accounts.projector import memberships_of, memberships_of_all
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from agent_service.persons.store import EVER
from protocol.facts.record import AnyFact, encode_fact
from protocol.facts.staff import MembershipEnded, MembershipSet

_Decision = MembershipSet | MembershipEnded
_OF_ALL = """
    SELECT agent, decision FROM membership_decision
    WHERE position <= :upto ORDER BY position
"""
_OF_ONE = """
    SELECT agent, decision FROM membership_decision
    WHERE agent = :agent AND position <= :upto ORDER BY position
"""
_decisions = msgspec.json.Decoder(_Decision)


class DecidedMembership(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    position: int
    """The entry that it comes of."""
    agent: str
    decision: str
    """The fact, as JSON."""


class MembershipDecisions(KeyedProjection[DecidedMembership]):
    """Every decision, in order."""

    def __init__(self) -> None:
        facts = (MembershipSet, MembershipEnded)
        super().__init__("membership_decision", DecidedMembership, 1, facts)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Each is a row."""
        if entry.agent != SERVICE or not isinstance(fact, _Decision):
            return None
        return (str(entry.position),)

    def is_new(self, fact: AnyFact) -> bool:
        """A decision is told once."""
        return True

    def folded(
        self, row: DecidedMembership | None, entry: Entry, fact: AnyFact
    ) -> DecidedMembership | None:
        """The decision as it came."""
        if not isinstance(fact, _Decision):
            return row
        return DecidedMembership(entry.position, fact.agent, encode_fact(fact).decode())


def memberships_as_of(
    connection: sqlite3.Connection, upto: int, agent: str | None = None
) -> dict[str, Memberships]:
    """Somebody's memberships, or everybody's, as they were known at the ledger's entry `upto`."""
    if upto == EVER:
        if agent is None:
            return memberships_of_all(connection)
        return {agent: memberships_of(connection, agent)}
    found: dict[str, Memberships] = {}
    query = _OF_ALL if agent is None else _OF_ONE
    for number, decision in connection.execute(query, {"upto": upto, "agent": agent}):
        found[number] = after(found.get(number, ()), _decisions.decode(decision))
    return found
