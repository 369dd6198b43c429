"""Designing a paper: its questions with their points, what passes, and how it is shown."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from agent_client.terminal.exam_words import points
from agent_client.terminal.paper_lines import Asked, as_line, items_in
from agent_client.terminal.screens.document_form import DocumentForm, NumberField
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.note_area import NoteArea
from agent_client.terminal.widgets.pick import Pick
from protocol.facts.document import Paper
from protocol.facts.exam import MultiMode, PaperItem
from protocol.wire.documents import MAX_ITEMS, MAX_NAME, MAX_REMARK, DocumentRow
from protocol.wire.errors import Refused

_OFF, _ON = "off", "on"
_LINE = 200


class PaperForm(DocumentForm):
    """A line a question: number and points. Lines are moved, cut and added as text."""

    CSS_PATH = ["dialog.tcss", "form.tcss", "exams.tcss"]  # noqa: RUF012 - Textual's own form
    NAMED = "paper_form.title"
    HINTS = (
        ("⏎ ⇥", "form.next"),
        ("←→", "form.change"),
        ("^S", "training_content.keep"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [Binding("ctrl+s", "keep", priority=True)]  # noqa: RUF012 - Textual's own form
    FIELDS: ClassVar = {
        "name": "paper-name",
        "category": "exam-category",
        "items": "paper-items",
        "pass_percent": "paper-passes",
        "remark": "doc-remark",
    }

    def __init__(self, row: DocumentRow | None, known: Paper, bank: Mapping[int, Asked]) -> None:
        """`bank`: the questions that there are to choose from, by number; those of the paper in
        its versions."""
        super().__init__(row)
        self._known, self._bank = known, bank
        self._by_document = {each.row.document: each for each in bank.values()}

    def fields(self) -> Sequence[Widget]:
        """With what it says so far."""
        known = self._known
        lines = [
            as_line(asked, item.half_points)
            for item in known.items
            if (asked := self._by_document.get(item.question)) is not None
        ]
        return (
            Field(known.name, id="paper-name", compact=True, max_length=MAX_NAME),
            Field(known.category, id="exam-category", compact=True, max_length=MAX_NAME),
            _Items("\n".join(lines), id="paper-items"),
            NumberField(known.pass_percent, id="paper-passes"),
            Pick(
                tuple(MultiMode),
                lambda words, mode: words.text(f"multi_mode.{mode}"),
                id="paper-mode",
                value=known.mode,
            ),
            Pick(
                (_ON, _OFF),
                lambda words, value: words.text(f"toggle.{value}"),
                id="paper-shuffled",
                value=_ON if known.shuffled else _OFF,
            ),
            Field(known.remark, id="doc-remark", compact=True, max_length=MAX_REMARK),
        )

    def means(self, view: View) -> str:
        """How many questions, and their points; which line can't be read."""
        words = view.words
        try:
            items = self._items()
        except Refused as refusal:
            return words.refusal(refusal)
        total = points(sum(item.half_points for item in items))
        return words.text("paper_form.says", count=len(items), total=total)

    def body(self) -> Paper:
        """What stands there; drawn is only what is left as it was drawn."""
        items = self._items()
        drawn = self._known.generated if items == self._known.items else None
        return Paper(
            name=self.value("paper-name"),
            category=self.value("exam-category"),
            items=items,
            mode=MultiMode(self.value("paper-mode")),
            pass_percent=self.number("paper-passes"),
            shuffled=self.value("paper-shuffled") == _ON,
            generated=drawn,
            remark=self.value("doc-remark"),
        )

    @on(TextArea.Changed)
    def written(self, event: Message) -> None:
        """Of the lines, too."""
        self.changed(event)

    def action_keep(self) -> None:
        """Send it from wherever the cursor is."""
        self.submit()

    def _items(self) -> tuple[PaperItem, ...]:
        return items_in(self.query_one("#paper-items", TextArea).text, self._bank)


class _Items(NoteArea):
    MOST = MAX_ITEMS * _LINE
