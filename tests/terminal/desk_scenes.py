"""Moments at the agent's desk, for pictures."""

from datetime import timedelta

import msgspec

from protocol.facts.agent import Reason, State
from protocol.wire import desk
from protocol.wire.desk import ExchangeState, Notice
from protocol.wire.desk_call import CallState, Consultation
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.terminal.calls_data import LINE, ORDERS, PAST, PLAIN_LINE, ROWS, WRAPPED, last_call
from tests.terminal.fake_seat import NOW, SIGNED_OUT, call
from tests.terminal.scenes import RINGING, Scene, status

LINES = (LINE, PLAIN_LINE)
_CONNECTED = NOW - timedelta(minutes=3, seconds=12)

RINGING_KNOWN = msgspec.structs.replace(
    RINGING,
    lines=LINES,
    exchange=ExchangeState.READY,
    call=call(CallState.RINGING, since=NOW - timedelta(seconds=7), line=LINE.name, past=PAST),
)
TALKING = status(
    State.TALK,
    call=call(CallState.TALK, line=LINE.name, past=PAST, connected=_CONNECTED),
    last_call=last_call(extensions_left=0),
    lines=LINES,
)
AFTER = msgspec.structs.replace(
    status(State.ACW, lines=LINES, last_call=last_call()),
    since=NOW - timedelta(seconds=72),
    until=NOW + timedelta(seconds=48),
)
CONSULTING = status(
    State.CONSULT,
    call=call(
        CallState.CONSULT,
        line=LINE.name,
        past=PAST,
        connected=_CONNECTED,
        consultation=Consultation("2002", answered=True, joined=False),
    ),
    last_call=last_call(extensions_left=0),
    lines=LINES,
)

DESK_SCENES = {
    "ringing-known": Scene(RINGING_KNOWN),
    "ringing-over-wrap-up": Scene(AFTER, keys=("w", *"dam"), then=RINGING_KNOWN),
    "talk-known": Scene(TALKING),
    "consult": Scene(CONSULTING),
    "transfer": Scene(TALKING, keys=("f", *"2002")),
    "keypad": Scene(TALKING, keys=("d", *"1#")),
    "wrap-up": Scene(AFTER, keys=("w", *"del")),
    "wrap-up-full": Scene(
        msgspec.structs.replace(AFTER, last_call=last_call(wrapped_up=WRAPPED)),
        keys=("w", "tab", "tab"),
    ),
    "wrap-up-without-line": Scene(
        msgspec.structs.replace(AFTER, last_call=last_call(line="")), keys=("w", *"+9x")
    ),
    "acw-wrapped": Scene(
        msgspec.structs.replace(AFTER, last_call=last_call(wrapped_up=WRAPPED, extensions_left=0))
    ),
    "calls": Scene(status(State.READY, lines=LINES), keys=("c",), calls=ROWS),
    "calls-empty": Scene(status(State.READY, lines=LINES), keys=("c",)),
    "settle": Scene(status(State.READY, lines=LINES), keys=("c", "s"), calls=ROWS),
    "forced": Scene(status(State.NOT_READY, reason=Reason.FORCED, orders=ORDERS)),
    "messages": Scene(
        status(State.NOT_READY, reason=Reason.FORCED, orders=ORDERS), keys=("i", "down")
    ),
    "offline": Scene(
        status(
            State.READY,
            link=Link.OFFLINE,
            link_fault="service_unreachable",
            unsent=17,
            held_back=2,
            provisional=True,
            exchange=ExchangeState.REFUSED,
            exchange_status=403,
        )
    ),
    "locked": Scene(status(State.NOT_READY, reason=Reason.AWAY, locked=True), keys=("a", "b")),
    "locked-ringing": Scene(msgspec.structs.replace(RINGING_KNOWN, locked=True)),
    "sign-in-change": Scene(
        SIGNED_OUT,
        keys=(*"first", "enter"),
        refusals={desk.SignIn: Refused(Code.PASSWORD_CHANGE_NEEDED)},
    ),
    "sign-in-refused": Scene(
        SIGNED_OUT,
        keys=(*"first", "enter"),
        refusals={desk.SignIn: Refused(Code.TOO_MANY_ATTEMPTS, wait_s=30)},
    ),
    "sign-in-provisional": Scene(
        msgspec.structs.replace(
            SIGNED_OUT,
            link=Link.OFFLINE,
            link_fault="service_unreachable",
            notices=(Notice(Code.TAKEN_OVER),),
        )
    ),
    "take-over": Scene(
        SIGNED_OUT,
        keys=(*"secret", "enter"),
        refusals={desk.SignIn: Refused(Code.SIGNED_IN_ELSEWHERE, desk="3-14")},
    ),
    "signing-out": Scene(
        status(State.NOT_READY, link=Link.OFFLINE, link_fault="service_unreachable", unsent=17),
        keys=("ctrl+o",),
        calls=ROWS,
    ),
    "change-password": Scene(status(State.NOT_READY), keys=("z", "a", "enter")),
    "help": Scene(status(State.READY), keys=("question_mark",)),
}
"""By their names."""
