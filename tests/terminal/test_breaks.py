"""The queue for breaks at the terminal: what a break needs, where one stands, and the lead's look
at it. Look at each picture that changes."""

from dataclasses import dataclass, field

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion

from agent_client.terminal.screens.break_queue import BreakQueueSheet
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import Choice
from protocol.wire import desk
from protocol.wire.breaks import (
    AskBreak,
    BreakPlace,
    BreakQueue,
    GetBreakQueue,
    LetGo,
    OwnQueue,
    WaitingAgent,
    WithdrawBreak,
)
from protocol.wire.desk import Status
from protocol.wire.desk_call import CallState, LastCall, WrappedUp
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.pictures import SIZES, in_both_languages
from tests.terminal.plan_scenes import own_day
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

AS_OF = int(NOW.timestamp() * 1000)
MINUTE = 60_000
REST = Reason.REST
FREE = OwnQueue((REST,), away=1, cap=2)
WAITS = OwnQueue((REST,), REST, place=2, wait_s=360, away=2, cap=2)
HELD = OwnQueue((REST,), REST, place=1, away=0, cap=2, held=True)
TURN = OwnQueue((REST,), REST, granted=True, granted_until_ms=AS_OF + 2 * MINUTE, away=1, cap=2)
IN_CALL = OwnQueue((REST,), REST, first=True, granted=True, away=1, cap=2)
LAST = LastCall("c9", "13800138000", "", WrappedUp(), 1)
READY = status(State.READY)
LEAD = status(State.READY, roles=(Role.AGENT, Role.LEADER))


def ready(queue: OwnQueue | None, **more: object) -> Status:
    return status(State.READY, break_queue=queue, **more)


@dataclass(frozen=True)
class Moment:
    """One picture of the desk."""

    status: Status
    keys: tuple[str, ...] = ()
    planned: bool = field(default=True)


DESK = {
    "waits": Moment(ready(WAITS)),
    "held": Moment(ready(HELD), planned=False),
    "turn": Moment(ready(TURN)),
    "turn-in-call": Moment(
        status(State.TALK, call=call(CallState.TALK), break_queue=IN_CALL), planned=False
    ),
    "chooser": Moment(ready(FREE, last_call=LAST), ("f6",)),
}


@pytest.mark.parametrize("name", sorted(DESK))
async def test_desk(terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str) -> None:
    scene = DESK[name]
    seat.status = scene.status
    seat.own_day = own_day() if scene.planned else None
    app = terminal()
    async with opened(app) as pilot:
        await until(lambda: app._known.own_day == seat.own_day)
        await pilot.press(*scene.keys)
        await in_both_languages(pilot, snapshot, chinese=SIZES)


def waiting(agent: str, name: str, ago_min: int, **more: object) -> WaitingAgent:
    told = {"first": False, "granted": False, "granted_until_ms": None} | more
    return WaitingAgent(agent, name, REST, AS_OF - ago_min * MINUTE, **told)


QUEUE = BreakQueue(
    0,
    "A",
    (
        waiting("1004", "张建国", 1, first=True, granted=True, granted_until_ms=AS_OF + MINUTE),
        waiting("1002", "Christopher Montgomery-Smythe", 14),
        waiting("1003", "李娜", 9),
    ),
    2,
    2,
    71.43,
    80,
    True,
)


TIRED = waiting("1006", "赵敏", 0, granted=True, rest_due=True)
FULL = msgspec.structs.replace(QUEUE, waiting=(QUEUE.waiting[0], TIRED, *QUEUE.waiting[1:]))


def answers(seat: FakeSeat, queue: BreakQueue) -> None:
    seat.service[GetBreakQueue] = lambda _: queue
    seat.service[LetGo] = lambda _: queue


@pytest.mark.parametrize("name", ["full", "empty"])
async def test_sheet(terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str) -> None:
    seat.status = LEAD
    answers(seat, FULL if name == "full" else BreakQueue(0, "", (), 0, 2, None, 0, False))
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("y")
        await reads(app, "away")
        await in_both_languages(pilot, snapshot, chinese=SIZES)


