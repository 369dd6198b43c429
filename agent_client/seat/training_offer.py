"""The training that offers itself: between calls alone, and put off three times at most."""

from agent_client.seat.clock import Clock
from agent_client.seat.known_training import KnownTraining
from agent_client.seat.standing import Standing
from protocol.facts.agent import Reason, State
from protocol.facts.training import TrainingPostponed
from protocol.wire.errors import Code, Refused
from protocol.wire.training import MAX_POSTPONED, TrainingOffer

IDLE = frozenset({State.READY, State.NOT_READY})
_NOT_IN = frozenset({Reason.TRAINING, Reason.EXAM, Reason.AWAY})


class Offers:
    """What the service offers, and what the person says to it."""

    def __init__(self, known: KnownTraining, standing: Standing, clock: Clock) -> None:
        self._known = known
        self._standing = standing
        self._clock = clock

    def may_be_shown(self, offer: TrainingOffer | None) -> bool:
        """Never from ringing to the end of after-call work, nor to whoever is away or studies."""
        now = self._standing.agent
        return (
            offer is not None
            and not self._is_past(offer)
            and now.state in IDLE
            and now.reason not in _NOT_IN
            and not now.locked
            and not now.exam_sitting
        )

    def postpone(self) -> None:
        """Raises `Refused`."""
        offer = self._known.present().offer
        if offer is None or self._is_past(offer):
            raise Refused(Code.NO_OFFER)
        if offer.postponed >= MAX_POSTPONED:
            raise Refused(Code.POSTPONED_ENOUGH, most=MAX_POSTPONED)
        self._standing.need_disk()
        at, facts = self._clock.read(), (TrainingPostponed(offer.assignment),)
        self._standing.note(at, facts)
        self._known.wrote(facts, at.occurred_ms)

    def _is_past(self, offer: TrainingOffer) -> bool:
        now_ms = self._clock.now_ms()
        return now_ms is None or now_ms >= offer.until_ms
