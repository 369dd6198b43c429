"""A content as a Markdown file: if wanted, lines `title:`, `type:`, `keywords:`, `place:` and
`remark:` between two lines of hyphens; then the text."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import TypeVar

import msgspec

from agent_service.accounts.staff_sheet import Fault
from agent_service.content_files.reading import Placed, Written
from agent_service.content_files.values import (
    read_keywords,
    read_line,
    read_place,
    written_keywords,
    written_line,
)
from protocol.wire.errors import Code, Refused

T = TypeVar("T")
_FENCE = "---"
_LINE = re.compile(r"(\w[\w-]*)\s*[:：]\s*(.*)")
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*")


class Header(StrEnum):
    """What can stand before the text."""

    TITLE = "title"
    TYPE = "type"
    KEYWORDS = "keywords"
    PLACE = "place"
    REMARK = "remark"


class Page(msgspec.Struct):
    """One file, and what was found in it."""

    content: Placed | None
    faults: list[Fault]
    notes: list[Fault]


class _Split(msgspec.Struct, frozen=True):
    """The lines before the text by name, where each stands, and the text."""

    values: dict[str, str]
    lines: dict[str, int]
    text: str


def write(content: Written) -> str:
    """The text of a file."""
    values = {
        Header.TITLE: written_line(content.name),
        Header.TYPE: written_line(content.type),
        Header.KEYWORDS: written_keywords(content.keywords),
        Header.PLACE: str(content.place),
        Header.REMARK: written_line(content.remark),
    }
    head = "".join(f"{name}: {value}".rstrip() + "\n" for name, value in values.items())
    return f"{_FENCE}\n{head}{_FENCE}\n\n{content.text}\n"


def read(text: str, path: PurePath) -> Page:
    """What a file says, by its path inside the folder: without a title it is called by its first
    heading, without a type it has the one that its own folder is named for."""
    file, split = path.as_posix(), _split(text)
    reader = _Header(file, split)
    folder = path.parent.name
    title = reader.line(Header.TITLE) or _first_heading(split.text) or path.stem
    type_ = reader.line(Header.TYPE) or folder
    if not type_:
        reader.blame(1, Refused(Code.CONTENT_WITHOUT_TYPE))
    content = Placed(
        file,
        1,
        title,
        type_,
        split.text,
        reader.keywords(),
        reader.place(),
        reader.line(Header.REMARK),
    )
    return Page(None if reader.faults else content, reader.faults, list(_unknown(file, split)))


class _Header:
    """Reads the lines before the text."""

    def __init__(self, file: str, split: _Split) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._split = split

    def line(self, name: Header) -> str | None:
        return self._take(name, lambda value: read_line(name, value))

    def keywords(self) -> tuple[str, ...] | None:
        return self._take(Header.KEYWORDS, read_keywords)

    def place(self) -> int | None:
        return self._take(Header.PLACE, lambda value: read_place(value) if value else None)

    def _take(self, name: Header, read: Callable[[str], T]) -> T | None:
        value = self._split.values.get(name)
        try:
            return None if value is None else read(value)
        except Refused as refused:
            self.blame(self._split.lines[name], refused)
        return None

    def blame(self, line: int, refused: Refused) -> None:
        self.faults.append(Fault(line, self._file, refused.code, refused.params))


def _unknown(file: str, split: _Split) -> Iterator[Fault]:
    for name in split.values:
        if name not in set(Header):
            yield Fault(split.lines[name], file, Code.HEADER_PASSED, {"name": name})


def _split(text: str) -> _Split:
    """Lines that only look like a header are text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() == _FENCE:
        ends = [number for number, line in enumerate(lines) if number and line.rstrip() == _FENCE]
        head = lines[1 : ends[0]] if ends else []
        if ends and all(_LINE.fullmatch(line.strip()) for line in head if line.strip()):
            return _headed(head, lines[ends[0] + 1 :])
    return _Split({}, {}, _joined(lines))


def _headed(head: Sequence[str], rest: Sequence[str]) -> _Split:
    values, numbers = {}, {}
    for number, line in enumerate(head, 2):
        found = _LINE.fullmatch(line.strip())
        if found is not None:
            name = found[1].casefold()
            values[name], numbers[name] = found[2].strip(), number
    return _Split(values, numbers, _joined(rest))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n")


def _first_heading(text: str) -> str:
    found = (_HEADING.fullmatch(line) for line in text.split("\n"))
    return next((heading[1] for heading in found if heading is not None), "")
