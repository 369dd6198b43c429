"""Papers with their questions, each in the version that was chosen."""

import sqlite3
from collections.abc import Callable
from string import ascii_uppercase

import msgspec

from agent_service.documents import store as documents
from protocol.facts.document import AnyBody, Paper, Question
from protocol.facts.exam import QuestionType
from protocol.wire.exams import MAX_ANSWER

_KEPT = 64
"""Papers that are remembered: a version never changes."""

BYTES = 3
"""Of a character, as Chinese ones are written."""
_encoder = msgspec.json.Encoder()

ReadVersion = Callable[[sqlite3.Connection, str, int], AnyBody | None]
"""What a version of a document says."""


class ExamQuestion(msgspec.Struct, frozen=True):
    """A question of a paper. It holds the key."""

    question: str
    half_points: int
    body: Question

    @property
    def names(self) -> tuple[str, ...]:
        """What the options are called, in the paper's order."""
        return tuple(ascii_uppercase[: len(self.body.options)])


class ExamPaper(msgspec.Struct, frozen=True):
    """A version of a paper."""

    body: Paper
    questions: tuple[ExamQuestion, ...]

    @property
    def half_points(self) -> int:
        """Of all."""
        return sum(each.half_points for each in self.questions)

    @property
    def essays(self) -> tuple[ExamQuestion, ...]:
        """Those that somebody has to mark."""
        return tuple(each for each in self.questions if each.body.type is QuestionType.ESSAY)

    @property
    def most_bytes(self) -> int:
        """How long it is on the wire with the longest essays, about."""
        texts = sum(len(_encoder.encode(each.body)) for each in self.questions)
        return texts + len(self.essays) * MAX_ANSWER * BYTES

    def find(self, question: str) -> ExamQuestion | None:
        """One of its questions."""
        return next((each for each in self.questions if each.question == question), None)


class Papers:
    """Remembers what it has read. For one thread."""

    def __init__(self, read: ReadVersion = documents.version) -> None:
        self._read = read
        self._kept: dict[tuple[str, int], ExamPaper] = {}

    def find(self, connection: sqlite3.Connection, paper: str, version: int) -> ExamPaper | None:
        """None where there is no such version, or not all of its questions."""
        kept = self._kept.get((paper, version))
        if kept is not None:
            return kept
        body = self._read(connection, paper, version)
        if not isinstance(body, Paper):
            return None
        read = [
            ExamQuestion(item.question, item.half_points, question)
            for item in body.items
            if isinstance(question := self._read(connection, item.question, item.version), Question)
        ]
        if len(read) < len(body.items):
            return None
        if len(self._kept) >= _KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[paper, version] = found = ExamPaper(body, tuple(read))
        return found
