"""What a check of a roster can find, and how grave it is."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.shift import PlannedSegment

Plans = Mapping[date, Sequence[PlannedSegment]]
"""One person's plans by business date. A date that is not among them is a day off, like one
without segments."""


class Severity(StrEnum):
    """How grave a finding is."""

    REFUSE = "refuse"
    """It can't be published so."""
    WARN = "warn"
    """It can, by somebody who accepts it."""


class FindingCode(StrEnum):
    """What was found."""

    OVERLAP = "OVERLAP"
    MIN_REST = "MIN_REST"
    CONTINUOUS_WORK = "CONTINUOUS_WORK"
    NO_DAY_OFF = "NO_DAY_OFF"
    CONSECUTIVE_DAYS = "CONSECUTIVE_DAYS"
    DAY_HOURS = "DAY_HOURS"
    WEEK_HOURS = "WEEK_HOURS"
    MONTH_OVERTIME = "MONTH_OVERTIME"


class Finding(msgspec.Struct, frozen=True):
    """Something found between two business dates, both of them included."""

    code: FindingCode
    severity: Severity
    since: date
    day: date
    measured: int
    """Seconds, or days of `CONSECUTIVE_DAYS` and `NO_DAY_OFF`."""
    limit: int
    """What it should have kept to, in the same unit."""
