"""The questions of a paper as lines that people write: `number points  text`. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent_client.terminal.cells import shown
from agent_client.terminal.exam_words import points
from protocol.facts.document import Question
from protocol.facts.exam import PaperItem
from protocol.wire.documents import (
    MAX_HALF_POINTS,
    DocumentFault,
    DocumentField,
    DocumentRow,
    bad_document,
)


@dataclass(frozen=True)
class Asked:
    """A question in the version that a paper has."""

    row: DocumentRow
    question: Question


def as_line(asked: Asked, half_points: int) -> str:
    """`12 2.5  What comes first?`."""
    return f"{asked.row.number} {points(half_points)}  {shown(asked.question.text)}"


def items_in(text: str, bank: Mapping[int, Asked]) -> tuple[PaperItem, ...]:
    """A line a question: its number, and its points, if they are not those of the bank. Raises
    `Refused` with `bad_document`."""
    lines = [line.split(maxsplit=2) for line in text.splitlines() if line.strip()]
    return tuple(_item(line, bank) for line in lines)


def _item(line: Sequence[str], bank: Mapping[int, Asked]) -> PaperItem:
    asked = bank.get(int(line[0])) if line[0].isdecimal() else None
    if asked is None:
        raise bad_document(DocumentField.ITEMS, DocumentFault.UNKNOWN_QUESTION)
    half_points = asked.question.half_points if len(line) == 1 else _half_points(line[1])
    return PaperItem(asked.row.document, asked.row.version, half_points)


def _half_points(text: str) -> int:
    try:
        twice = float(text) * 2
    except ValueError:
        twice = 0.0
    if not (twice.is_integer() and 0 < twice <= MAX_HALF_POINTS):
        raise bad_document(DocumentField.ITEMS, DocumentFault.POINTS)
    return int(twice)
