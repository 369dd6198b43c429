"""Drawing a paper from the question bank: how many of which category, type and difficulty."""

from collections.abc import Sequence
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.document_form import NumberField
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from agent_client.terminal.widgets.pick import Pick
from protocol.facts.document import Difficulty
from protocol.facts.exam import QuestionType, Wanted
from protocol.wire.documents import DocumentFault, DocumentField, bad_document
from protocol.wire.exams import GeneratePaper


class GenerateForm(Form):
    """Enter on a count adds a row; Enter on an empty count draws."""

    NAMED = "paper_generate.title"
    HINTS: ClassVar = (
        ("⏎", "paper_generate.add"),
        ("←→", "form.change"),
        ("Esc", "dialog.close"),
    )

    def __init__(self, categories: Sequence[str]) -> None:
        super().__init__()
        self._categories = tuple(categories) or ("",)
        self.wanted: tuple[Wanted, ...] = ()

    def fields(self) -> Sequence[Widget]:
        """One row at a time."""
        return (
            Pick(
                self._categories,
                lambda words, name: shown(name) or words.text("paper_generate.no_category"),
                id="wanted-category",
            ),
            Pick(
                tuple(QuestionType),
                lambda words, type: words.text(f"question_type.{type}"),
                id="question-type",
            ),
            Pick(
                tuple(Difficulty),
                lambda words, value: words.text(f"difficulty.{value}"),
                id="question-difficulty",
            ),
            NumberField(0, id="wanted-count"),
        )

    def says(self, view: View) -> str:
        """The rows so far."""
        words = view.words
        rows = [
            words.text(
                "paper_generate.row",
                category=shown(each.category) or words.text("paper_generate.no_category"),
                type=words.text(f"question_type.{each.type}"),
                difficulty=words.text(f"difficulty.{each.difficulty}"),
                count=each.count,
            )
            for each in self.wanted
        ]
        return "\n".join(rows) or words.text("paper_generate.none")

    def message(self) -> GeneratePaper:
        """What is drawn. Raises `Refused` without a row."""
        if not self.wanted:
            raise bad_document(DocumentField.COUNT, DocumentFault.COUNT)
        return GeneratePaper(0, self.wanted)

    def submit(self) -> None:
        """A row more; without a count, draw."""
        count = int(self.value("wanted-count") or 0)
        if not count:
            super().submit()
            return
        category, type = self.value("wanted-category"), QuestionType(self.value("question-type"))
        difficulty = self.value("question-difficulty")
        key = (category, type, difficulty)
        others = [
            each for each in self.wanted if key != (each.category, each.type, each.difficulty)
        ]
        self.wanted = (*others, Wanted(*key, count))
        self.query_one("#wanted-count", Input).value = ""
        self.refuse(None)
        if self._view is not None:
            self.show(self._view)
