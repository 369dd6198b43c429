"""What a report is asked of, and what it reads."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from datetime import date

import msgspec

from agent_service.accounts.projector import staff_rows
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import PersonDate, Whose
from agent_service.adherence.month import dates_between, month_bounds
from agent_service.attendance.month import Wanted, agents_of
from agent_service.locking.adjusting import month_of
from agent_service.reports.table import Key, Line, Tally, by_person, by_team
from protocol.rules.local_day import day_bounds
from protocol.wire.report import Column


class Asked(msgspec.Struct, frozen=True):
    """Business dates of some people."""

    first_day: date
    last_day: date
    wanted: Wanted
    by_team: bool = False
    """A row a team, not a person."""

    @property
    def span(self) -> tuple[date, date]:
        """The first day and the last."""
        return self.first_day, self.last_day

    @property
    def months(self) -> tuple[str, str]:
        """The first and the last that it touches."""
        return month_of(self.first_day), month_of(self.last_day)

    def month(self, day: date) -> str:
        """The month of a day where the report covers several; else empty."""
        first, last = self.months
        return month_of(day) if first != last else ""


class Source(msgspec.Struct):
    """The tables at one moment."""

    connection: sqlite3.Connection
    asked: Asked
    moment: Moment

    def whole_months(self) -> tuple[int, int]:
        """The time [from, until) in ms in which what is decided counts in the months asked for."""
        where, (first, last) = self.moment.where, self.asked.months
        begins, ends = month_bounds(first)[0], month_bounds(last)[1]
        return day_bounds(begins, where)[0], day_bounds(ends, where)[1]

    def agents(self) -> Collection[str] | None:
        """Who may have days that are wanted; None: anybody."""
        return agents_of(self.connection, self.asked.span, self.asked.wanted)

    def dates(self) -> Iterator[PersonDate]:
        """The business dates, with their figures, as far as they have begun."""
        found = dates_between(
            self.connection, *self.asked.span, self.moment, self.agents(), self.asked.wanted.takes
        )
        return (each for each in found if each.window[0] <= self.moment.now_ms)

    def key(self, whose: Whose) -> Key:
        """Into which row a business date goes."""
        subject = whose.team if self.asked.by_team else whose.agent
        return self.asked.month(whose.day), subject

    def lines(self, tallies: Mapping[Key, Tally]) -> tuple[tuple[Column, ...], list[Line]]:
        """The columns that name a row, and the rows."""
        return by_team(tallies) if self.asked.by_team else by_person(tallies, self.names())

    def names(self) -> Mapping[str, str]:
        """Everybody's, by staff number."""
        return {row.number: row.name for row in staff_rows(self.connection)}
