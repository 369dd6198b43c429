"""Writing a question of the bank, with its key."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from agent_client.terminal.cells import shown_lines
from agent_client.terminal.exam_words import LETTERS, points
from agent_client.terminal.screens.document_form import DocumentForm
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.note_area import NoteArea
from agent_client.terminal.widgets.pick import Pick
from protocol.facts.document import Difficulty, Question
from protocol.facts.exam import QuestionType
from protocol.rules.exam_answer import FALSE, TRUE
from protocol.wire.documents import (
    MAX_NAME,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_QUESTION,
    MAX_REMARK,
    DocumentFault,
    DocumentField,
    DocumentRow,
    bad_document,
)

_LETTERED = (QuestionType.SINGLE, QuestionType.MULTI)


class QuestionForm(DocumentForm):
    """One form for all types: what a type has no use for is away."""

    CSS_PATH = ["dialog.tcss", "form.tcss", "exams.tcss"]  # noqa: RUF012 - Textual's own form
    NAMED = "question_form.title"
    HINTS = (
        ("⏎ ⇥", "form.next"),
        ("←→", "form.change"),
        ("^S", "training_content.keep"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [Binding("ctrl+s", "keep", priority=True)]  # noqa: RUF012 - Textual's own form
    FIELDS: ClassVar = {
        "text": "question-text",
        "options": "question-lines",
        "key": "question-key",
        "category": "exam-category",
        "half_points": "question-points",
        "remark": "doc-remark",
    }

    def __init__(self, row: DocumentRow | None, category: str = "") -> None:
        super().__init__(row)
        body = row.body if row is not None else None
        fresh = Question("", QuestionType.SINGLE, category)
        self._known = body if isinstance(body, Question) else fresh

    def fields(self) -> Sequence[Widget]:
        """With what it says so far."""
        known = self._known
        fill_in = known.type is QuestionType.FILL_IN
        lines = "\n".join(known.key if fill_in else known.options)
        truth = known.key[0] if known.type is QuestionType.TRUE_FALSE and known.key else TRUE
        key = "".join(known.key) if known.type in _LETTERED else ""
        return (
            Pick(
                tuple(QuestionType),
                lambda words, type: words.text(f"question_type.{type}"),
                id="question-type",
                value=known.type,
            ),
            _QuestionText(shown_lines(known.text), id="question-text"),
            _QuestionLines(shown_lines(lines), id="question-lines"),
            Field(key, id="question-key", compact=True, max_length=2 * MAX_OPTIONS),
            Pick(
                (TRUE, FALSE),
                lambda words, value: words.text(f"question_form.{value}"),
                id="question-truth",
                value=truth,
            ),
            Field(known.category, id="exam-category", compact=True, max_length=MAX_NAME),
            Pick(
                tuple(Difficulty),
                lambda words, value: words.text(f"difficulty.{value}"),
                id="question-difficulty",
                value=known.difficulty,
            ),
            Field(points(known.half_points), id="question-points", compact=True, max_length=6),
            Field(known.remark, id="doc-remark", compact=True, max_length=MAX_REMARK),
        )

    def applies(self, field: str) -> bool:
        """Options and keys as the type has them."""
        lettered = self._type in _LETTERED
        needs = {
            "question-lines": lettered or self._type is QuestionType.FILL_IN,
            "question-key": lettered,
            "question-truth": self._type is QuestionType.TRUE_FALSE,
        }
        return needs.get(field, True)

    def means(self, view: View) -> str:
        """How options and keys are written, and which letters there are."""
        words = view.words
        if self._type not in _LETTERED:
            return words.text(f"question_form.says_{self._type}")
        letters = zip(LETTERS, self._lines(), strict=False)
        options = "  ".join(f"{letter} {text}" for letter, text in letters)
        return f"{words.text(f'question_form.says_{self._type}')}\n{options}"

    def body(self) -> Question:
        """What stands there."""
        lettered = self._type in _LETTERED
        return Question(
            text=self.query_one("#question-text", TextArea).text.strip(),
            type=self._type,
            category=self.value("exam-category"),
            difficulty=Difficulty(self.value("question-difficulty")),
            half_points=half_points(self.value("question-points")),
            options=self._lines() if lettered else (),
            key=self._key(),
            remark=self.value("doc-remark"),
        )

    @on(TextArea.Changed)
    def written(self, event: Message) -> None:
        """Of the areas, too."""
        self.changed(event)

    def action_keep(self) -> None:
        """Send it from wherever the cursor is."""
        self.submit()

    @property
    def _type(self) -> QuestionType:
        return QuestionType(self.value("question-type") or self._known.type)

    def _lines(self) -> tuple[str, ...]:
        for area in self.query("#question-lines").results(TextArea):
            return tuple(line.strip() for line in area.text.splitlines() if line.strip())
        return ()

    def _key(self) -> tuple[str, ...]:
        match self._type:
            case QuestionType.TRUE_FALSE:
                return (self.value("question-truth"),)
            case QuestionType.FILL_IN:
                return self._lines()
            case QuestionType.ESSAY:
                return ()
            case _:
                return letters_in(self.value("question-key"))


class _QuestionText(NoteArea):
    MOST = MAX_QUESTION


class _QuestionLines(NoteArea):
    MOST = MAX_OPTIONS * (MAX_OPTION + 1)


def letters_in(text: str) -> tuple[str, ...]:
    """`A, c` or `ac`: letters, each once, in their order."""
    return tuple(sorted({letter for letter in text.upper() if letter.isalnum()}))


def half_points(text: str) -> int:
    """Twice the points that are typed. Raises `Refused` where they are none, or no halves."""
    try:
        twice = float(text.replace(",", ".")) * 2
    except ValueError:
        twice = 0.5
    if not twice.is_integer():
        raise bad_document(DocumentField.HALF_POINTS, DocumentFault.POINTS)
    return int(twice)
