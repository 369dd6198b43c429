"""One person's day, for tests and pictures: a morning with every kind of stretch."""

from datetime import UTC, datetime, timedelta

import msgspec

from protocol.facts.agent import Reason, State
from protocol.wire.person import DayCall, PersonDay, Segment
from protocol.wire.session import Person, Role
from protocol.wire.sync import FloorCall
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import row

_START = datetime(2026, 11, 22, 0, 58, 12, tzinfo=UTC)
"""08:58:12 at the site."""

_STRETCHES: tuple[tuple[float, State | None, Reason | None, str, str], ...] = (
    (2, State.NOT_READY, None, "sign_in", "1002"),
    (14, State.READY, None, "ready", "1002"),
    (0.2, State.RINGING, None, "call_offered", "system"),
    (6.4, State.TALK, None, "call_answered", "1002"),
    (1.1, State.HOLD, None, "call_held", "1002"),
    (2.3, State.TALK, None, "call_resumed", "1002"),
    (1.5, State.ACW, None, "last_leg_ended", "system"),
    (31, State.READY, None, "acw_done", "1002"),
    (0.33, State.RINGING, None, "call_offered", "system"),
    (3, State.NOT_READY, Reason.NO_ANSWER, "ring_expired", "system"),
    (22, State.READY, None, "ready", "1002"),
    (17, None, None, "", ""),
    (9, State.READY, None, "seat_restarted", "system"),
    (25, State.NOT_READY, Reason.FORCED, "force_not_ready", "2001"),
    (30, State.NOT_READY, Reason.TRAINING, "break", "1002"),
    (41, State.READY, None, "ready", "1002"),
    (60, State.NOT_READY, Reason.MEAL, "break", "1002"),
    (20, State.READY, None, "ready", "1002"),
)


def _segments() -> tuple[Segment, ...]:
    made, at = [], _START
    for minutes, state, reason, trigger, actor in _STRETCHES:
        end = at + timedelta(minutes=minutes)
        made.append(Segment(at, end, state, reason, trigger, actor))
        at = end
    made.append(Segment(at, None, State.TALK, None, "call_answered", "1002"))
    return tuple(made)


def call(minutes: float, **fields: object) -> DayCall:
    """A call so long after the shift began."""
    known = DayCall(
        at=_START + timedelta(minutes=minutes),
        direction="inbound",
        peer="138****8000",
        answered=True,
        ended="bye",
        talk_s=580,
    )
    return msgspec.structs.replace(known, **fields)


PERSON = PersonDay(
    re=0,
    person=Person("1002", "Ann-Kathrin Oberländer", (Role.AGENT,), "Night shift"),
    day=NOW.date(),
    row=row(
        "1002",
        State.TALK,
        6.1,
        next_state="NOT_READY:MEAL",
        call=FloorCall("inbound", "139****1234", NOW - timedelta(minutes=6)),
    ),
    segments=_segments(),
    calls=(
        call(16, line="Billing", outcome="Solved"),
        call(58, answered=False, missed="TIMEOUT", ended="no_answer", talk_s=None),
        call(115, direction="outbound", ended="phone_fault", talk_s=42, line="业务受理"),
    ),
    seconds={
        State.NOT_READY: 7_200,
        State.READY: 8_220,
        State.RINGING: 32,
        State.TALK: 900,
        State.HOLD: 66,
        State.ACW: 90,
    },
    unknown_s=1_020,
    calls_answered=14,
    calls_missed=1,
    provisional=True,
)
