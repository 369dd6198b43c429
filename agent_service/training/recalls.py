"""Those who study are asked back while callers wait: recorded, and told like a lead's word. READY
stays the agent's own act. Lives in the event loop's thread."""

import asyncio
from collections.abc import Callable

from agent_service.training.news import TrainingNews
from agent_service.training.register import TrainingRegister
from agent_service.training.studying import Studying
from agent_service.writer import Writer
from protocol.rules.exceptions import SYSTEM
from protocol.wire.session import Person

_EVERY_S = 5.0


class Recalls:
    """Looks now and then."""

    def __init__(
        self,
        news: TrainingNews,
        studying: Studying,
        register: TrainingRegister,
        writer: Writer,
        find: Callable[[str], Person | None],
        recall_s: int,
        now_ms: Callable[[], int],
    ) -> None:
        self._recalled = news.recalled
        self._studying = studying
        self._register = register
        self._writer = writer
        self._find = find
        self._recall_s = recall_s
        self._now_ms = now_ms

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Ask back those whose team's service level is not kept, if nobody has asked them yet.
        Raises `Refused` with `ledger_unavailable`."""
        now_ms = self._now_ms()
        needed = [agent for agent in self._studying.studying() if self._is_needed(agent, now_ms)]
        if needed:
            until_ms = now_ms + self._recall_s * 1000
            await self._writer.run(
                lambda connection: self._register.recall(connection, needed, SYSTEM, until_ms)
            )

    def _is_needed(self, agent: str, now_ms: int) -> bool:
        person, asked = self._find(agent), self._recalled.get(agent)
        if person is None or (asked is not None and asked.is_recalled(now_ms)):
            return False
        return self._studying.is_below(person.team)
