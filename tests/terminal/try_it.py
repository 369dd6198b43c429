"""The terminal at a fake seat, to try by hand:
`python -m tests.terminal.try_it [--supervisor] [--lang zh_CN] [--rows N]`.

Any password signs in. Being ready brings a call after a few seconds. Calling 999
kills the seat, which comes back.
"""

import argparse
import asyncio
import os
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.call import Direction
from protocol.rules.agent_state import AgentState, Choice, Happening, Limits, Trigger
from protocol.rules.agent_state_table import step
from protocol.wire import desk, desk_call, desk_floor
from protocol.wire.desk_call import Call, CallState, WrappedUp
from protocol.wire.desk_floor import Floor
from protocol.wire.sync import FloorCall, FloorRow, Link
from tests.terminal.calls_data import LINE, ORDERS, PAST, ROWS, last_call
from tests.terminal.fake_seat import SIGNED_OUT, FakeSeat, call

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"

_CALL_STATES = {
    State.RINGING: CallState.RINGING,
    State.DIALING: CallState.DIALING,
    State.TALK: CallState.TALK,
    State.HOLD: CallState.HOLD,
}
_TRIGGERS = {
    desk.SignIn: Trigger.SIGN_IN,
    desk.SignOut: Trigger.SIGN_OUT,
    desk.Ready: Trigger.READY,
    desk.AcwDone: Trigger.ACW_DONE,
    desk_call.Answer: Trigger.CALL_ANSWERED,
    desk_call.Reject: Trigger.CALL_REJECTED,
    desk_call.Hangup: Trigger.LAST_LEG_ENDED,
    desk_call.Hold: Trigger.CALL_HELD,
    desk_call.Resume: Trigger.CALL_RESUMED,
}


