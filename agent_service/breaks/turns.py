"""Whose turn it is: decided on every change and again and again, put on the disk, and told to the
seats. Nobody's state is changed here; that is the agent's own doing. Lives in the event loop's
thread."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator

from agent_service.breaks.own import own_queue, told_queue
from agent_service.breaks.places import BreakPlaces
from agent_service.breaks.recording import BreakRecorder, Deeds, Ended, Excused
from agent_service.breaks.row import PlaceRow
from agent_service.breaks.scene import Scenes
from agent_service.presence.row import Presence
from agent_service.writer import Writer
from protocol.facts.agent import State
from protocol.facts.breaks import BreakOutcome
from protocol.rules.break_queue import BreakRule, turns
from protocol.rules.exception_decisions import SECOND_OVER_MS
from protocol.wire.breaks import BreakQueue, OwnQueue
from protocol.wire.session import Person

_EVERY_S = 1.0
_SOON_S = 0.05
"""After a commit: others that come with it are looked at together with it."""
LONGEST_EXCUSE_MS = SECOND_OVER_MS
"""So much of a break that is owed is excused: what one lead could approve alone."""

Push = Callable[[str, OwnQueue], None]
"""Sends to somebody's seat, if it is connected."""
Find = Callable[[str], Person | None]


class BreakTurns:
    """Follows the commits, and the clock."""

    def __init__(
        self,
        scenes: Scenes,
        places: BreakPlaces,
        recorder: BreakRecorder,
        writer: Writer,
        signed_in: Callable[[], Iterable[str]],
        push: Push,
        find: Find,
        now_ms: Callable[[], int],
    ) -> None:
        self._scenes = scenes
        self._places = places
        self._recorder = recorder
        self._writer = writer
        self._signed_in = signed_in
        self._push = push
        self._find = find
        self._now_ms = now_ms
        self._told: dict[str, OwnQueue] = {}
        self._in_call_ms: dict[str, int] = {}
        """By place: when its agent was last seen in a call while it was granted."""
        self._news = asyncio.Event()
        self._deciding = asyncio.Lock()
        places.changed = self._news.set

    async def run(self) -> None:
        """Decide now and then, and soon after a commit, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await self._news.wait()
            await asyncio.sleep(_SOON_S)
            self._news.clear()
            if self._scenes.queued or self._places.open or self._places.to_be_excused:
                self._scenes.forget()
                await self.decide()
                self._tell()

    def greet(self, agent: str) -> None:
        """Somebody has just signed in, and is told soon."""
        self._told.pop(agent, None)
        self._news.set()

    async def decide(self) -> None:
        """Record whose turn it is now and which places are over. Raises `Refused` with
        `ledger_unavailable`; then it is decided anew the next time."""
        async with self._deciding:
            await self._scenes.read()
            self._note_calls()
            deeds = self._deeds()
            if deeds:
                await self._writer.run(
                    lambda connection: self._recorder.carry_out(connection, deeds)
                )

    def rule_of(self, team: str) -> BreakRule | None:
        """How a team's breaks are queued; null: they are not."""
        return self._scenes.rule_of(team)

    def is_there(self, agent: str) -> bool:
        """Whether somebody is signed in, as the ledger tells."""
        return self._scenes.presence(agent) is not None

    def own(self, agent: str) -> OwnQueue:
        """The queue as an agent is told of it."""
        team = self._scenes.team_of(agent)
        rule = None if team is None else self.rule_of(team)
        if team is None or rule is None:
            return OwnQueue()
        row = self._places.open.get(agent)
        until_ms = None if row is None else self._lapses_ms(row, rule)
        return own_queue(self._scenes.of(team, rule), row, until_ms)

    def queue(self, re: int, team: str, rule: BreakRule) -> BreakQueue:
        """The queue as a lead is told of it."""
        scene = self._scenes.of(team, rule)
        until = {row.place: self._lapses_ms(row, rule) for row in scene.rows.values()}
        return told_queue(re, scene, until, self._find)

    def _tell(self) -> None:
        present = set(self._signed_in())
        self._told = {agent: told for agent, told in self._told.items() if agent in present}
        for agent in present:
            own = self.own(agent)
            if self._told.get(agent, OwnQueue()) != own:
                self._told[agent] = own
                self._push(agent, own)

    def _note_calls(self) -> None:
        """A call keeps a turn, and for as long as a turn stands anyway after it."""
        now_ms, seen = self._now_ms(), self._in_call_ms
        self._in_call_ms = {}
        for row in self._places.open.values():
            presence = self._scenes.presence(row.agent)
            if row.granted and presence is not None and self._scenes.is_in_call(presence):
                self._in_call_ms[row.place] = now_ms
            elif row.place in seen:
                self._in_call_ms[row.place] = seen[row.place]

    def _deeds(self) -> Deeds:
        ended = tuple(each for row in self._places.open.values() for each in self._ended(row))
        gone = frozenset(each.place for each in ended)
        until_ms: dict[str, int] = {}
        for team in sorted({row.team for row in self._places.open.values()}):
            rule = self.rule_of(team)
            if rule is not None:
                scene = self._scenes.of(team, rule, gone)
                lasts_ms = scene.situation.now_ms + rule.grant_s * 1000
                granted = turns(scene.asking, rule, scene.situation)
                until_ms.update(dict.fromkeys(granted, lasts_ms))
        return Deeds(ended, until_ms, self._scenes.rests_due(), tuple(self._excused()))

    def _excused(self) -> Iterator[Excused]:
        for row in self._places.to_be_excused.values():
            yield from _over(row, self._scenes.presence(row.agent), self._now_ms())

    def _ended(self, row: PlaceRow) -> Iterator[Ended]:
        """What became of a place, if anything has."""
        rule, presence = self.rule_of(row.team), self._scenes.presence(row.agent)
        now_ms = self._now_ms()
        if row.seen_ms is not None:
            yield Ended(row.place, BreakOutcome.TAKEN, row.seen_ms)
        elif presence is None:
            yield Ended(row.place, BreakOutcome.SIGNED_OUT)
        elif rule is None:
            yield Ended(row.place, BreakOutcome.LAPSED)
        elif self._scenes.is_on_break(presence, rule):
            yield Ended(row.place, BreakOutcome.TAKEN, presence.since_ms or now_ms)
        else:
            lapses_ms = self._lapses_ms(row, rule)
            if lapses_ms is not None and lapses_ms <= now_ms:
                yield Ended(row.place, BreakOutcome.LAPSED)

    def _lapses_ms(self, row: PlaceRow, rule: BreakRule) -> int | None:
        """When a turn passes; null for who waits, and while a call keeps it."""
        presence = self._scenes.presence(row.agent)
        if row.until_ms is None or presence is None:
            return None
        if self._scenes.is_in_call(presence):
            return None
        after_call_ms = self._in_call_ms.get(row.place, 0) + rule.grant_s * 1000
        return max(row.until_ms, after_call_ms)


def _over(row: PlaceRow, presence: Presence | None, now_ms: int) -> Iterator[Excused]:
    """The interval of a break to be excused, once it is over."""
    began_ms = row.went_ms
    if began_ms is None:
        return
    longest_ms = began_ms + LONGEST_EXCUSE_MS
    if row.left_ms is not None and row.left_ms > began_ms:
        yield Excused(row, began_ms, min(row.left_ms, longest_ms))
        return
    goes_on = (
        presence is not None
        and presence.state is State.NOT_READY
        and presence.since_ms in (None, began_ms)
    )
    if goes_on and now_ms < longest_ms:
        return
    ended_ms = now_ms if presence is None or presence.since_ms is None else presence.since_ms
    end_ms = longest_ms if goes_on else min(ended_ms, longest_ms)
    if end_ms > began_ms:
        yield Excused(row, began_ms, end_ms)
