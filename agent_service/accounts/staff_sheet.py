"""A table of staff, read as people write it: columns in any order, by their names in English or
Chinese, and every fault of every row found at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

import msgspec

from agent_service.accounts import staff
from agent_service.sheets import Line
from protocol.facts.staff import Role
from protocol.wire.errors import Code, Params, Refused

T = TypeVar("T")
_list = re.compile(r"[,，、;；/|]")


class Column(StrEnum):
    """What can stand in a table of staff."""

    NUMBER = "number"
    NAME = "name"
    ROLE = "role"
    TEAM = "team"
    LINE = "line"
    SIP_USER = "sip_user"
    SINCE = "since"
    UNTIL = "until"


NEEDED = (Column.NUMBER, Column.NAME, Column.ROLE)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong at one place."""

    line: int
    column: str
    code: str
    params: Params


class StaffLine(msgspec.Struct, frozen=True):
    """One person, as a row says. What is empty is left as it is."""

    number: str
    name: str
    roles: tuple[Role, ...]
    team: str
    lines: tuple[str, ...]
    sip_user: str
    since: date | None
    until: date | None


class Words(msgspec.Struct, frozen=True):
    """How people write columns and roles, in small letters and without spaces."""

    columns: Mapping[str, Column]
    roles: Mapping[str, Role]


def folded(word: str) -> str:
    """A word in the form in which it is looked up."""
    return re.sub(r"[\s_]+", "", word).casefold()


class StaffSheet:
    """Reads a table. `people` are the rows without a fault, `faults` what was found."""

    def __init__(self, lines: Sequence[Line], words: Words) -> None:
        self.people: list[StaffLine] = []
        self.faults: list[Fault] = []
        self._words = words
        self._columns: dict[Column, int] = {}
        self._names: dict[Column, str] = {}
        self._seen: dict[str, int] = {}
        head = lines[0] if lines else Line(1, ())
        self._read_head(head)
        if not self.faults:
            for line in lines[1:]:
                self._read(line)

    def _read_head(self, head: Line) -> None:
        for position, cell in enumerate(head.cells):
            if not cell:
                continue
            column = self._words.columns.get(folded(cell))
            if column is None:
                self._blame(head.number, cell, Refused(Code.UNKNOWN_COLUMN))
            elif column in self._columns:
                self._blame(head.number, cell, Refused(Code.COLUMN_TWICE))
            else:
                self._columns[column], self._names[column] = position, cell
        for column in NEEDED:
            if column not in self._columns:
                self._blame(head.number, column, Refused(Code.COLUMN_MISSING))

    def _read(self, line: Line) -> None:
        before = len(self.faults)
        person = StaffLine(
            number=self._take(line, Column.NUMBER, staff.check_number, ""),
            name=self._take(line, Column.NAME, staff.check_name, ""),
            roles=self._take(line, Column.ROLE, self._roles, ()),
            team=self._take(line, Column.TEAM, staff.check_name, ""),
            lines=self._take(line, Column.LINE, _names, ()),
            sip_user=self._take(line, Column.SIP_USER, staff.check_sip_user, ""),
            since=self._take(line, Column.SINCE, _day, None),
            until=self._take(line, Column.UNTIL, _day, None),
        )
        self._check_once(line, person.number)
        if len(self.faults) == before:
            self.people.append(person)

    def _take(self, line: Line, column: Column, read: Callable[[str], T], empty: T) -> T:
        """What a cell holds; what is wrong with it is noted."""
        position = self._columns.get(column, len(line.cells))
        cell = line.cells[position] if position < len(line.cells) else ""
        try:
            if cell:
                return read(cell)
            if column in NEEDED:
                raise Refused(Code.VALUE_MISSING)
        except Refused as refused:
            self._blame(line.number, self._names[column], refused)
        return empty

    def _check_once(self, line: Line, number: str) -> None:
        first = self._seen.setdefault(number, line.number)
        if number and first != line.number:
            refused = Refused(Code.NUMBER_TWICE, line=first)
            self._blame(line.number, self._names[Column.NUMBER], refused)

    def blame_dates(self, today: date) -> None:
        """Find who would end before they begin; without a first day that is today."""
        for person in self.people:
            since, until = person.since or today, person.until
            if until is not None and until <= since:
                refused = Refused(Code.BAD_DATES, since=since.isoformat(), until=until.isoformat())
                self._blame(self._seen[person.number], self._names[Column.UNTIL], refused)

    def _blame(self, line: int, column: str, refused: Refused) -> None:
        self.faults.append(Fault(line, column, refused.code, refused.params))

    def _roles(self, cell: str) -> tuple[Role, ...]:
        return staff.check_roles(self._words.roles.get(folded(name), name) for name in _parts(cell))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _list.split(cell) if part.strip()]


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(staff.check_name(name) for name in _parts(cell)))


def _day(cell: str) -> date:
    """`2026-12-01`, and as people write it: `2026/12/1`, `2026.12.1`."""
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", cell)
    try:
        if parts is not None:
            return date(*map(int, parts.groups()))
    except ValueError:
        pass
    raise Refused(Code.BAD_DATE, text=cell[:32])
