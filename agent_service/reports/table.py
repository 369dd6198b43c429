"""A report's table, made of tallies: pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from protocol.rules.rounding import percent
from protocol.wire.report import Column, ColumnKind, Value

Tally = Counter[str]
"""Sums by name: whole numbers alone, so that a total is the sum of its rows."""


class Table(msgspec.Struct, frozen=True):
    """What the terminal, JSON and Excel show alike."""

    name: str
    first_day: date
    last_day: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...]
    """A value under each column, null where there is none."""
    provisional: bool
    """Whether time of it is unknown."""
    rule_versions: tuple[str, ...]


class Measure(NamedTuple):
    """A column, and what stands in it."""

    column: Column
    value: Callable[[Tally], Value]


class Line(NamedTuple):
    """What begins a row, and what it is made of."""

    head: tuple[Value, ...]
    tally: Tally


def count(name: str, kind: ColumnKind = ColumnKind.COUNT) -> Measure:
    """A sum as it is."""
    return Measure(Column(name, kind), lambda tally: tally[name])


def seconds(name: str) -> Measure:
    """A sum of time."""
    return count(name, ColumnKind.SECONDS)


def share(name: str, part: str, whole: str) -> Measure:
    """One sum in percent of another; null of nothing."""
    return Measure(
        Column(name, ColumnKind.PERCENT), lambda tally: percent(tally[part], tally[whole])
    )


def measured(
    heads: Sequence[Column], measures: Sequence[Measure], lines: Iterable[Line]
) -> tuple[tuple[Column, ...], tuple[tuple[Value, ...], ...], tuple[Value, ...]]:
    """Columns, rows in order, and the total of all rows."""
    total: Tally = Counter()
    rows = []
    for line in lines:
        total.update(line.tally)
        rows.append((*line.head, *(each.value(line.tally) for each in measures)))
    columns = (*heads, *(each.column for each in measures))
    of_all = (*(None for _ in heads), *(each.value(total) for each in measures))
    return columns, tuple(rows), of_all


Key = tuple[str, str]
"""A month (empty where the report has one alone), and a staff number or a team."""


def by_person(
    tallies: Mapping[Key, Tally], names: Mapping[str, str]
) -> tuple[tuple[Column, ...], list[Line]]:
    """The columns that name a row, and the rows: by person, and by month where there are
    several."""
    people = (Column("agent", ColumnKind.TEXT), Column("name", ColumnKind.TEXT))
    lines = [
        Line((*_month(month), agent, names.get(agent, "")), tally)
        for (month, agent), tally in sorted(tallies.items())
    ]
    return (*_months(tallies), *people), lines


def by_team(tallies: Mapping[Key, Tally]) -> tuple[tuple[Column, ...], list[Line]]:
    """The same by team. Those in none make a row without a name, if there is anything to tell of
    them."""
    lines = [
        Line((*_month(month), team), tally)
        for (month, team), tally in sorted(tallies.items())
        if team or any(tally.values())
    ]
    return (*_months(tallies), Column("team", ColumnKind.TEXT)), lines


def _months(tallies: Iterable[Key]) -> tuple[Column, ...]:
    return (Column("month", ColumnKind.TEXT),) if any(month for month, _ in tallies) else ()


def _month(month: str) -> tuple[str, ...]:
    return (month,) if month else ()