async def test_a_break_that_needs_no_turn_says_nothing_of_one(terminal, seat: FakeSeat) -> None:
    seat.status = ready(None, last_call=LAST)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6")
        await reads(app, "Break: for what reason?")
        assert "turn" not in text_of(app)
        assert "abusive" not in text_of(app)


async def test_after_an_abusive_call_by_one_key(terminal, seat: FakeSeat) -> None:
    seat.status = ready(FREE, last_call=LAST)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6", "=")
        await until(lambda: desk.Break in seat.kinds())
        assert (seat.asked[-1].reason, seat.asked[-1].after_call) == (REST, "c9")


async def test_in_an_abusive_call_the_break_is_asked_for_and_chosen_for_afterwards(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK), break_queue=FREE, last_call=LAST)
    seat.service[AskBreak] = lambda _: BreakPlace(0, WAITS)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6", "=")
        await until(lambda: desk.Next in seat.kinds())
        assert seat.asked_service() == [AskBreak(0, REST, "c9")]
        assert seat.asked[-1].choice == Choice(State.NOT_READY, REST)


async def test_a_break_after_a_call_that_had_one_is_refused_in_words(
    terminal, seat: FakeSeat
) -> None:
    def refuse(_: AskBreak) -> BreakPlace:
        raise Refused(Code.BREAK_TAKEN)

    seat.status = status(State.TALK, call=call(CallState.TALK), break_queue=FREE, last_call=LAST)
    seat.service[AskBreak] = refuse
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6", "=")
        await reads(app, "was taken before")
        assert desk.Next not in seat.kinds()


async def test_the_place_comes_and_goes_and_is_given_up_with_x(terminal, seat: FakeSeat) -> None:
    seat.status = ready(FREE)
    seat.service[WithdrawBreak] = lambda _: BreakPlace(0, FREE)
    app = terminal()
    async with opened(app) as pilot:
        assert "Break queue" not in text_of(app)
        seat.tell(break_queue=WAITS)
        await reads(app, "place 2, about 6 min")
        await pilot.press("x")
        await reads(app, "out of the break queue")
        assert seat.asked_service() == [WithdrawBreak(0)]
        seat.tell(break_queue=FREE)
        await until(lambda: "place 2" not in text_of(app))


@pytest.mark.parametrize(("in_call", "rings"), [(False, 1), (True, 0)])
async def test_a_turn_rings_once_and_never_into_a_call(
    terminal, seat: FakeSeat, monkeypatch: pytest.MonkeyPatch, in_call: bool, rings: int
) -> None:
    seat.status = [ready(WAITS), talking()][int(in_call)]
    app = terminal()
    rung: list[int] = []
    monkeypatch.setattr(app, "bell", lambda: rung.append(1))
    async with opened(app):
        seat.tell(break_queue=TURN)
        await reads(app, "Your break: F6")
        seat.tell(break_queue=IN_CALL)
        await reads(app, "after the call")
        assert len(rung) == rings
        assert desk.Break not in seat.kinds(), "a turn changes no state"


def talking() -> Status:
    return status(State.TALK, call=call(CallState.TALK), break_queue=WAITS)


async def test_a_lead_lets_the_highlighted_go(terminal, seat: FakeSeat) -> None:
    seat.status = LEAD
    answers(seat, QUEUE)
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("y")
        await reads(app, "Christoph")
        await pilot.press("down", "down", "l")
        await until(lambda: LetGo(0, "1003") in seat.asked_service())
        await reads(app, "may go now")
        assert isinstance(app.screen, BreakQueueSheet)


async def test_a_queue_that_can_t_be_read_says_why(terminal, seat: FakeSeat) -> None:
    def refuse(_: GetBreakQueue) -> BreakQueue:
        raise Refused(Code.NO_QUEUE)

    seat.status = LEAD
    seat.service[GetBreakQueue] = refuse
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("y")
        await reads(app, "There is no break queue here")
        await pilot.press("l")
        await reads(app, "Nobody waits in this line")
        assert not any(isinstance(each, LetGo) for each in seat.asked_service())
