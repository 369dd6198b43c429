"""Questions out of GIFT, as Moodle reads it: blocks between blank lines, `{ answers }`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from agent_service.question_files import moodle_terms
from agent_service.question_files.gift_marks import Marks, as_text, marks, place_of
from agent_service.question_files.gift_write import ARROW
from agent_service.question_files.moodle_terms import Weighed
from agent_service.question_files.option_names import RIGHT, WRONG
from agent_service.question_files.plain_text import plain
from agent_service.question_files.reading import Found, Reading
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused

_CATEGORY = "$CATEGORY:"
_COMMENT = "//"
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{0,9})?)%")
_TRUTHS = {"T": RIGHT, "TRUE": RIGHT, "F": WRONG, "FALSE": WRONG}
_HTML = "html"
_FEEDBACK, _GENERAL_FEEDBACK = "#", "####"


class _Block(NamedTuple):
    """What stands between blank lines."""

    line: int
    text: str


class _Answer(NamedTuple):
    """One of `{=a ~b}`."""

    sign: str
    weight: float | None
    text: str


def read(text: str) -> Reading:
    """The questions of a file."""
    reader = _Gift()
    for block in _blocks(text):
        reader.read(block)
    return reader.found.reading()


def _blocks(text: str) -> Iterator[_Block]:
    """Without comments; a line that names a category is one by itself."""
    lines: list[str] = []
    begun = 0
    for number, line in enumerate((*re.split("\r\n|\r|\n", text), ""), 1):
        if line.lstrip().startswith(_COMMENT):
            continue
        named = not lines and line.lstrip().startswith(_CATEGORY)
        if line.strip() and not named:
            begun = begun if lines else number
            lines.append(line)
            continue
        if lines:
            yield _Block(begun, "\n".join(lines))
            lines = []
        if named:
            yield _Block(number, line.strip())


class _Gift:
    """Reads blocks, one after the other."""

    def __init__(self) -> None:
        self.found = Found()
        self._category = ""

    def read(self, block: _Block) -> None:
        if block.text.startswith(_CATEGORY):
            self._category = moodle_terms.read_category(block.text.removeprefix(_CATEGORY))
            return
        try:
            question = self._question(block)
        except Refused as refused:
            self.found.fault(block.line, refused)
            return
        if question is None:
            self.found.note(block.line, Code.DESCRIPTION_PASSED)
        else:
            self.found.question(block.line, replace(question, category=self._category))

    def _question(self, block: _Block) -> Question | None:
        """Raises `Refused`."""
        whole = _untitled(marks(block.text))
        begin, end = place_of("{", whole), place_of("}", whole)
        if begin == end == -1:
            return None
        if begin == -1 or end < begin:
            raise Refused(Code.ANSWERS_UNREADABLE)
        if "".join(whole[end + 1 :]).strip():
            raise Refused(Code.UNSUPPORTED_QUESTION, type="missing word")
        format_, text = _formatted(whole[:begin], "")
        return self._answered(block.line, text, format_, whole[begin + 1 : end])

    def _answered(self, line: int, text: str, format_: str, answers: Marks) -> Question:
        general = place_of(_GENERAL_FEEDBACK, answers)
        if general >= 0:
            self.found.note(line, Code.FEEDBACK_DROPPED)
            answers = answers[:general]
        raw = "".join(answers).strip()
        if not raw:
            return Question(text, QuestionType.ESSAY)
        if raw.startswith(_FEEDBACK):
            raise Refused(Code.UNSUPPORTED_QUESTION, type="numerical")
        if "~" in answers:
            return _choice(text, self._answers(line, answers, format_))
        if "=" in answers and ARROW in raw:
            raise Refused(Code.UNSUPPORTED_QUESTION, type="matching")
        statement = self._without_feedback(line, answers)
        truth = _TRUTHS.get("".join(statement).strip().upper())
        if truth is not None:
            return Question(text, QuestionType.TRUE_FALSE, key=(truth,))
        return moodle_terms.fill_in(text, _weighed(self._answers(line, answers, None)))

    def _answers(self, line: int, answers: Marks, format_: str | None) -> list[_Answer]:
        """What stands behind each sign; before the first one, as if behind `=`. Without a format,
        what looks like one is text."""
        cuts = [at for at, mark in enumerate(answers) if mark in "=~"] + [len(answers)]
        before, found = answers[: cuts[0]], []
        if "".join(before).strip():
            found.append(self._answer(line, "=", before, format_))
        for at, end in pairwise(cuts):
            found.append(self._answer(line, answers[at], answers[at + 1 : end], format_))
        return found

    def _answer(self, line: int, sign: str, answer: Marks, format_: str | None) -> _Answer:
        weight = _WEIGHT.match("".join(answer))
        rest = self._without_feedback(line, answer[_length(weight) :])
        text = as_text(rest) if format_ is None else _formatted(rest, format_)[1]
        return _Answer(sign, None if weight is None else float(weight[1]), text)

    def _without_feedback(self, line: int, text: Marks) -> Marks:
        at = place_of(_FEEDBACK, text)
        if at == -1:
            return text
        if "".join(text[at + 1 :]).strip():
            self.found.note(line, Code.FEEDBACK_DROPPED)
        return text[:at]


def _untitled(text: Marks) -> Marks:
    """Without `::title::` at the beginning."""
    start = next((at for at, mark in enumerate(text) if not mark.isspace()), 0)
    if list(text[start : start + 2]) == [":", ":"]:
        end = place_of("::", text, start + 2)
        if end >= 0:
            return text[end + 2 :]
    return text


def _formatted(text: Marks, format_: str) -> tuple[str, str]:
    """The format that it says, else that of what it belongs to, and the text in plain words."""
    said = _FORMAT.match("".join(text))
    format_ = format_ if said is None else said[1]
    words = as_text(text[_length(said) :])
    return format_, plain(words) if format_ == _HTML else words


def _length(found: re.Match[str] | None) -> int:
    return 0 if found is None else found.end()


def _choice(text: str, answers: Sequence[_Answer]) -> Question:
    several = all(answer.sign == "~" for answer in answers)
    return moodle_terms.choice(text, _weighed(answers), several=several)


def _weighed(answers: Sequence[_Answer]) -> list[Weighed]:
    usual = {"=": moodle_terms.WHOLE, "~": 0.0}
    return [
        Weighed(each.text, usual[each.sign] if each.weight is None else each.weight)
        for each in answers
    ]
