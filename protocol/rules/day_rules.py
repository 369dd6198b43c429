"""The values by which a day's figures are made (domain §9), and the name of a set of them. Pure.

They are adopted by a fact, from a business date on, so that a figure of last month is made by what
held last month.
"""

from hashlib import sha256
from typing import Annotated

import msgspec

from protocol.facts.agent import Reason

Seconds = Annotated[int, msgspec.Meta(ge=0, le=86_400 * 7)]
Hours = Annotated[int, msgspec.Meta(ge=0, le=24 * 7)]
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]

_VERSION_LENGTH = 12


class AdherenceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator sets of how adherence is counted (domain §3)."""

    grace_s: Seconds = 60
    """A deviation inside one planned segment no longer than this is forgiven whole."""
    overrun_cap_s: Seconds = 3600
    """How much of a call that runs into a break is excused at most."""
    break_floats: bool = True
    """Whether a break that a call ran into may end later by as much."""
    personal_allowance_s: Seconds = 1200
    """Of PERSONAL in planned work, each shift."""
    logged_off_ok_in_break: bool = True
    """Whether a break may be spent signed out, between the day's first and last sign-in."""
    target_pct: Percent = 92
    work_reasons: frozenset[Reason] = frozenset({Reason.HANDOVER, Reason.OUTBOUND_PREP})
    """Reasons of NOT_READY that are work in planned WORK."""


class AdherenceRules(AdherenceSettings, frozen=True, forbid_unknown_fields=True):
    """All of how adherence is counted."""

    acw_limit_s: Seconds = 120
    """How much after-call work of a call that ran over is excused, beside what was given in
    addition: as much as the seat allows."""
    acw_limits_s: dict[str, Seconds] = {}
    """The same for calls of lines that have a limit of their own, by the line's name."""

    def acw_limit_of(self, line: str) -> int:
        """For calls of a line, in seconds; of none: an empty name."""
        return self.acw_limits_s.get(line, self.acw_limit_s)


class AttendRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When somebody is late, and what counts as absence (domain §4)."""

    tolerance_s: Seconds = 60
    half_day_s: Seconds = 1800
    """Later, or away earlier, than this: half a day."""
    full_day_s: Seconds = 14_400
    """More than this: a whole day."""
    arrive_early_s: Seconds = 300
    login_early_s: Seconds = 120
    """Signing in so long before the shift meets the preparation: told, never fined."""


class RosterRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a roster may ask of people (domain §4)."""

    run_warn_s: Seconds = 14_400
    run_offer_s: Seconds = 20_700
    run_limit_s: Seconds = 21_600
    """Work without a rest that reaches this is the organisation's breach."""
    rest_qualify_s: Seconds = 600
    """Rest of this length ends a run of work."""
    shift_gap_warn_h: Hours = 11
    shift_gap_min_h: Hours = 8
    week_h: Hours = 40
    week_ceiling_h: Hours = 44
    day_h: Hours = 8
    overtime_day_h: Hours = 3
    overtime_month_h: Annotated[int, msgspec.Meta(ge=0, le=744)] = 36
    days_in_row: Days = 6
    comprehensive_hours: bool = False
    """Whether a comprehensive-hours cycle is approved: hours of a day and of a week
    are then no fault; those of the month are."""


class DayRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them."""

    adherence: AdherenceRules = AdherenceRules()
    attend: AttendRules = AttendRules()
    roster: RosterRules = RosterRules()


def encode(rules: DayRules) -> bytes:
    """As JSON, the same for the same values."""
    return msgspec.json.encode(rules, order="deterministic")


def decode(values: bytes | msgspec.Raw) -> DayRules:
    """From JSON. Raises `msgspec.DecodeError` for values of another version."""
    return msgspec.json.decode(values, type=DayRules)


def version(rules: DayRules) -> str:
    """Names the values."""
    return sha256(encode(rules)).hexdigest()[:_VERSION_LENGTH]
