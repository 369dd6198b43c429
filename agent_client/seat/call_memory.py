"""The seat's memory of its calls: the fold of `calls`, kept up with the disk."""

from agent_client.seat.calls import CallLog
from agent_client.seat.history import history
from agent_client.seat.outbox import Outbox
from protocol.facts.session import SessionAnchored


class CallMemory:
    """Reads what is new on the disk whenever it is asked."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._log: CallLog | None = None
        self._session = 0
        self._seen = 0

    @property
    def log(self) -> CallLog:
        """All calls that the disk tells of. Raises `Refused(DISK_FAILED)`."""
        present = self._outbox.present
        if self._log is None or (present is not None and present.number != self._session):
            return self._read_all()
        if present is None or present.last_seq == self._seen:
            return self._log
        new = self._outbox.timed(present, self._seen)
        if any(isinstance(timed.fact, SessionAnchored) for _, timed in new):
            return self._read_all()  # what had no instant may have one after it
        for _, timed in new:
            self._log.take(timed.occurred_ms, timed.fact)
        self._seen = present.last_seq
        return self._log

    def _read_all(self) -> CallLog:
        sessions = self._outbox.sessions()
        placed = history(self._outbox, sessions)
        self._log = CallLog(fact for each in placed for fact in each)
        last = sessions[-1] if sessions else None
        self._session, self._seen = (last.number, last.last_seq) if last else (0, 0)
        return self._log
