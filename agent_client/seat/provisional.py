"""A shift that begins without the service, until the service confirms it."""

import logging

import msgspec

from agent_client import CLIENT
from agent_client.seat import identity
from agent_client.seat.clock import Anchor, Clock, Reading
from agent_client.seat.history import history
from agent_client.seat.opening import anchored
from agent_client.seat.outbox import Outbox
from agent_client.seat.place import SeatPlace
from agent_client.seat.standing import Standing
from protocol.facts.agent import StateEntered
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionConfirmed
from protocol.wire.errors import Refused
from protocol.wire.session import SignedIn

_log = logging.getLogger(__name__)


class Unconfirmed(msgspec.Struct, frozen=True):
    """What the service has to be asked with; in memory alone."""

    session: str
    password: str
    take_over: bool


class Provisional:
    """Begins such a session, and confirms it."""

    def __init__(self, place: SeatPlace, outbox: Outbox, clock: Clock, standing: Standing) -> None:
        self._place = place
        self._outbox = outbox
        self._clock = clock
        self._standing = standing
        self.session: str | None = None
        """The present session, while the service has not confirmed it."""
        self.asked: Unconfirmed | None = None
        """What it is asked with; null when it has said no."""

    def begin(self, known: SignedIn, asked: Unconfirmed) -> None:
        """Begin the session of somebody whom the desk knows. Raises `Refused(DISK_FAILED)`."""
        if self._clock.anchor is None:
            self._set_clock()
        self._standing.begin(asked.session, known, CLIENT, resumed=False, provisional=True)
        self.session, self.asked = asked.session, asked

    def keep_anchor(self, anchor: Anchor) -> None:
        """For a session that begins without the service while the machine runs on."""
        try:
            identity.keep(self._place.anchor, anchor)
        except Refused as refused:
            _log.error("the clock could not be kept: %s", refused)

    def confirm(self, best: Anchor | None) -> None:
        """The service has confirmed it, and its clock is `best`."""
        self.forget()
        facts: tuple[AnyFact, ...] = (SessionConfirmed(),)
        if self._clock.anchor is None and best is not None:
            self._clock.fix(best)
            self.keep_anchor(best)
            facts = (anchored(best), *facts)
        self._standing.happened(lambda at: self._record(at, facts))

    def deny(self) -> None:
        """The service has said no: it is not asked again with the same password."""
        self.asked = None

    def forget(self) -> None:
        """There is no such session any more."""
        self.session, self.asked = None, None

    def _set_clock(self) -> None:
        """An anchor holds as long as the machine runs."""
        kept = identity.read(self._place.anchor, Anchor)
        if kept is not None and kept.boot_id and kept.boot_id == self._clock.boot_id:
            self._clock.fix(kept)

    def _record(self, at: Reading, facts: tuple[AnyFact, ...]) -> None:
        self._outbox.append(at, facts)
        self._standing.anchored(self._entered_ms())

    def _entered_ms(self) -> int | None:
        """When the present state began; null when the disk can't be read for it."""
        present = self._outbox.present
        assert present is not None
        try:
            (placed,) = history(self._outbox, [present])
        except Refused as refused:  # what was written must not be written again
            _log.error("the state's beginning could not be read: %s", refused)
            return None
        return [when for when, fact in placed if isinstance(fact, StateEntered)][-1]
