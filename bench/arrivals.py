"""A floor's facts as they go on coming: changes of state of whoever it is, at a steady pace."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec

from agent_service.ledger.admission import admit
from agent_service.ledger.append import Appender, Batch, Clock
from agent_service.tables import empty_projections, ledger_of, open_current
from bench.shifts import number_of
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import Record, encode_fact

FACTS_PER_AGENT_HOUR = 80
"""12 calls of 6 facts, and 8 changes of state."""
_STATES = (
    StateEntered(State.READY, "ready", "agent"),
    StateEntered(State.TALK, "answered", "agent"),
    StateEntered(State.ACW, "call_ended", "agent"),
    StateEntered(State.NOT_READY, "agent", "agent", Reason.REST),
)


class Arrivals:
    """Writes beside whoever reads."""

    def __init__(self, data: Path, agents: int, day: date) -> None:
        self._opened = open_current(data)
        self.connection = self._opened.conn
        self._now_ms = 0
        clock = Clock(lambda: self._now_ms, lambda: self._now_ms)
        ledger = ledger_of(self.connection, data)
        self._appender = Appender(ledger, "arrivals", clock, empty_projections())
        self._appender.load(self.connection)
        self._agents = agents
        self._day = day
        self._draw = random.Random(1)  # noqa: S311 - a bench repeats itself

    def bring(self, facts: int, now_ms: int) -> None:
        """So many, in one commit."""
        self._now_ms = now_ms
        with self._committed():
            for _ in range(facts):
                self._bring_one(number_of(self._draw.randrange(self._agents)))

    def close(self) -> None:
        """No more come."""
        self._opened.close()

    def _bring_one(self, number: str) -> None:
        name = f"{number}-{self._day.isoformat()}"
        session = self._appender.session(self.connection, name)
        if session is None:
            return
        body = msgspec.Raw(encode_fact(self._draw.choice(_STATES)))
        now_ms = self._now_ms
        record = Record(
            seq=session.mark + 1, occurred_ms=now_ms, wall_ms=now_ms, mono_ms=now_ms, body=body
        )
        batch = Batch(name, session.desk, now_ms, admit(name, (record,)))
        self._appender.append(self.connection, batch)

    @contextmanager
    def _committed(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        yield
        self._appender.flush(self.connection)
        self.connection.execute("COMMIT")
        self._appender.committed()
