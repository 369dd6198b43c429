"""A report as a table: the same one for the terminal, JSON and Excel."""

from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.base import Int64
from protocol.wire.session import FromSeat, FromService

MAX_REPORT_DAYS = 366
SINGLE_CASES = frozenset({"fatigue", "adjustments", "training"})
"""Reports that are lists of cases or tasks, so that there is nothing to group by team."""


class ColumnKind(StrEnum):
    """How a value is shown."""

    TEXT = "text"
    CODE = "code"
    """One with words in the catalogue: `report.target_met.<value>`, `exception_code.<value>`,
    `attendance.<value>`."""
    COUNT = "count"
    SECONDS = "seconds"
    PERCENT = "percent"
    DAYS = "days"
    DATE = "date"
    INSTANT = "instant"


class Column(msgspec.Struct, frozen=True):
    """One column; its heading is `report.column.<name>` in the catalogue."""

    name: str
    kind: ColumnKind


Value = str | int | float | None


class GetReport(FromSeat, frozen=True):
    """A statistic over business dates. `file` asks for an Excel workbook too."""

    id: Int64
    name: str
    first_day: date
    last_day: date
    team: str = ""
    agent: str = ""
    file: bool = False
    language: str = "en"
    """Of the workbook's headings."""
    by_team: bool = False
    """A row a team instead of a person or a lead, by the team on each date. Refused with
    `single_cases` of those that list them."""


class Report(FromService, frozen=True):
    """Rows in order; `total` has a value under each column, null where there is none."""

    re: Int64
    name: str
    first_day: date
    last_day: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...]
    provisional: bool
    """Whether time in it is unknown, so that facts may still change it."""
    rule_versions: tuple[str, ...]
    workbook: str = ""
    """Base64."""
    left_off: Int64 = 0
