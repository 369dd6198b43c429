"""Heads planned against heads required: of a day at its tightest, and half hour by half hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from agent_client.terminal.clock import at_site
from protocol.wire.roster import HalfHour

_HALF_HOUR_S = 1800
_HALF_HOURS = 48
_MOST_SHOWN = 9
ENOUGH = "·"
MANY = "+"
"""Ten heads or more are lacking."""

Coverage = Mapping[date, Sequence[HalfHour]]
"""The half hours with a requirement, by local day."""


@dataclass(frozen=True)
class Tightest:
    """Whole heads in the half hour of a day in which most are lacking."""

    planned: int
    required: int
    short: int


@dataclass(frozen=True)
class Strip:
    """A day's half hours from one hour on: a blank where nobody is required."""

    first_hour: int
    marks: tuple[str, ...]


def by_day(coverage: Sequence[HalfHour], zone: str) -> Coverage:
    """The half hours of each local day."""
    found: dict[date, list[HalfHour]] = {}
    for each in coverage:
        found.setdefault(at_site(each.start_ms, zone).date(), []).append(each)
    return found


def tightest(half_hours: Sequence[HalfHour]) -> Tightest | None:
    """None for a day on which nobody is required."""
    needed = [each for each in half_hours if each.required]
    if not needed:
        return None
    worst = max(needed, key=lambda each: (each.short, each.required))
    return Tightest(worst.planned_s // _HALF_HOUR_S, worst.required, worst.short)


def strip(half_hours: Sequence[HalfHour], zone: str) -> Strip | None:
    """From the hour of the first requirement to the last one; None without any."""
    marks: dict[int, str] = {}
    for each in half_hours:
        if each.required:
            local = at_site(each.start_ms, zone)
            marks[local.hour * 2 + local.minute // 30] = _mark(each.short)
    if not marks:
        return None
    first = min(marks) // 2
    places = range(first * 2, min(max(marks) + 1, _HALF_HOURS))
    return Strip(first, tuple(marks.get(place, " ") for place in places))


def _mark(short: int) -> str:
    if not short:
        return ENOUGH
    return str(short) if short <= _MOST_SHOWN else MANY
