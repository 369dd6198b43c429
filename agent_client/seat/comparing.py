"""What the service still has of this desk's facts, asked on every connection.

A service that was restored from a backup has less than it once acknowledged: that is sent again.
Sessions that it does not know at all wait until their person is signed in and vouches for them.
"""

import logging
from collections.abc import Awaitable, Callable

from agent_client.seat.outbox import Outbox
from protocol.wire import codec, sync
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

MakeRequest = Callable[[int], codec.SeatMessage]
Ask = Callable[[MakeRequest], Awaitable[codec.ServiceMessage]]


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
        witness = self._outbox.witness()
        if not newest:
            return frozenset()
        names = tuple(each.id for each in newest)
        try:
            answer = await ask(
                lambda id_: sync.Compare(id_, names, sync.Witness(*witness) if witness else None)
            )
        except Refused as refused:
            if refused.code != Code.UNKNOWN_COMMAND:
                raise
            _log.warning("the service is of an older version and can't be compared with")
            return frozenset()
        assert isinstance(answer, sync.Compared)
        for each in newest:
            self._rewind(each.id, each.acked, answer.marks.get(each.id, 0))
        self._judge(answer.witness, witness)
        return frozenset(name for name in names if name not in answer.marks)

    async def claim(self, ask: Ask, unknown: frozenset[str]) -> None:
        """Vouch for sessions that the service does not know. Raises `Refused`."""
        unsent = tuple(each.id for each in self._outbox.unsent_sessions() if each.id in unknown)
        if unsent:
            _log.warning("the service does not know %d sessions of this desk", len(unsent))
            await ask(lambda id_: sync.Claim(id_, unsent))

    def _rewind(self, session: str, acked: int, mark: int) -> None:
        if mark >= acked:
            return
        _log.warning("the service has session %s up to %d of %d", session, mark, acked)
        try:
            self._outbox.rewind(session, mark)
        except Refused as refused:
            _log.error("what the service lacks could not be noted: %s", refused)

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
