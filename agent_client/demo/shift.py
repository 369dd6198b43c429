"""A short shift by script: what the demonstration plays where there is no terminal."""

import asyncio
import time

import msgspec

from agent_client.demo.customers import Habits
from agent_client.demo.player import Player
from protocol.facts.agent import Reason, State
from protocol.wire import desk, desk_call

CALLS = 3
RING_S = 1.5
ACW_S = 3.0
BREAK_S = 4.0
QUIET_S = 15.0
"""What is on the seat's disk has reached the service within this time."""

HABITS = Habits(pause_s=(2.5, 4.0), talk_s=(5.0, 7.0))


class PlayedDay(msgspec.Struct, frozen=True):
    """The day as the demonstration prints it."""

    ok: bool
    agent: str
    calls_answered: int
    calls_missed: int
    facts_sent: int
    facts_acked: int
    seconds: dict[str, int]
    unknown_s: int
    ledger_verified: bool
    took_s: int


async def play(player: Player) -> None:
    """Ready, three calls with their after-call work, a break, and out."""
    await player.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    await player.ask(desk.Ready)
    for _ in range(CALLS):
        await _take_call(player)
    await player.ask(lambda id_: desk.Break(id_, Reason.REST))
    await player.in_state(State.NOT_READY)
    await asyncio.sleep(BREAK_S)
    await player.ask(desk.SignOut)
    await player.in_state(State.LOGGED_OFF)
    await player.until(lambda status: status.unsent == 0, QUIET_S)


async def told(player: Player, agent: str, *, verified: bool, began: float) -> PlayedDay:
    """The day in figures, as the seat computes them from its facts."""
    day = await player.ask(desk.GetDay)
    assert isinstance(day, desk.Day)
    return PlayedDay(
        ok=verified and day.facts_acked == day.facts_sent and day.calls_answered >= CALLS,
        agent=agent,
        calls_answered=day.calls_answered,
        calls_missed=day.calls_missed,
        facts_sent=day.facts_sent,
        facts_acked=day.facts_acked,
        seconds={str(state): seconds for state, seconds in day.seconds.items()},
        unknown_s=day.unknown_s,
        ledger_verified=verified,
        took_s=round(time.monotonic() - began),
    )


async def _take_call(player: Player) -> None:
    """Let it ring a moment, answer, listen until the customer hangs up, and finish the work."""
    await player.in_state(State.RINGING)
    await asyncio.sleep(RING_S)
    await player.ask(desk_call.Answer)
    await player.in_state(State.ACW)
    await asyncio.sleep(ACW_S)
    await player.ask(desk.AcwDone)
