"""What each person who is signed in is told of exams: pushed at the sign-in, and again when it is
something else. Lives in the event loop's thread."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial

from agent_service.exams.news import ExamNews
from agent_service.exams.own_read import (
    WaitingEssay,
    open_exams,
    unseen_results,
    waiting_essays,
)
from agent_service.exams.papers import Papers
from agent_service.exams.row import StoredIssue
from agent_service.handover.disk import Disk
from agent_service.requests.permits import Find
from protocol.rules.permissions import teaches
from protocol.wire.exams import OwnExams

_EVERY_S = 2.0
_SOON_S = 0.1
"""After a commit or a sign-in: others that come with it are told at once with it."""
_AT_ONCE = 50
"""People of one reading: others want the disk too."""

Push = Callable[[str, OwnExams], None]
"""Sends to somebody's seat, if it is connected."""


class OwnExamsTeller:
    """Follows the commits, and the clock: windows open and close."""

    def __init__(
        self,
        news: ExamNews,
        reader: Disk,
        find: Find,
        signed_in: Callable[[], Iterable[str]],
        push: Push,
        now_ms: Callable[[], int],
    ) -> None:
        self._news = news
        self._reader = reader
        self._find = find
        self._signed_in = signed_in
        self._push = push
        self._now_ms = now_ms
        self._papers = Papers()
        self._told: dict[str, OwnExams] = {}
        self._new: set[str] = set()
        self._essays: dict[str, tuple[WaitingEssay, ...]] = {}
        """By issue, where there are any."""
        self._wake = asyncio.Event()
        news.changed = self._wake.set

    async def run(self) -> None:
        """Look now and then, and soon after a commit, until cancelled."""
        while True:
            await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):  # 3.11's `wait_for` can swallow a cancel
                    await self._wake.wait()
                await asyncio.sleep(_SOON_S)
            self._wake.clear()

    def greet(self, agent: str) -> None:
        """Tell somebody who has just signed in, soon."""
        self._told.pop(agent, None)
        self._new.add(agent)
        self._wake.set()

    async def look(self) -> None:
        """Tell everybody for whom something changed. What can't be read now is read again."""
        self._news.turn(self._now_ms())
        agents, self._new = self._new | self._news.take_agents(), set()
        issues = self._news.take_essays()
        present = set(self._signed_in())
        self._told = {agent: told for agent, told in self._told.items() if agent in present}
        try:
            if issues:
                await self._count(issues)
                agents |= {agent for agent in present if self._is_marker(agent)}
            await self._tell(sorted(agents & present))
        except BaseException:
            self._new |= agents
            self._news.again(issues)
            raise

    async def _count(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            issue = self._news.issues.get(name)
            if issue is None:
                continue
            found = await self._reader.run(
                partial(waiting_essays, papers=self._papers, issue=issue)
            )
            self._essays.pop(name, None)
            if found:
                self._essays[name] = found

    async def _tell(self, agents: list[str]) -> None:
        for start in range(0, len(agents), _AT_ONCE):
            some = agents[start : start + _AT_ONCE]
            found = await self._reader.run(
                partial(
                    self._read,
                    given={agent: self._news.given_to(agent) for agent in some},
                    now_ms=self._now_ms(),
                )
            )
            for agent, own in found.items():
                self._send(agent, own)

    def _read(
        self,
        connection: sqlite3.Connection,
        given: dict[str, list[StoredIssue]],
        now_ms: int,
    ) -> dict[str, OwnExams]:
        return {
            agent: OwnExams(
                open_exams(connection, self._papers, issues, agent, now_ms),
                unseen_results(connection, self._papers, agent, now_ms),
            )
            for agent, issues in given.items()
        }

    def _send(self, agent: str, own: OwnExams) -> None:
        if self._is_marker(agent):
            essays = (each for some in self._essays.values() for each in some)
            waiting = sum(each.waits_for(agent) for each in essays)
            own = OwnExams(own.open, own.told, waiting)
        if self._told.get(agent) != own:
            self._told[agent] = own
            self._push(agent, own)

    def _is_marker(self, agent: str) -> bool:
        person = self._find(agent)
        return person is not None and teaches(person)
