"""Questions as a table: a row a question, columns in any order, words of either language."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from agent_service.accounts.staff_sheet import folded
from agent_service.question_files.points import read_half_points, written_points
from agent_service.question_files.reading import Placed, Reading
from agent_service.sheet_columns import Columns
from agent_service.sheets import Line
from protocol.facts.document import Difficulty, Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused

_GAPS = re.compile(r"[\s,，、;；/|.]+")
_PARTS = re.compile(r"\n|(?<!\\)\|")
_SHOWN = 32
_ONE_POINT = 2


class Column(StrEnum):
    """What can stand in a table of questions."""

    TEXT = "question"
    TYPE = "type"
    CATEGORY = "category"
    DIFFICULTY = "difficulty"
    POINTS = "points"
    OPTION_A = "option_a"
    OPTION_B = "option_b"
    OPTION_C = "option_c"
    OPTION_D = "option_d"
    OPTION_E = "option_e"
    OPTION_F = "option_f"
    OPTION_G = "option_g"
    OPTION_H = "option_h"
    OPTION_I = "option_i"
    OPTION_J = "option_j"
    KEY = "key"
    REMARK = "remark"


_OPTIONS = tuple(column for column in Column if column.startswith("option_"))
_NEEDED = (Column.TEXT, Column.TYPE)


class Words(msgspec.Struct, frozen=True):
    """How people write columns, types, difficulties, true and false: folded."""

    columns: Mapping[str, Column]
    types: Mapping[str, QuestionType]
    difficulties: Mapping[str, Difficulty]
    truths: Mapping[str, str]


class Labels(msgspec.Struct, frozen=True):
    """How they are written in one language."""

    columns: Mapping[str, str]
    types: Mapping[str, str]
    difficulties: Mapping[str, str]


def read(lines: Sequence[Line], words: Words) -> Reading:
    """The questions of a table."""
    return _Sheet(lines, words).reading()


def write(questions: Iterable[Question], labels: Labels) -> list[Sequence[str]]:
    """The rows of a table that says the same."""
    rows: list[Sequence[str]] = [[labels.columns[column] for column in Column]]
    for each in questions:
        options = [*each.options, *[""] * (len(_OPTIONS) - len(each.options))]
        rows.append(
            [
                each.text,
                labels.types[each.type],
                each.category,
                labels.difficulties[each.difficulty],
                written_points(each.half_points),
                *options,
                _written_key(each),
                each.remark,
            ]
        )
    return rows


def _written_key(question: Question) -> str:
    if question.type is QuestionType.FILL_IN:
        return "\n".join(each.replace("|", r"\|") for each in question.key)
    return "".join(question.key)


class _Sheet:
    """Reads a table."""

    def __init__(self, lines: Sequence[Line], words: Words) -> None:
        self._words = words
        self._columns = Columns(lines, words.columns, _NEEDED)
        self._questions: list[Placed] = []
        for line in self._columns.rows:
            self._read(line)

    def reading(self) -> Reading:
        return Reading(self._questions, self._columns.faults, ())

    def _read(self, line: Line) -> None:
        columns, before = self._columns, len(self._columns.faults)
        type_ = columns.take(line, Column.TYPE, self._type, QuestionType.ESSAY)
        question = Question(
            text=columns.take(line, Column.TEXT, str, ""),
            type=type_,
            category=columns.cell(line, Column.CATEGORY),
            difficulty=columns.take(line, Column.DIFFICULTY, self._difficulty, Difficulty.GENERAL),
            half_points=columns.take(line, Column.POINTS, read_half_points, _ONE_POINT),
            options=self._options(line),
            key=self._key(type_, columns.cell(line, Column.KEY)),
            remark=columns.cell(line, Column.REMARK),
        )
        if len(columns.faults) == before:
            self._questions.append(Placed(line.number, question))

    def _options(self, line: Line) -> tuple[str, ...]:
        options = [self._columns.cell(line, column) for column in _OPTIONS]
        for place, column in enumerate(_OPTIONS):
            if options[place] and not all(options[:place]):
                name = column[-1].upper()
                self._columns.blame(line.number, column, Refused(Code.OPTION_GAP, option=name))
                break
        return tuple(option for option in options if option)

    def _key(self, type_: QuestionType, cell: str) -> tuple[str, ...]:
        if type_ in (QuestionType.SINGLE, QuestionType.MULTI):
            return tuple(_GAPS.sub("", unicodedata.normalize("NFKC", cell)).upper())
        if type_ is QuestionType.TRUE_FALSE and cell:
            return (self._words.truths.get(folded(cell), cell),)
        if type_ is QuestionType.FILL_IN:
            parts = (part.replace(r"\|", "|").strip() for part in _PARTS.split(cell))
            return tuple(part for part in parts if part)
        return (cell,) if cell else ()

    def _type(self, cell: str) -> QuestionType:
        found = self._words.types.get(folded(cell))
        if found is None:
            known = ", ".join(QuestionType)
            raise Refused(Code.UNKNOWN_QUESTION_TYPE, text=cell[:_SHOWN], known=known)
        return found

    def _difficulty(self, cell: str) -> Difficulty:
        found = self._words.difficulties.get(folded(cell))
        if found is None:
            known = ", ".join(Difficulty)
            raise Refused(Code.UNKNOWN_DIFFICULTY, text=cell[:_SHOWN], known=known)
        return found
