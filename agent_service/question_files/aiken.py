"""Questions as Aiken: a line, options `A. …`, and `ANSWER: A`. It holds choices of one option;
category, difficulty, points and remarks have no place there."""

import re
from collections.abc import Iterable

from agent_service.question_files.option_names import NAMES
from agent_service.question_files.reading import Found, Reading
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused

_OPTION = re.compile(r"([A-Z])[.)]\s*(\S.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z]")
_SHOWN = 64


def holds(question: Question) -> bool:
    """Whether Aiken can say it: one right option, and no text that takes more than a line or
    looks like an option or an answer."""
    text = question.text
    lines = "\n" in "".join((text, *question.options))
    means = _OPTION.fullmatch(text) or _ANSWER.fullmatch(text)
    return question.type is QuestionType.SINGLE and not lines and not means


def write(questions: Iterable[Question]) -> str:
    """The text of a file."""
    return "\n".join(_written(each) for each in questions)


def _written(question: Question) -> str:
    options = (f"{name}. {text}" for name, text in zip(NAMES, question.options, strict=False))
    return "\n".join((question.text, *options, f"ANSWER: {question.key[0]}", ""))


def read(text: str) -> Reading:
    """The questions of a file."""
    reader = _Aiken()
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        if line.strip():
            reader.read(number, line.strip())
    reader.end()
    return reader.found.reading()


class _Aiken:
    """Reads lines, one after the other."""

    def __init__(self) -> None:
        self.found = Found()
        self._forget()

    def _forget(self) -> None:
        self._begun = 0
        self._text: list[str] = []
        self._options: list[str] = []
        self._is_sound = True

    def read(self, number: int, line: str) -> None:
        """A line with something in it."""
        self._begun = self._begun or number
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if answer is not None:
            self._answer(answer[1])
        elif option is not None:
            self._option(number, option[1], option[2])
        elif self._options:
            self._fault(number, Refused(Code.LINE_NOT_EXPECTED, text=line[:_SHOWN]))
        else:
            self._text.append(line)

    def end(self) -> None:
        """There are no more lines."""
        if self._begun:
            self._fault(self._begun, Refused(Code.ANSWER_MISSING))

    def _option(self, number: int, name: str, text: str) -> None:
        if name != NAMES[len(self._options) : len(self._options) + 1]:
            self._fault(number, Refused(Code.OPTION_GAP, option=name))
        self._options.append(text)

    def _answer(self, key: str) -> None:
        question = Question(
            "\n".join(self._text),
            QuestionType.SINGLE,
            options=tuple(self._options),
            key=tuple(name.upper() for name in _NAME.findall(key)),
        )
        if self._is_sound:
            self.found.question(self._begun, question)
        self._forget()

    def _fault(self, line: int, refused: Refused) -> None:
        self._is_sound = False
        self.found.fault(line, refused)
