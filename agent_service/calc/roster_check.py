"""The figure `roster_check`: JSON in, the rule `protocol.rules.roster_check`, JSON out."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from agent_service.calc.input import bad_input, decode, decoder
from agent_service.calc.intervals import Interval, Span, spans
from agent_service.calc.times import ZONE, zone_of
from protocol.rules.day_rules import RosterRules
from protocol.rules.local_day import local_date
from protocol.rules.roster_check import Shift, ShiftCheck, check_shifts
from protocol.rules.stretches import seconds_of

HOUR_S = 3600
USUAL = RosterRules()

Count = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]


class _Shift(Interval, frozen=True):
    paid_s: Count


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    shifts: tuple[_Shift, ...]
    min_rest_s: Count = USUAL.shift_gap_warn_h * HOUR_S
    week_hours_max_s: Count = USUAL.week_ceiling_h * HOUR_S
    max_consecutive_days: Count = USUAL.days_in_row
    tz: str = ZONE


_decoder = decoder(Input)


def figure(given: bytes) -> ShiftCheck:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    zone = zone_of(read.tz)
    found = spans("$.shifts", read.shifts, zone)
    shifts = [
        Shift(_day(f"$.shifts[{number}]", span, zone), seconds_of(*span), each.paid_s)
        for number, (span, each) in enumerate(zip(found, read.shifts, strict=True))
    ]
    return check_shifts(shifts, read.min_rest_s, read.week_hours_max_s, read.max_consecutive_days)


def _day(place: str, span: Span, zone: ZoneInfo) -> date:
    """The business date. Raises `BadInput` for an empty shift, and where calendars end."""
    if span[0] == span[1]:
        raise bad_input(f"{place}.end", "= start")
    try:
        return local_date(span[0], zone)
    except (OverflowError, ValueError) as error:
        raise bad_input(f"{place}.start", str(error)) from error
