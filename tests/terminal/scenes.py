"""Moments of a shift, for pictures: what the seat tells, and the keys pressed before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from textual.pilot import Pilot

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.wire.desk import PhoneState, Status
from protocol.wire.desk_base import Request
from protocol.wire.desk_call import CallRow, CallState
from protocol.wire.desk_floor import Floor
from protocol.wire.errors import Refused
from protocol.wire.sync import FloorCall, FloorRow, Link
from tests.terminal.fake_seat import NOW, SIGNED_OUT, FakeSeat, call
from tests.terminal.waiting import until


def status(state: State, **changes: object) -> Status:
    """The agent in a state for 12 min 34 s."""
    since = NOW - timedelta(minutes=12, seconds=34)
    return msgspec.structs.replace(SIGNED_OUT, state=state, since=since, **changes)


@dataclass(frozen=True)
class Scene:
    """One picture."""

    status: Status
    supervisor: bool = False
    keys: tuple[str, ...] = ()
    rows: tuple[FloorRow, ...] = ()
    stale: bool = False
    then: Status | None = None
    """What the seat tells after the keys."""
    calls: tuple[CallRow, ...] = ()
    refusals: Mapping[type[Request], Refused] = field(default_factory=dict)


def row(agent: str, state: State, minutes: float, **changes: object) -> FloorRow:
    """A row of the floor."""
    known = FloorRow(
        agent=agent,
        name=_NAMES[int(agent) % len(_NAMES)],
        team="投诉一组" if int(agent) % 3 else "Night shift",
        state=state,
        reason=None,
        since=NOW - timedelta(minutes=minutes),
        last_known=state,
        next_state=None,
        call=None,
        link=Link.ONLINE if state is not State.LOGGED_OFF else None,
        phone=True if state is not State.LOGGED_OFF else None,
        calls_answered=int(agent) % 40,
        position=1,
    )
    return msgspec.structs.replace(known, **changes)


_NAMES = ("王丽", "Ann-Kathrin Oberländer", "李建国", "欧阳娜娜", "Björk Guðmundsdóttir", "赵敏")

_CALL = FloorCall(direction="inbound", peer="138****8000", since=NOW - timedelta(minutes=3))

_WORK = (Activity.WORK, 42)
_MEAL = (Activity.MEAL, 11)


def plan(now: tuple[Activity, int], adhering: bool | None, *sums: int) -> dict[str, object]:
    """What is planned, for how many more minutes, and the sums so far: counted, in, and in as if
    all that is unknown were in."""
    counted_s, in_s, in_high_s = sums
    return {
        "planned": now[0],
        "planned_until": NOW + timedelta(minutes=now[1]),
        "adhering": adhering,
        "counted_s": counted_s,
        "in_s": in_s,
        "in_high_s": in_high_s,
    }


FLOOR = (
    row("1001", State.READY, 2.2, **plan(_MEAL, False, 15_600, 14_120, 14_120)),
    row(
        "1002",
        State.TALK,
        6.1,
        call=_CALL,
        next_state="NOT_READY:MEAL",
        **plan(_WORK, True, 15_600, 15_600, 15_600),
    ),
    row("1003", State.ACW, 3.4, **plan(_WORK, True, 15_600, 15_111, 15_111)),
    row("1004", State.NOT_READY, 14, reason=Reason.MEAL, **plan(_MEAL, True, 9_000, 8_900, 8_900)),
    row(
        "1005",
        State.OFFLINE,
        1.5,
        last_known=State.TALK,
        link=Link.OFFLINE,
        phone=None,
        **plan(_WORK, None, 15_600, 15_000, 15_510),
    ),
    row("1006", State.NOT_READY, 0.8, reason=Reason.SYSTEM_FAULT, phone=False),
    row("1007", State.RINGING, 0.3, call=_CALL, **plan(_WORK, True, 15_600, 13_000, 13_000)),
    row("1008", State.NOT_READY, 7, reason=Reason.NO_ANSWER, **plan(_WORK, False, 600, 180, 180)),
    row("1009", State.HOLD, 1.2, call=_CALL, **plan(_WORK, True, 15_600, 15_580, 15_580)),
    row("1010", State.LOGGED_OFF, 300),
    row("1011", State.ACW, 0.6, next_state="READY", **plan(_WORK, True, 3_600, 3_600, 3_600)),
    row("1012", State.DIALING, 0.1, call=msgspec.structs.replace(_CALL, direction="outbound")),
    row("1013", State.READY, 61.3, **plan(_WORK, True, 15_600, 15_600, 15_600)),
    row(
        "1014",
        State.NOT_READY,
        33,
        reason=Reason.TRAINING,
        **plan((Activity.TRAINING, 5), True, 0, 0, 0),
    ),
)

RINGING = msgspec.structs.replace(
    status(State.RINGING, call=call(CallState.RINGING, since=NOW - timedelta(seconds=7))),
    since=NOW - timedelta(seconds=7),
    until=NOW + timedelta(seconds=13),
)

SCENES = {
    "sign-in": Scene(SIGNED_OUT),
    "sign-in-new-desk": Scene(
        msgspec.structs.replace(
            SIGNED_OUT, enrolled=False, link=Link.OFFLINE, link_fault="service_unreachable"
        )
    ),
    "not-ready": Scene(status(State.NOT_READY)),
    "fault": Scene(
        status(
            State.NOT_READY,
            reason=Reason.SYSTEM_FAULT,
            phone=PhoneState.FAULT,
            phone_fault="phone_died",
            link=Link.OFFLINE,
            link_fault="service_unreachable",
            unsent=17,
            owed=("13800138000", "02066668888"),
        )
    ),
    "ready": Scene(status(State.READY)),
    "ringing": Scene(RINGING),
    "talk": Scene(
        status(
            State.TALK,
            call=call(CallState.TALK, muted=True),
            next_state="NOT_READY:MEAL",
            owed=("13800138000", "02066668888"),
        )
    ),
    "acw": Scene(
        msgspec.structs.replace(
            status(State.ACW, next_state="READY"),
            since=NOW - timedelta(seconds=72),
            until=NOW + timedelta(seconds=48),
        )
    ),
    "break": Scene(status(State.READY), keys=("f6",)),
    "dial-while-ringing": Scene(status(State.READY), keys=("f9", *"139"), then=RINGING),
    "palette": Scene(status(State.READY), keys=("f12",)),
    "leaving": Scene(status(State.READY, unsent=3), keys=("q",)),
    "floor": Scene(status(State.NOT_READY), True, ("down", "down"), FLOOR),
    "floor-stale": Scene(
        status(State.NOT_READY, link=Link.OFFLINE, link_fault="service_unreachable"),
        True,
        (),
        FLOOR,
        True,
    ),
    "floor-empty": Scene(status(State.NOT_READY, phone=PhoneState.NONE), True),
}


async def play(scene: Scene, seat: FakeSeat, pilot: Pilot[None]) -> None:
    """Bring the terminal to the moment of a scene."""
    app = pilot.app
    await until(lambda: type(app.screen).__name__ != "StartingScreen")
    await pilot.pause()
    if scene.supervisor:
        seat.send(Floor(scene.rows, NOW, reset=True))
    if scene.stale:
        seat.send(Floor((), NOW, stale=True))
    seat.calls = scene.calls
    seat.refusals.update(scene.refusals)
    await pilot.press(*scene.keys)
    if scene.then is not None:
        seat.send(scene.then)
    await pilot.pause()
