"""A form that writes a document, or another version of one."""

from collections.abc import Mapping
from typing import ClassVar

from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.screens.form import Form
from agent_client.terminal.view import View
from protocol.facts.document import AnyBody
from protocol.wire.documents import DocumentField, DocumentRow, PutDocument
from protocol.wire.errors import Code, Refused

MAX_DIGITS = 9
_DIGITS = r"[0-9\uff10-\uff19]*"
"""As input methods enter them, too."""


class DocumentForm(Form):
    """Where somebody else has changed it, that is said, and Enter once more puts this over it."""

    FIELDS: ClassVar[Mapping[str, str]]
    """The entry's id by the document's field, to go to where it is wrong."""

    def __init__(self, row: DocumentRow | None) -> None:
        super().__init__()
        self.row = row
        """The version that it is about; null: there is none yet."""
        self._newer = False
        self._written = False
        self._warned = False

    def body(self) -> AnyBody:
        """What stands there. Raises `Refused`."""
        raise NotImplementedError

    def means(self, view: View) -> str:
        """What is meant, in words."""
        raise NotImplementedError

    def message(self) -> PutDocument:
        """A new document, or another version of it."""
        if self.row is None:
            return PutDocument(0, "", self.body())
        return PutDocument(0, "", self.body(), self.row.document, self.row.version)

    def says(self, view: View) -> str:
        """What would be lost, or what somebody else did, comes first."""
        if self._warned:
            return view.words.text("document_form.lost")
        if self._newer and self.row is not None:
            zone = view.status.zone if view.status is not None else "UTC"
            at = f"{at_site(self.row.changed_ms, zone):%Y-%m-%d %H:%M}"
            who, version = shown(self.row.changed_by), self.row.version
            return view.words.text("document_form.newer", who=who, at=at, version=version)
        return self.means(view)

    def take_newer(self, row: DocumentRow) -> None:
        """Somebody else's version: what is typed here stays and would come after it."""
        self.row, self._newer = row, True
        if self._view is not None:
            self.show(self._view)

    def refuse(self, refusal: Refused | None) -> None:
        """The field that is wrong has the focus."""
        if refusal is not None:
            counted = refusal.code == Code.N_EXCEEDS_CONTENT
            field = DocumentField.COUNT if counted else refusal.params.get("field", "")
            for entry in self.query(f"#{self.FIELDS.get(str(field), 'none')}"):
                entry.focus()
        super().refuse(refusal)

    def changed_field(self, event: Message) -> None:
        """Something is written that would be lost."""
        self._written, self._warned = True, False

    def action_close(self) -> None:
        """Leave. What is written would be lost, and that is said once."""
        if self._written and not self._warned:
            self._warned = True
            if self._view is not None:
                self.show(self._view)
        else:
            super().action_close()

    def number(self, name: str) -> int:
        """What a field of digits holds; nothing stands for 0."""
        return int(self.value(name) or 0)


class NumberField(Input):
    """Takes digits alone."""

    def __init__(self, value: int, *, id: str) -> None:
        text = str(value) if value else ""
        super().__init__(text, id=id, compact=True, max_length=MAX_DIGITS, restrict=_DIGITS)
