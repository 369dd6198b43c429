"""What the service remembers of calls."""

from collections.abc import Callable
from datetime import UTC, datetime

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.calls import store
from agent_service.calls.numbers import normalise
from agent_service.calls.row import CallRow
from agent_service.dispatch import Standing, handles
from agent_service.reader import Reader
from agent_service.session import Conversation
from protocol.rules.permissions import LEADS
from protocol.wire.calls import PastCall, Recall, Recalled
from protocol.wire.session import Person, Role

_LONGEST = 256
"""Characters of what is unchecked: a number that is asked for, a call's name."""


class CallHandlers:
    """Asked by a seat while a call rings."""

    def __init__(
        self, reader: Reader, allowance: Allowance, find: Callable[[str], Person | None]
    ) -> None:
        """`find` tells who has a staff number today."""
        self._reader = reader
        self._allowance = allowance
        self._find = find

    @handles(Recall, Standing.PERSON, (Role.AGENT, *LEADS))
    async def recall(self, peer: Conversation, message: Recall) -> Recalled:
        """The newest calls with a number, whoever took them. It does not go out again."""
        asker(peer, self._allowance)
        number = normalise(message.peer[:_LONGEST])
        if not number:
            return Recalled(message.id, ())
        rows = await self._reader.run(lambda connection: store.with_number(connection, number))
        return Recalled(message.id, tuple(self._past(row) for row in rows))

    def _past(self, row: CallRow) -> PastCall:
        person = self._find(row.agent)
        return PastCall(
            at=_instant(row.at_ms),
            direction=row.direction or "",
            agent=row.agent,
            agent_name="" if person is None else person.name,
            answered=row.answered,
            talk_s=row.talk_s,
            line=row.line,
            category=row.category,
            outcome=row.outcome,
            note=row.note,
            promised=_instant(row.promised_ms),
            call_id=row.call_id[:_LONGEST],
        )


def _instant(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
