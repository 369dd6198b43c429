"""Who asks, of those who are signed in."""

from agent_service.allowance import Allowance
from agent_service.session import Conversation
from protocol.wire.session import Person


def asker(peer: Conversation, allowance: Allowance) -> Person:
    """Whoever is signed in, as the standing of the handler demands; takes one of their allowance.
    Raises `Refused` with `too_many_requests`."""
    assert peer.person is not None
    allowance.spend(peer.person.number)
    return peer.person
