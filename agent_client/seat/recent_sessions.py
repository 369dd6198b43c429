"""The sessions of the last days on this desk, with the facts that a day is made of: read from the
disk once, and then only what is new."""

import msgspec

from agent_client.seat.outbox import Outbox, Session
from protocol.rules.day_segments import SessionFacts
from protocol.rules.placing import Timed, Unread, place

_FAMILIES = ("agent.", "session.")
"""The facts that make a day's segments. Of the others the last is a sign that the seat ran."""
_LONGEST_MS = 4 * 24 * 3600 * 1000
"""Sessions that ended longer ago matter to no day that is computed here."""


class _Read(msgspec.Struct):
    """What is read of a session."""

    seq: int = 0
    facts: list[Timed] = []
    last: Timed | None = None
    """The last one of another family, if it came after all of `facts`."""

    def take(self, seq: int, timed: Timed) -> None:
        """The next fact."""
        self.seq = seq
        if isinstance(timed.fact, Unread) or _kind(timed).startswith(_FAMILIES):
            self.facts.append(timed)
            self.last = None
        else:
            self.last = timed


class RecentSessions:
    """Grows with the outbox."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._read: dict[str, _Read] = {}

    def facts(self, now_ms: int) -> list[SessionFacts]:
        """Session after session, each fact with the instant that can be known."""
        recent = [
            each
            for each in self._outbox.sessions()
            if each.alive_ms is None or each.alive_ms > now_ms - _LONGEST_MS
        ]
        self._read = {each.id: self._read.get(each.id, _Read()) for each in recent}
        told = [self._up_to_date(each) for each in recent]
        placed = iter(place(timed for facts in told for timed in facts))
        return [
            SessionFacts(each.id, [next(placed) for _ in facts])
            for each, facts in zip(recent, told, strict=True)
        ]

    def _up_to_date(self, session: Session) -> list[Timed]:
        known = self._read[session.id]
        if known.seq < session.last_seq:
            for seq, timed in self._outbox.timed(session, known.seq):
                known.take(seq, timed)
        return known.facts if known.last is None else [*known.facts, known.last]


def _kind(timed: Timed) -> str:
    return str(timed.fact.__struct_config__.tag)
