"""A fault of the organisation's that counts: pure."""

import msgspec

from protocol.facts.base import Instant


class Incident(msgspec.Struct, frozen=True, omit_defaults=True):
    """Time lost to faults in [start_ms, end_ms) is excluded."""

    incident: str
    start_ms: Instant
    end_ms: Instant
    team: str
    """Empty: the whole site."""
    actor: str
    """Who confirmed it."""
    text: str
    second: str = ""
    """Who confirmed it, too, where one person was not enough."""

    def helps(self, agent: str) -> bool:
        """Whether somebody's time is excluded: nobody decides their own case."""
        return agent not in (self.actor, self.second)