class Shift:
    """Plays the part of desk, phone and customers."""

    def __init__(self, seat: FakeSeat) -> None:
        self.seat = seat
        self.agent = AgentState(phone_up=True, microphone=True)
        self.call: Call | None = None
        seat.react = self.react

    def react(self, request: desk.AnyRequest) -> None:
        """Do what is asked."""
        match request:
            case desk.Break(_, reason):
                self.happen(Trigger.BREAK, Choice(State.NOT_READY, reason))
            case desk.Next(_, choice):
                self.happen(Trigger.NEXT, choice)
            case desk_call.Mute(_, muted) if self.call is not None:
                self.call = msgspec.structs.replace(self.call, muted=muted)
                self.happen(Trigger.SIGN_OF_LIFE)
            case desk_call.Dial(_, "999"):
                self._later(0.2, self._die)
            case desk_call.Dial(_, target):
                self._begin(Trigger.DIAL, target, Direction.OUTBOUND)
                self._later(3, lambda: self.happen(Trigger.CALL_ANSWERED))
            case desk.Lock() | desk.Unlock():
                self.seat.tell(locked=isinstance(request, desk.Lock))
            case desk.SeeOrder(_, order):
                left = tuple(each for each in self.seat.status.orders if each.order != order)
                self.seat.tell(orders=left)
            case desk_call.WrapUp():
                content = WrappedUp(
                    *(request.category, request.outcome, request.actions),
                    *(request.note, request.call_back_at),
                )
                self.seat.tell(last_call=last_call(wrapped_up=content))
            case _ if type(request) in _TRIGGERS:
                self.happen(_TRIGGERS[type(request)])
            case _:
                pass

    def happen(self, trigger: Trigger, choice: Choice | None = None) -> None:
        """Step the table and tell."""
        before = self.agent.state
        call_id = self.call.id if self.call is not None else None
        self.agent = step(self.agent, Happening(trigger, call_id, choice), Limits()).after
        state, now = self.agent.state, datetime.now(UTC)
        if state not in _CALL_STATES:
            self.call = None
        elif self.call is not None and state is not before:
            self.call = msgspec.structs.replace(self.call, state=_CALL_STATES[state], since=now)
        timers = {State.RINGING: 20, State.ACW: 120}
        since = now if state is not before else self.seat.status.since
        until = now + timedelta(seconds=timers[state]) if state in timers else None
        self.seat.tell(
            state=state,
            reason=self.agent.reason,
            since=since,
            until=until if state is not before else self.seat.status.until,
            next_state=_code(self.agent.next),
            call=self.call,
            now=now,
        )
        if state is State.READY and before is not State.READY:
            self._later(5, self._customer)

    def _customer(self) -> None:
        if self.agent.state is State.READY:
            self._begin(Trigger.CALL_OFFERED, "13800138000", Direction.INBOUND)

    def _begin(self, trigger: Trigger, peer: str, direction: Direction) -> None:
        now = datetime.now(UTC)
        self.call = call(
            CallState.RINGING, direction=direction, peer=peer, since=now, line=LINE.name, past=PAST
        )
        self.seat.tell(last_call=last_call(), lines=(LINE,))
        self.happen(trigger)

    def _die(self) -> None:
        async def die() -> None:
            await self.seat.stop()
            await asyncio.sleep(3)
            await self.seat.start()

        self._dying = asyncio.create_task(die())

    def _later(self, seconds: float, do: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_later(seconds, do)


def _code(choice: Choice | None) -> str | None:
    if choice is None:
        return None
    return f"{choice.state}:{choice.reason}" if choice.reason is not None else str(choice.state)


def random_row(number: int, draw: random.Random) -> FloorRow:
    """Somebody doing something."""
    state = draw.choice(list(State))
    names = ("王丽", "Ann Oberländer", "李建国", "欧阳娜娜", "Björk Guðmundsdóttir", "赵敏")
    busy = state in _CALL_STATES
    return FloorRow(
        agent=str(1001 + number),
        name=names[number % len(names)],
        team=f"{number // 12 + 1} 组",
        state=state,
        reason=draw.choice(list(Reason)) if state is State.NOT_READY else None,
        since=datetime.now(UTC) - timedelta(seconds=draw.randrange(400)),
        last_known=State.TALK if state is State.OFFLINE else state,
        next_state="NOT_READY:MEAL" if busy and draw.random() < 0.3 else None,
        call=FloorCall("inbound", "138****8000", datetime.now(UTC)) if busy else None,
        link=None if state is State.LOGGED_OFF else Link.ONLINE,
        phone=None if state is State.LOGGED_OFF else True,
        calls_answered=draw.randrange(60),
        position=number,
    )


async def floor_life(seat: FakeSeat, count: int) -> None:
    """Rows that change ten at a time, twenty times a second."""
    draw = random.Random(7)
    while desk_floor.WatchFloor not in seat.kinds():
        await asyncio.sleep(0.1)
    rows = tuple(random_row(number, draw) for number in range(count))
    seat.send(Floor(rows, datetime.now(UTC), reset=True))
    while True:
        await asyncio.sleep(0.05)
        changed = tuple(random_row(draw.randrange(count), draw) for _ in range(10))
        seat.send(Floor(changed, datetime.now(UTC)))


async def main() -> None:
    """Run terminal and fake seat in one process."""
    from agent_client.terminal.app import TerminalApp

    parser = argparse.ArgumentParser()
    parser.add_argument("--supervisor", action="store_true")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--rows", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        signed_out = msgspec.structs.replace(SIGNED_OUT, now=datetime.now(UTC))
        seat = FakeSeat(Path(folder) / "seat.sock", signed_out)
        seat.calls = ROWS
        seat.status = msgspec.structs.replace(seat.status, lines=(LINE,), orders=ORDERS)
        Shift(seat)
        await seat.start()
        life = asyncio.create_task(floor_life(seat, arguments.rows))
        app = TerminalApp(
            seat.connect,
            language=arguments.lang,
            theme_name=arguments.theme,
            supervisor=arguments.supervisor,
        )
        await app.run_async()
        life.cancel()
        await seat.stop()


if __name__ == "__main__":
    asyncio.run(main())
