"""How questions and contents are written in tables, in every language and as codes."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from agent_service.accounts.staff_sheet import folded
from agent_service.content_files.sheet import Column as ContentColumn
from agent_service.question_files.option_names import RIGHT, WRONG
from agent_service.question_files.sheet import Column, Labels, Words
from protocol.facts.document import Difficulty
from protocol.facts.exam import QuestionType
from protocol.i18n import LANGUAGES, Catalogue, load

C = TypeVar("C", bound=StrEnum)


def question_words() -> Words:
    """All that may stand in a table of questions."""
    return Words(
        _known(Column, "documents.column"),
        _known(QuestionType, "documents.question_type"),
        _known(Difficulty, "documents.difficulty"),
        _truths(),
    )


def question_labels(catalogue: Catalogue) -> Labels:
    """What stands in a table that is written."""
    return Labels(
        {each: question_heading(catalogue, each) for each in Column},
        {each: _words(catalogue, f"documents.question_type.{each}")[0] for each in QuestionType},
        {each: _words(catalogue, f"documents.difficulty.{each}")[0] for each in Difficulty},
    )


def question_heading(catalogue: Catalogue, column: str) -> str:
    """A column of a table of questions as the reader's language calls it."""
    return catalogue.text(f"documents.column.{column}")


def content_columns() -> dict[str, ContentColumn]:
    """How columns of a table of contents are written."""
    return _known(ContentColumn, "documents.content_column")


def content_headings(catalogue: Catalogue) -> list[str]:
    """The heading of one that is written."""
    return [content_heading(catalogue, each) for each in ContentColumn]


def content_heading(catalogue: Catalogue, column: str) -> str:
    """A column of a table of contents likewise."""
    return catalogue.text(f"documents.content_column.{column}")


def _known(members: Iterable[C], family: str) -> dict[str, C]:
    words = {folded(each): each for each in members}
    for catalogue in map(load, LANGUAGES):
        for each in members:
            words |= dict.fromkeys(map(folded, _words(catalogue, f"{family}.{each}")), each)
    return words


def _truths() -> dict[str, str]:
    words = {folded(each): each for each in (RIGHT, WRONG)}
    for catalogue in map(load, LANGUAGES):
        words |= dict.fromkeys(map(folded, _words(catalogue, "documents.is_true")), RIGHT)
        words |= dict.fromkeys(map(folded, _words(catalogue, "documents.is_false")), WRONG)
    return words


def _words(catalogue: Catalogue, key: str) -> list[str]:
    """The first one is how it is written."""
    return catalogue.text(key).split(", ")
