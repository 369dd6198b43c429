"""Writing a training type."""

from collections.abc import Sequence
from typing import ClassVar

from textual.widget import Widget

from agent_client.terminal.screens.document_form import DocumentForm, NumberField
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.facts.document import TrainingType
from protocol.wire.documents import MAX_NAME, MAX_REMARK, DocumentRow


class TypeForm(DocumentForm):
    """A name, a place in lists, a remark."""

    NAMED = "training_type.title"
    FIELDS: ClassVar = {"name": "type-name", "remark": "doc-remark"}

    def __init__(self, row: DocumentRow | None) -> None:
        super().__init__(row)
        body = row.body if row is not None else None
        self._type = body if isinstance(body, TrainingType) else TrainingType("")

    def fields(self) -> Sequence[Widget]:
        """With what it says so far."""
        known = self._type
        return (
            Field(known.name, id="type-name", compact=True, max_length=MAX_NAME),
            NumberField(known.place, id="doc-place"),
            Field(known.remark, id="doc-remark", compact=True, max_length=MAX_REMARK),
        )

    def means(self, view: View) -> str:
        """What a type is for."""
        return view.words.text("training_type.says")

    def body(self) -> TrainingType:
        """What stands there."""
        place = self.number("doc-place")
        return TrainingType(self.value("type-name"), place, self.value("doc-remark"))
