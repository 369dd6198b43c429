"""The seat's memory of its calls: the fold of `calls`, kept up with the disk."""

import asyncio
import logging
from contextlib import closing
from pathlib import Path

import msgspec

from agent_client.seat.calls import CallLog
from agent_client.seat.history import history
from agent_client.seat.outbox import Outbox, Session
from protocol.facts.session import SessionAnchored
from protocol.rules.placing import Placed
from protocol.wire.errors import Refused

_log = logging.getLogger(__name__)

FAMILIES = ("call.", "session.")
"""What is told of calls, and of the clock that they are placed by."""


class _Read(msgspec.Struct):
    """All calls up to fact `seen` of session number `session`."""

    log: CallLog
    session: int = 0
    seen: int = 0
    unplaced: bool = False
    """Whether any has no instant: a later anchor may give it one."""


class CallMemory:
    """Reads what is new on the disk whenever it is asked."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._read: _Read | None = None

    @property
    def log(self) -> CallLog:
        """All calls that the disk tells of. Raises `Refused(DISK_FAILED)`."""
        read = self._read = self._up_to_date()
        return read.log

    async def read(self, file: Path) -> None:
        """Read the whole of the outbox beside the event loop: two weeks of calls take longer than
        a call should wait. Where it can't be read, who asks next is told."""
        try:
            self._read = await asyncio.to_thread(_read_beside, file)
        except Refused as refused:
            _log.error("the calls could not be read: %s", refused)

    def _up_to_date(self) -> _Read:
        read, present = self._read, self._outbox.present
        if read is None:
            return _read_all(self._outbox)
        if present is None or (present.number, present.last_seq) == (read.session, read.seen):
            return read
        for each in self._outbox.sessions():
            if each.number < read.session:
                continue
            after = read.seen if each.number == read.session else 0
            new = [timed for _, timed in self._outbox.timed(each, after, FAMILIES)]
            if read.unplaced and any(isinstance(timed.fact, SessionAnchored) for timed in new):
                return _read_all(self._outbox)
            _take(read, each, [(timed.occurred_ms, timed.fact) for timed in new])
        return read


def _read_all(outbox: Outbox) -> _Read:
    read, sessions = _Read(CallLog()), outbox.sessions()
    for session, placed in zip(sessions, history(outbox, sessions, FAMILIES), strict=True):
        _take(read, session, placed)
    return read


def _take(read: _Read, session: Session, placed: list[Placed]) -> None:
    for at_ms, fact in placed:
        read.log.take(at_ms, fact)
        read.unplaced = read.unplaced or at_ms is None
    read.session, read.seen = session.number, session.last_seq


def _read_beside(file: Path) -> _Read:
    """With a connection of its own: each belongs to one thread."""
    with closing(Outbox(file)) as outbox:
        return _read_all(outbox)
