"""What the service still has of this desk's facts, asked on every connection.

A service that was restored from a backup has less than it once acknowledged: that is sent again.
Sessions that it does not know at all wait until their person is signed in and vouches for them.
What neither side has any more is lost, and noted to be declared: facts that this desk let go, which
the service lost after that, and what followed facts that the service has and this desk has not,
whose records are older than it.
"""

import logging
from collections.abc import Awaitable, Callable

from agent_client.seat.outbox import Forgotten, Outbox, Session
from protocol.facts.session import FactsLost
from protocol.wire import codec, sync
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

MakeRequest = Callable[[int], codec.SeatMessage]
Ask = Callable[[MakeRequest], Awaitable[codec.ServiceMessage]]


_SHORTER = frozenset({sync.WitnessSeen.MISSING, sync.WitnessSeen.DIFFERENT})
"""A chain that still holds the newest witness holds all that was acknowledged before it, whether
or not this desk, which may have been enrolled again, is told of it."""


class Comparing:
    """Compares, and claims."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.differs = False
        """Whether the service's chain was seen not to hold what it had once acknowledged."""

    async def compare(self, ask: Ask) -> frozenset[str]:
        """Count as unsent what the service lacks. Returns the sessions that it does not know.

        Raises `Refused` with the service's code.
        """
        newest = self._outbox.sessions()[-sync.MAX_COMPARED :]
        forgotten = self._outbox.forgotten()[: sync.MAX_COMPARED - len(newest)]
        witness = self._outbox.witness()
        if not newest:
            return frozenset()
        names = (*(each.id for each in newest), *(each.id for each in forgotten))
        answer = await _compared(ask, names, sync.Witness(*witness) if witness else None)
        if answer is None:
            return frozenset()
        for each in newest:
            self._settle(each, answer.marks.get(each.id, 0))
        if answer.witness in _SHORTER:
            for gone in forgotten:
                self._miss(gone, answer.marks.get(gone.id, 0))
        self._judge(answer.witness, witness)
        return frozenset(each.id for each in newest if each.id not in answer.marks)

    async def claim(self, ask: Ask, unknown: frozenset[str]) -> None:
        """Vouch for sessions that the service does not know. What it will not have of them it
        refuses again when it is sent, and that is shown. Raises `Refused`."""
        unsent = tuple(each.id for each in self._outbox.unsent_sessions() if each.id in unknown)
        if not unsent:
            return
        _log.warning("the service does not know %d sessions of this desk", len(unsent))
        answer = await ask(lambda id_: sync.Claim(id_, unsent))
        assert isinstance(answer, sync.Claimed)
        for session, code in answer.refused.items():
            _log.error("the service refuses session %s: %s", session, code)

    def _settle(self, known: Session, mark: int) -> None:
        """The service has a session up to `mark`. Of salvaged records it may have acknowledged
        more than this desk still holds."""
        if mark > max(known.acked, known.last_seq):
            self._lose(FactsLost(known.id, mark + 1, None))
        held = max(mark, known.last_seq)
        if held < known.acked:
            self._lose(FactsLost(known.id, held + 1, known.acked))
        if mark >= known.acked:
            return
        _log.warning("the service has session %s up to %d of %d", known.id, mark, known.acked)
        try:
            self._outbox.rewind(known.id, mark)
        except Refused as refused:
            _log.error("what the service lacks could not be noted: %s", refused)

    def _miss(self, gone: Forgotten, mark: int) -> None:
        """The service has up to `mark` of a session whose facts this desk has let go."""
        if mark < gone.last_seq:
            self._lose(FactsLost(gone.id, mark + 1, gone.last_seq, gone.since_ms))

    def _lose(self, lost: FactsLost) -> None:
        try:
            if self._outbox.lose(lost):
                name, first = lost.lost_session, lost.from_seq
                _log.warning("facts of session %s are lost from number %d on", name, first)
        except Refused as refused:
            _log.error("a loss could not be noted: %s", refused)

    def _judge(self, seen: sync.WitnessSeen | None, witness: tuple[int, str] | None) -> None:
        """Say once that the chain is another; the old witnesses stay on the disk as evidence."""
        if witness is None or seen in (None, sync.WitnessSeen.SAME):
            return
        position, head = witness
        if seen is sync.WitnessSeen.DIFFERENT:
            self.differs = True
            _log.error("the ledger differs at entry %d: it was %s there", position, head)
        else:
            _log.warning("the ledger ends before entry %d, which it once acknowledged", position)
        try:
            self._outbox.dispute_witnesses()
        except Refused as refused:
            _log.error("that could not be noted: %s", refused)


async def _compared(
    ask: Ask, names: tuple[str, ...], witness: sync.Witness | None
) -> sync.Compared | None:
    """What the service answers; None from one that can't be asked. Raises `Refused`."""
    try:
        answer = await ask(lambda id_: sync.Compare(id_, names, witness))
    except Refused as refused:
        if refused.code != Code.UNKNOWN_COMMAND:
            raise
        _log.warning("the service is of an older version and can't be compared with")
        return None
    assert isinstance(answer, sync.Compared)
    return answer
