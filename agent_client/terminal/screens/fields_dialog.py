"""A question with fields of text, each with what is wrong with it said below."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from protocol.wire.errors import Refused


class FieldsDialog(Dialog[None]):
    """Stays until whoever asked says that it is done, or it is left by Escape."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    WORDS: ClassVar[str]
    """Where the fields' titles stand in the catalogue: `<WORDS>.<id of the field>`."""

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None

    def question(self) -> Widget:
        """What is asked."""
        raise NotImplementedError

    def fields(self) -> tuple[Input, ...]:
        """The fields, in order, each with an id."""
        raise NotImplementedError

    def compose_parts(self) -> ComposeResult:
        """The question, and each field with its fault."""
        with Vertical(classes="dialog"):
            yield self.question()
            for field in self.fields():
                yield field
                yield FieldFault(id=f"{field.id}-fault")

    def show(self, view: View) -> None:
        """Paint the present view."""
        super().show(view)
        self._view = view
        for field in self.query(Input):
            field.border_title = view.words.text(f"{self.WORDS}.{field.id}")

    def typed(self) -> list[str]:
        """What the fields hold; nothing while one is empty, which then has the focus."""
        for field in self.query(Input):
            if not field.value:
                field.focus()
                return []
        return [field.value for field in self.query(Input)]

    def say(self, name: str, refusal: Refused) -> None:
        """Say what is wrong beside one field, which has the focus then."""
        for fault in self.query(FieldFault):
            fault.say(refusal if fault.id == f"{name}-fault" else None, self._view)
        self.query_one(f"#{name}", Input).focus()
