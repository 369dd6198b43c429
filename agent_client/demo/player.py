"""Somebody at a desk who acts by a script: over the local socket, as a person's keys would."""

import asyncio
import logging
import random
from collections.abc import Callable

from agent_client.desk_client import DeskClient
from agent_client.seat_starter import find_seat
from agent_client.settings import Settings
from protocol.facts.agent import Reason, State
from protocol.wire import desk, desk_call
from protocol.wire.errors import Refused

_log = logging.getLogger(__name__)

STEP_S = 40.0
"""What should happen within a step of a script."""
LONG_S = 3600.0
"""How long a colleague waits for the next call."""


class Player:
    """A connection to a seat that can wait for what it shows."""

    def __init__(self, client: DeskClient) -> None:
        self._client = client
        self._news = asyncio.Event()
        self.status: desk.Status | None = None
        client.listen(self._take)

    @classmethod
    async def at(cls, settings: Settings) -> "Player":
        """Sit down at a running seat."""
        player = cls(await find_seat(settings))
        await player._client.ask(desk.Watch)
        return player

    async def ask(self, make: Callable[[int], desk.AnyRequest]) -> desk.AnyAnswering:
        """Ask the seat; raises `Refused`."""
        return await self._client.ask(make)

    async def until(
        self, wanted: Callable[[desk.Status], bool], limit_s: float = STEP_S
    ) -> desk.Status:
        """Wait until the seat shows what is wanted. Raises `TimeoutError`."""
        async with asyncio.timeout(limit_s):
            while self.status is None or not wanted(self.status):
                self._news.clear()
                await self._news.wait()
        return self.status

    async def in_state(self, state: State, limit_s: float = STEP_S) -> desk.Status:
        """Wait for a state."""
        return await self.until(lambda status: status.state is state, limit_s)

    async def enrol_and_sign_in(self, code: str, password: str) -> None:
        """Make the desk known and sign in, once the link is up."""
        await self.until(lambda status: status.link_fault is None)
        await self.ask(lambda id_: desk.EnrolDesk(id_, code))
        await self.ask(lambda id_: desk.SignIn(id_, password))

    async def look(self) -> desk.Status:
        """What the seat is in at this moment; what it has shown last may be older."""
        status = await self.ask(desk.GetStatus)
        assert isinstance(status, desk.Status)
        seen = self.status.now if self.status is not None else None
        if seen is None or (status.now is not None and status.now >= seen):
            self.status = status
        return status

    async def leave(self) -> None:
        """Get up; the seat goes on."""
        await self._client.close()

    def _take(self, push: desk.Pushed) -> None:
        if isinstance(push, desk.Status):
            self.status = push
            self._news.set()


async def work(player: Player, chance: random.Random) -> None:
    """A colleague's day, until signed out or cancelled: ready, calls, after-call work, now and then
    a break."""
    await player.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    while not _has_left(await player.look()):
        try:
            await _stint(player, chance)
        except Refused as refused:  # a caller gave up at the same moment; go on with the day
            _log.info("a colleague was refused: %s", refused)
            await asyncio.sleep(1)


async def _stint(player: Player, chance: random.Random) -> None:
    """A few calls and a break."""
    await player.ask(desk.Ready)
    await player.look()
    for _ in range(chance.randint(2, 4)):
        await _take_call(player, chance)
    reason = chance.choice((Reason.REST, Reason.PERSONAL, Reason.BACKOFFICE))
    await rest(player, chance, reason)
    await asyncio.sleep(chance.uniform(5, 15))


async def rest(player: Player, chance: random.Random, reason: Reason) -> None:
    """A break. Where it needs a turn, calls are taken until that comes."""
    await player.ask(lambda id_: desk.Break(id_, reason))
    status = await player.look()
    while not _is_out(status):
        status = await player.until(
            lambda each: _is_rung(each) or _is_out(each) or _may_go(each), LONG_S
        )
        if _is_rung(status):
            await _take_call(player, chance)
            status = await player.look()
        elif not _is_out(status):
            await player.ask(lambda id_: desk.Break(id_, reason))
            status = await player.look()


async def _take_call(player: Player, chance: random.Random) -> None:
    """The next call with its after-call work; or being taken out of the line, by whomever."""
    status = await player.until(lambda each: _is_rung(each) or _is_out(each), LONG_S)
    if _is_rung(status):
        await asyncio.sleep(chance.uniform(1, 4))
        await player.ask(desk_call.Answer)
        status = await player.until(_has_no_call, LONG_S)
    if status.state is State.ACW:
        await asyncio.sleep(chance.uniform(2, 8))
        await player.ask(desk.AcwDone)
        status = await player.look()
    if _is_out(status) and not _has_left(status):
        await asyncio.sleep(chance.uniform(15, 30))
        await player.ask(desk.Ready)
        await player.look()


def _is_rung(status: desk.Status) -> bool:
    return status.state is State.RINGING


def _is_out(status: desk.Status) -> bool:
    """Whoever takes somebody out of the line: a lead, a missed call, a fault."""
    return status.state in (State.NOT_READY, State.LOGGED_OFF)


def _may_go(status: desk.Status) -> bool:
    """Whether it is the colleague's turn, or the place is lost."""
    queue = status.break_queue
    if status.state is not State.READY or queue is None:
        return False
    return queue.granted or queue.asked is None


def _has_left(status: desk.Status) -> bool:
    return status.state is State.LOGGED_OFF


def _has_no_call(status: desk.Status) -> bool:
    return _is_out(status) or status.state in (State.ACW, State.READY)
