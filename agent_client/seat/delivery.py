"""Delivering facts: undelivered older sessions first, each in order, a bounded way ahead of the
acknowledgements."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed

from agent_client.seat.outbox import Outbox, Session
from protocol.facts.record import Record, kind_of
from protocol.wire import codec, session, sync
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

BATCH = 256
AHEAD = 4 * BATCH
"""Facts that may be on their way at once."""
BATCH_BYTES = codec.MAX_FRAME_BYTES // 2
ENVELOPE_BYTES = 200
"""A record without its fact, at the most."""
DISK_RETRY_S = 1.0

_UNWELCOME = frozenset({Code.NOT_YOUR_SESSION, Code.MALFORMED_FACT, Code.FACT_NOT_YOURS})
"""Refusals of one session's facts, which sending them again at once would not change."""

Send = Callable[[sync.Append], Awaitable[None]]


class Delivery:
    """Sends what the outbox holds over whichever connection there is."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._wake = asyncio.Event()
        self._sent: dict[str, int] = {}
        self._refused: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self.unknown: frozenset[str] = frozenset()
        """Sessions that the service does not know: nothing of them is sent before they are
        claimed."""

    def start(self, send: Send, unknown: frozenset[str] = frozenset()) -> None:
        """Deliver over a new connection, from the last acknowledgement on."""
        self.stop()
        self._sent, self._refused, self.unknown = {}, set(), unknown
        self._wake.set()
        self._task = asyncio.create_task(self._deliver(send))

    def stop(self) -> None:
        """The connection is gone."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def wake(self) -> None:
        """There are new facts on the disk."""
        self._wake.set()

    def welcome_again(self) -> None:
        """The service knows more of us than before: what it would not take, it may take now."""
        self._refused.clear()
        self._wake.set()

    def hold(self, session: str) -> None:
        """A session began of which the service knows nothing yet."""
        self.unknown |= {session}

    def release(self, sessions: frozenset[str]) -> None:
        """The service knows these sessions."""
        self.unknown -= sessions
        self._wake.set()

    def held_back(self) -> int:
        """How many facts on this disk the service has refused."""
        if not self._refused:
            return 0
        refused = (each for each in self._outbox.unsent_sessions() if each.id in self._refused)
        return sum(each.last_seq - each.acked for each in refused)

    def acknowledged(self, ack: sync.Ack) -> None:
        """The service has them on its disk. When this disk can't note it, they are sent again
        some day, which does no harm."""
        try:
            self._outbox.acknowledge(ack)
        except Refused as refused:
            _log.error("an acknowledgement was not noted: %s", refused)
        self._wake.set()

    def refused(self, error: session.Error) -> bool:
        """The service would not take facts. Returns whether the others may go on.

        Of a session that it does not want it gets no more over this connection; they stay on
        this disk. A service that lost facts (restored from a backup) names the number it
        expects: what lies above counts as unsent, and the connection has to begin anew.
        """
        expected, which = error.params.get("expected"), error.params.get("session")
        if not isinstance(which, str):
            return False
        if error.code == Code.SEQUENCE_GAP and isinstance(expected, int):
            self._outbox.rewind(which, max(0, expected - 1))
        elif error.code in _UNWELCOME:
            self._hold_back(which, error.code)
        return which in self._refused

    def _hold_back(self, which: str, code: str) -> None:
        """Nothing more of a session over this connection; the log says what that is."""
        self._sent.pop(which, None)
        if which in self._refused:
            return
        self._refused.add(which)
        for each in self._outbox.unsent_sessions():
            if each.id == which:
                records = self._outbox.records(each, each.acked, each.last_seq)
                kinds = Counter(kind_of(record.body) for record in records)
                _log.error("held back of session %s (%s): %s", which, code, dict(kinds))

    async def _deliver(self, send: Send) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._deliver_all(send)
            except ConnectionClosed:
                return
            except Refused as refused:
                _log.error("facts could not be read: %s", refused)
                await asyncio.sleep(DISK_RETRY_S)
                self._wake.set()

    async def _deliver_all(self, send: Send) -> None:
        """Send what may be sent now, the oldest session first."""
        pending = [each for each in self._outbox.unsent_sessions() if self._wanted(each.id)]
        room = AHEAD - sum(self._position(each) - each.acked for each in pending)
        for each in pending:
            while room > 0 and self._position(each) < each.last_seq and self._wanted(each.id):
                records = self._outbox.records(each, self._position(each), min(BATCH, room))
                records = _in_one_frame(records)
                await send(sync.Append(each.id, records))
                self._sent[each.id] = records[-1].seq
                room -= len(records)

    def _wanted(self, session: str) -> bool:
        return session not in self._refused and session not in self.unknown

    def _position(self, each: Session) -> int:
        """How far a session is sent over this connection."""
        return max(each.acked, self._sent.get(each.id, 0))


def _in_one_frame(records: tuple[Record, ...]) -> tuple[Record, ...]:
    """As many of the first as the service takes in one message, and one at least."""
    size = 0
    for count, record in enumerate(records):
        size += len(memoryview(record.body)) + ENVELOPE_BYTES
        if count and size > BATCH_BYTES:
            return records[:count]
    return records
