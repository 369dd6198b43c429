"""The entries of sessions, as they are stored."""

import msgspec

from agent_service.ledger.timing import not_after
from protocol.facts.record import MalformedFact, kind_of, read_fact
from protocol.rules.placing import Timed, Told, Unread

_OF_STATES = "agent."
"""How the kinds begin that may change an agent's state."""


class Read(msgspec.Struct, frozen=True, gc=False):
    """One entry of a session."""

    timed: Timed
    received_ms: int


def read_entry(
    occurred_ms: int | None, mono_ms: int, received_ms: int, payload: bytes
) -> Read | None:
    """An entry as it is stored. None for a kind that this version does not know and that is none
    of the agent's state's: it tells nothing of what is shown."""
    fact = _fact(payload)
    if fact is None:
        return None
    return Read(Timed(not_after(occurred_ms, received_ms), mono_ms, fact), received_ms)


def _fact(payload: bytes) -> Told | None:
    try:
        fact = read_fact(payload)
        may_be_a_state = fact is None and kind_of(payload).startswith(_OF_STATES)
    except MalformedFact:
        return Unread()
    return Unread() if may_be_a_state else fact
