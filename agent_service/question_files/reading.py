"""What a file of questions says, whatever its format."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from agent_service.accounts.staff_sheet import Fault
from protocol.facts.document import Question
from protocol.wire.errors import Refused


class Placed(msgspec.Struct, frozen=True):
    """A question, and where it begins."""

    line: int
    question: Question


class Reading(NamedTuple):
    """What was read. Nobody has looked yet whether the questions can be asked."""

    questions: Sequence[Placed]
    faults: Sequence[Fault]
    """What can't be read, or would be another question here."""
    notes: Sequence[Fault]
    """What was left away and does not change what is asked."""


class Found:
    """Where a reader collects it. A fault concerns a whole line: it has no column."""

    def __init__(self) -> None:
        self._questions: list[Placed] = []
        self._faults: list[Fault] = []
        self._notes: list[Fault] = []

    def question(self, line: int, question: Question) -> None:
        """Something that was read."""
        self._questions.append(Placed(line, question))

    def fault(self, line: int, refused: Refused) -> None:
        """Something that can't be."""
        self._faults.append(Fault(line, "", refused.code, refused.params))

    def note(self, line: int, code: str) -> None:
        """Something that was left away."""
        self._notes.append(Fault(line, "", code, {}))

    def reading(self) -> Reading:
        """All of it."""
        return Reading(self._questions, self._faults, self._notes)
