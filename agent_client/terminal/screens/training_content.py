"""Writing what is studied: Markdown, with a look at it by one key."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from agent_client.terminal.cells import shown, shown_lines
from agent_client.terminal.screens.document_form import DocumentForm, NumberField
from agent_client.terminal.screens.markdown_preview import MarkdownPreview
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.note_area import NoteArea
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.wording import Wording
from protocol.facts.document import TrainingContent
from protocol.wire.documents import (
    MAX_CONTENT,
    MAX_NAME,
    MAX_REMARK,
    DocumentRow,
)

_MAX_KEYWORDS = 400
_SEPARATORS = "\uff0c\u3001\uff1b;"
"""What stands between keywords beside the comma, as input methods enter it."""


class ContentForm(DocumentForm):
    """As large as the screen. Enter goes on; from the last field it sends."""

    CSS_PATH = ["dialog.tcss", "form.tcss", "training.tcss"]  # noqa: RUF012 - Textual's own form
    NAMED = "training_content.title"
    HINTS = (
        ("⏎ ⇥", "form.next"),
        ("^R", "training_content.preview"),
        ("^S", "training_content.keep"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("ctrl+r", "preview", priority=True),
        Binding("ctrl+s", "keep", priority=True),
    ]
    FIELDS: ClassVar = {
        "name": "content-name",
        "keywords": "content-keywords",
        "type": "content-type",
        "text": "content-text",
        "remark": "doc-remark",
    }

    def __init__(self, row: DocumentRow | None, types: Mapping[str, str], type: str = "") -> None:
        """`types`: names by document, one at least; `type`: that of another one."""
        super().__init__(row)
        body = row.body if row is not None else None
        known = body if isinstance(body, TrainingContent) else TrainingContent("", type, "")
        self._content, self._types = known, types

    def fields(self) -> Sequence[Widget]:
        """With what it says so far."""
        known = self._content
        keywords = ", ".join(known.keywords)
        return (
            Field(known.name, id="content-name", compact=True, max_length=MAX_NAME),
            Field(keywords, id="content-keywords", compact=True, max_length=_MAX_KEYWORDS),
            Pick(tuple(self._types), self._said_type, id="content-type", value=known.type),
            NumberField(known.place, id="doc-place"),
            _ContentText(shown_lines(known.text), id="content-text"),
            Field(known.remark, id="doc-remark", compact=True, max_length=MAX_REMARK),
        )

    def means(self, view: View) -> str:
        """How much there is, and what Markdown does here."""
        text = self.query_one("#content-text", TextArea).text
        return view.words.text("training_content.says", count=len(text), most=MAX_CONTENT)

    def body(self) -> TrainingContent:
        """What stands there."""
        return TrainingContent(
            self.value("content-name"),
            self.value("content-type"),
            self.query_one("#content-text", TextArea).text,
            keywords_in(self.value("content-keywords")),
            self.number("doc-place"),
            self.value("doc-remark"),
        )

    @on(TextArea.Changed)
    def written(self, event: Message) -> None:
        """Of the text, too."""
        self.changed(event)

    def action_preview(self) -> None:
        """The text as agents see it."""
        text = self.query_one("#content-text", TextArea).text
        self.app.push_screen(MarkdownPreview(self.value("content-name"), text))

    def action_keep(self) -> None:
        """Send it from wherever the cursor is."""
        self.submit()

    def _said_type(self, words: Wording, type: str) -> str:
        return shown(self._types.get(type, type))


class _ContentText(NoteArea):
    MOST = MAX_CONTENT


def keywords_in(text: str) -> tuple[str, ...]:
    """Those between commas, each once."""
    for mark in _SEPARATORS:
        text = text.replace(mark, ",")
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
