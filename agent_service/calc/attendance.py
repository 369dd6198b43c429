"""The figure `attendance`: JSON in, the rule `protocol.rules.attendance`, JSON out."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from agent_service.calc.input import Moment, bad_input, decode, decoder
from agent_service.calc.intervals import Interval, Span, spans
from agent_service.calc.times import ZONE, milliseconds, zone_of
from protocol.rules.attendance import Attendance, Presence, attendance
from protocol.rules.day_rules import AttendRules


class _Presence(msgspec.Struct, frozen=True):
    arrived: Moment | None = None
    left: Moment | None = None


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    shift_start: Moment
    shift_end: Moment
    sign_in: Moment | None
    sign_out: Moment | None = None
    leave: bool | tuple[Interval, ...] = False
    unknown: tuple[Interval, ...] = ()
    presence: _Presence = _Presence()
    agent: str = ""
    substitute: str = ""
    config: AttendRules = AttendRules()
    tz: str = ZONE


class _Output(msgspec.Struct, frozen=True, rename={"kind": "class"}):
    agent: str | None
    """Whose result it is."""
    kind: str
    late_s: int | None
    early_s: int | None
    absent_days: float
    prep_s: int | None
    prep_login_met: bool | None
    prep_arrival_met: bool | None
    leave_s: int


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    zone = zone_of(read.tz)
    start_ms, end_ms = milliseconds(read.shift_start, zone), milliseconds(read.shift_end, zone)
    if start_ms // 1000 >= end_ms // 1000:
        raise bad_input("$.shift_end", read.shift_end.isoformat())
    presence = Presence(_instant(read.presence.arrived, zone), _instant(read.presence.left, zone))
    sign_in_ms, sign_out_ms = _instant(read.sign_in, zone), _instant(read.sign_out, zone)
    _in_order("$.sign_out", sign_in_ms, sign_out_ms)
    _in_order("$.presence.left", presence.arrived_ms, presence.left_ms)
    found = attendance(
        start_ms,
        end_ms,
        sign_in_ms,
        sign_out_ms,
        read.config,
        leave=_leave(read, (start_ms, end_ms), zone),
        unknown=spans("$.unknown", read.unknown, zone),
        presence=presence,
    )
    return _output(found, read.substitute or read.agent or None)


def _in_order(place: str, one_ms: int | None, other_ms: int | None) -> None:
    if one_ms is not None and other_ms is not None and other_ms < one_ms:
        raise bad_input(place, f"{other_ms - one_ms} ms")


def _leave(read: Input, shift: Span, zone: ZoneInfo) -> list[Span]:
    if isinstance(read.leave, bool):
        return [shift] if read.leave else []
    return spans("$.leave", read.leave, zone)


def _instant(moment: datetime | None, zone: ZoneInfo) -> int | None:
    return None if moment is None else milliseconds(moment, zone)


def _output(found: Attendance, agent: str | None) -> _Output:
    return _Output(
        agent,
        found.kind,
        found.late_s,
        found.early_s,
        found.absent_half_days / 2,
        found.prep_s,
        found.prep_login_met,
        found.prep_arrival_met,
        found.leave_s,
    )
