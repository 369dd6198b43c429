"""A form over a page: labelled fields, what they come to in words, and what is wrong with them.

It stays with all that was entered until the service has it on its disk, or is left by Escape.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.pick import Pick
from protocol.wire.errors import Refused
from protocol.wire.relayed import RelayedRequest


class Form(Dialog[None]):
    """Enter goes on from field to field, and sends from the last one."""

    CSS_PATH = ["dialog.tcss", "form.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = ".entry > Input, .entry > Pick"
    HINTS: ClassVar[Sequence[tuple[str, str]]] = (
        ("⏎ ⇥", "form.next"),
        ("←→ ↑↓", "form.change"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("enter", "confirm"),
        Binding("up", "scroll_says(-1)"),
        Binding("down", "scroll_says(1)"),
    ]
    NAMED: ClassVar[str]
    """The text that names the form."""

    @dataclass
    class Submitted(Message):
        """It is to be sent."""

        form: "Form"
        message: RelayedRequest

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None
        self._sent: RelayedRequest | None = None
        self._field_names: tuple[str, ...] = ()

    def fields(self) -> Sequence[Widget]:
        """In order. The label of each is `entry.<id>`; the last one is a text that sends. Without
        any, Enter sends at once."""
        raise NotImplementedError

    def says(self, view: View) -> str:
        """What is meant, in words, as far as it stands there."""
        raise NotImplementedError

    def message(self) -> RelayedRequest:
        """What is to be sent. Raises `Refused` where something is missing."""
        raise NotImplementedError

    def applies(self, field: str) -> bool:
        """Whether a field means something with the present ones."""
        return True

    def compose_parts(self) -> ComposeResult:
        """Name, fields, what they mean, what is wrong."""
        with Vertical(classes="dialog form"):
            yield _Name(self.NAMED)
            fields = self.fields()
            self._field_names = tuple(field.id or "" for field in fields)
            for field in fields:
                with Horizontal(classes="entry", id=f"entry-{field.id}"):
                    yield EntryLabel(field.id or "")
                    yield field
            with VerticalScroll(classes="form-says", can_focus=False):
                yield _Says(self)
            yield FieldFault(id="form-fault")

    def show(self, view: View) -> None:
        """In the reader's language; fields that mean nothing now are away."""
        self._view = view
        for entry in self.query(".entry"):
            entry.display = self.applies((entry.id or "").removeprefix("entry-"))
        super().show(view)

    def refuse(self, refusal: Refused | None) -> None:
        """Say why it was not taken. Nothing that was entered is lost."""
        for fault in self.query(FieldFault):
            fault.say(refusal, self._view)

    @on(Input.Changed)
    @on(Pick.Changed)
    def changed(self, event: Message) -> None:
        """What is meant is said anew, and what was wrong may be mended."""
        event.stop()
        self.refuse(None)
        self.changed_field(event)
        if self._view is not None:
            self.show(self._view)

    def changed_field(self, event: Message) -> None:
        """For forms whose fields depend on each other."""

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """On to the next field; from the last one it is sent."""
        event.stop()
        if event.input is self._last():
            self.submit()
        else:
            self.focus_next()

    def action_confirm(self) -> None:
        """Where there is nothing to enter."""
        if self._last() is None:
            self.submit()

    def action_scroll_says(self, lines: int) -> None:
        """Where more is said than there is room for."""
        for says in self.query(".form-says"):
            says.scroll_relative(y=lines, animate=False, immediate=True)

    def submit(self) -> None:
        """The same again has the same key, so that it is done once however often it is sent."""
        try:
            wanted = self.message()
        except Refused as refusal:
            self.refuse(refusal)
            return
        if self._sent is None or wanted != _unkeyed(self._sent):
            self._sent = _keyed(wanted)
        self.post_message(self.Submitted(self, self._sent))

    @property
    def complete(self) -> bool:
        """Whether all fields are there: a screen may just come or go."""
        return all(self.query(f"#{name}") for name in self._field_names)

    def value(self, name: str) -> str:
        """What stands in a field, without blanks around it; empty before the form is there."""
        for field in self.query(f"#{name}"):
            if isinstance(field, Input | Pick):
                return field.value.strip()
        return ""

    def write(self, name: str, text: str) -> None:
        """Put something into a field."""
        for field in self.query(f"#{name}").results(Input):
            if field.value != text:
                with self.prevent(Input.Changed):
                    field.value = text

    def _last(self) -> Widget | None:
        shown = [each for each in self.query(Input) if each.parent and each.parent.display]
        return shown[-1] if shown else None


def _unkeyed(message: RelayedRequest) -> RelayedRequest:
    return msgspec.structs.replace(message, key="") if hasattr(message, "key") else message


def _keyed(message: RelayedRequest) -> RelayedRequest:
    if not hasattr(message, "key"):
        return message
    return msgspec.structs.replace(message, key=uuid.uuid4().hex)


class _Name(Line):
    def __init__(self, key: str) -> None:
        super().__init__(classes="question")
        self._key = key

    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text(self._key), "bold")


class EntryLabel(Line):
    """What a field is for."""

    def __init__(self, name: str) -> None:
        super().__init__(classes="entry-label")
        self._name = name

    def paint(self, view: View) -> Content:
        """By its name."""
        return Content(view.words.text(f"entry.{self._name}"))


class _Says(Line):
    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form

    def paint(self, view: View) -> Content:
        return Content(self._form.says(view) if self._form.complete else "")
