"""Who is heard: losing and regaining a seat's link are facts of the service.

Any frame of a signed-in connection is a sign that its session is heard. Heartbeats are not
recorded; that there were none for too long is.
"""

import logging
from collections.abc import Callable
from typing import Protocol

from agent_service.ledger.append import Clock
from agent_service.log import fields
from agent_service.presence.floor import Floor
from agent_service.presence.row import Presence
from protocol.facts.agent import State
from protocol.wire.sync import Link

_log = logging.getLogger(__name__)

Done = Callable[[bool], None]
"""Called with whether it was recorded (or came to nothing), once the disk has it."""


class Recorder(Protocol):
    """Where the facts go (`presence.link_recorder`)."""

    def lost(
        self, agent: str, session: str, last_heard_ms: int | None, now_ms: int, done: Done
    ) -> None:
        """Record that a link is lost. Without `last_heard_ms` it is taken from the ledger."""

    def back(self, agent: str, session: str, done: Done) -> None:
        """Record that a link is back."""

    def signed_off(self, agent: str, session: str, done: Done) -> None:
        """Record that somebody was not heard for so long as to be taken for signed out."""


class Watch:
    """When each session was heard last, on the loop's clock."""

    def __init__(
        self,
        floor: Floor,
        recorder: Recorder,
        offline_after_s: float,
        offline_signout_s: float,
        clock: Clock,
        mono_s: Callable[[], float],
    ) -> None:
        self._floor = floor
        self._recorder = recorder
        self._offline_after_s = offline_after_s
        self._offline_signout_s = offline_signout_s
        self._clock = clock
        self._mono_s = mono_s
        self._started_s = mono_s()
        self._heard_s: dict[str, float] = {}
        self._signing_off: set[str] = set()
        self._lost = {row.session for row in floor.rows.values() if row.link is Link.OFFLINE}

    def heard(self, agent: str, session: str) -> None:
        """A frame came. What is in it is recorded after the return of the link."""
        self._heard_s[session] = self._mono_s()
        if session not in self._lost:
            return
        self._lost.discard(session)
        _log.info("link_back", extra=fields(agent=agent))

        def done(recorded: bool) -> None:
            if not recorded:
                self._lost.add(session)

        self._recorder.back(agent, session, done)

    def look(self) -> None:
        """Record the loss of every signed-in seat that was silent for too long. After a start
        of the service all have that time to come back."""
        latest = {row.session for row in self._floor.rows.values()}
        self._lost &= latest
        self._heard_s = {key: at for key, at in self._heard_s.items() if key in latest}
        now_s = self._mono_s()
        for row in self._floor.rows.values():
            if row.link is Link.OFFLINE and row.signed_in:
                self._sign_off(row)
            if row.state is State.LOGGED_OFF or row.session in self._lost:
                continue
            silent_s = now_s - self._heard_s.get(row.session, self._started_s)
            if silent_s > self._offline_after_s:
                self._lose(row, silent_s)

    def _lose(self, row: Presence, silent_s: float) -> None:
        _log.info("link_lost", extra=fields(agent=row.agent, silent_s=round(silent_s)))
        self._lost.add(row.session)

        def done(recorded: bool) -> None:
            if not recorded:
                self._lost.discard(row.session)

        now_ms = self._clock.now_ms()
        heard = row.session in self._heard_s
        last_heard_ms = now_ms - round(silent_s * 1000) if heard else None
        self._recorder.lost(row.agent, row.session, last_heard_ms, now_ms, done)

    def _sign_off(self, row: Presence) -> None:
        """Whoever was not heard for hours has gone home, as far as anybody knows."""
        silent_ms = self._clock.now_ms() - (row.last_heard_ms or 0)
        if silent_ms < self._offline_signout_s * 1000 or row.session in self._signing_off:
            return
        self._signing_off.add(row.session)
        self._recorder.signed_off(
            row.agent, row.session, lambda _: self._signing_off.discard(row.session)
        )
