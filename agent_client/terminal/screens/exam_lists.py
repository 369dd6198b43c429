"""The lists of the question bank and of papers."""

from typing import ClassVar

from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.exam_words import LETTERS, points
from agent_client.terminal.screens.documents import (
    AUTHOR,
    CREATED,
    HINTS,
    STATE,
    DocumentColumn,
    DocumentsSheet,
    Shown,
)
from agent_client.terminal.view import View
from protocol.facts.document import DocumentKind, Paper, Question
from protocol.facts.exam import PaperItem
from protocol.wire.documents import DocumentOrder, DocumentRow

ORDERS = (DocumentOrder.NUMBER, DocumentOrder.NAME, DocumentOrder.CHANGED)


def _text(_: Shown, row: DocumentRow) -> str:
    return shown(_called(row))


def _called(row: DocumentRow) -> str:
    if isinstance(row.body, Question):
        return row.body.text
    return row.body.name if isinstance(row.body, Paper) else ""


def _category(_: Shown, row: DocumentRow) -> str:
    return shown(row.body.category) if isinstance(row.body, Question | Paper) else ""


def _type(place: Shown, row: DocumentRow) -> str:
    body = row.body
    return place.words.text(f"question_type.{body.type}") if isinstance(body, Question) else ""


def _difficulty(place: Shown, row: DocumentRow) -> str:
    body = row.body
    return place.words.text(f"difficulty.{body.difficulty}") if isinstance(body, Question) else ""


def _worth(_: Shown, row: DocumentRow) -> str:
    if isinstance(row.body, Question):
        return points(row.body.half_points)
    return points(sum(each.half_points for each in _items(row)))


def _items(row: DocumentRow) -> tuple[PaperItem, ...]:
    return row.body.items if isinstance(row.body, Paper) else ()


def _count(_: Shown, row: DocumentRow) -> str:
    return str(len(_items(row)))


def _number(_: Shown, row: DocumentRow) -> str:
    return str(row.number)


_NUMBER = DocumentColumn("number", _number, 35, right=True)
_CATEGORY = DocumentColumn("category", _category, 55, most=12)
_WORTH = DocumentColumn("points", _worth, 57, right=True)


class QuestionsSheet(DocumentsSheet):
    """The question bank; `g` makes a paper of the questions that are ticked."""

    NAMED = "examining.questions"
    NOTHING = "questions.none"
    KIND = DocumentKind.QUESTION
    ORDERS: ClassVar = ORDERS
    COLUMNS = (
        DocumentColumn("question", _text, 0),
        _NUMBER,
        _CATEGORY,
        DocumentColumn("question_type", _type, 58),
        DocumentColumn("difficulty", _difficulty, 45),
        _WORTH,
        STATE,
        AUTHOR,
        CREATED,
    )
    HINTS = (*HINTS[:2], ("g", "questions.make_paper"), *HINTS[2:])
    BINDINGS = [("g", "want('make_paper')")]  # noqa: RUF012 - Textual's own form

    def named(self, row: DocumentRow) -> str:
        """What it asks."""
        return _called(row)

    def says(self, view: View, row: DocumentRow) -> str:
        """Its options and its key, and the remark."""
        body = row.body
        if not isinstance(body, Question):
            return ""
        letters = zip(LETTERS, body.options, strict=False)
        options = "  ".join(f"{letter} {shown(text)}" for letter, text in letters)
        comma = view.words.text("comma")
        key = (
            view.words.text("questions.right", right=shown(comma.join(body.key)))
            if body.key
            else ""
        )
        return "  ·  ".join(part for part in (options, key, shown(body.remark)) if part)


class PapersSheet(DocumentsSheet):
    """Papers; Enter designs one, `i` issues it, `k` shows the standard answers."""

    NAMED = "examining.papers"
    NOTHING = "papers.none"
    KIND = DocumentKind.PAPER
    ORDERS: ClassVar = ORDERS
    COLUMNS = (
        DocumentColumn("paper", _text, 0),
        DocumentColumn("paper_category", _category, 55, most=12),
        DocumentColumn("question_count", _count, 58, right=True),
        _WORTH,
        AUTHOR,
        CREATED,
        STATE,
    )
    HINTS = (
        *HINTS[:2],
        ("i", "papers.issue"),
        ("k", "papers.keys"),
        ("g", "papers.generate"),
        *HINTS[2:],
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("i", "want('issue')"),
        ("k", "want('keys')"),
        ("g", "generate"),
    ]

    class GenerateWanted(Message):
        """Another one is to be drawn."""

    def named(self, row: DocumentRow) -> str:
        """Its name."""
        return _called(row)

    def says(self, view: View, row: DocumentRow) -> str:
        """What passes, how it was drawn, and the remark."""
        body, words = row.body, view.words
        if not isinstance(body, Paper):
            return ""
        parts = [words.text("papers.passes", percent=body.pass_percent)]
        if body.generated is not None:
            parts.append(words.text("papers.drawn", seed=shown(body.generated.seed)))
        return "  ·  ".join([*parts, *([shown(body.remark)] if body.remark else [])])

    def action_generate(self) -> None:
        """Another paper, drawn from the bank: no row is needed for it."""
        self.post_message(self.GenerateWanted())
