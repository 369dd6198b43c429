"""Writing a handover: for whom, and line by line what is open, what to know, what to follow up."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import zone_of
from agent_client.terminal.handover_rows import call_said
from agent_client.terminal.promise_time import read
from agent_client.terminal.request_words import said_moment
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.form import EntryLabel
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.pick import Pick
from agent_client.terminal.wording import Wording
from protocol.facts.handover import HandoverItem, ItemKind
from protocol.wire.desk_call import CallRow
from protocol.wire.errors import Refused
from protocol.wire.handover import MAX_ITEMS, WriteHandover
from protocol.wire.orders import MAX_TEXT


class HandoverForm(Sheet[None]):
    """Enter adds the line; on an empty line it goes to the list, and from there hands over. All
    that was written stays until the service has it, or Escape is pressed twice."""

    CSS_PATH = ["form.tcss", "handover_write.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "#item-text"
    HINTS = (
        ("⏎", "handover_write.add"),
        ("⇥", "handover_write.fields"),
        ("Del", "handover_write.drop"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [("delete", "drop")]  # noqa: RUF012 - Textual's own form

    @dataclass
    class Submitted(Message):
        """It is to be handed over."""

        message: WriteHandover

    def __init__(self, day_words: Mapping[str, int]) -> None:
        super().__init__()
        self._day_words = day_words
        self._call: CallRow | None = None
        self._chosen = ""
        self._items: list[HandoverItem] = []
        self._view: View | None = None
        self._sent: WriteHandover | None = None
        self._fault = ""
        self._warned = False
        self._language = ""

    def compose_parts(self) -> ComposeResult:
        """For whom; the line that is being written; those that are."""
        yield SheetTitle("handover.title_write")
        for name, widget in (
            ("to", Field(id="to", compact=True, max_length=32)),
            ("item-call", Pick(self._calls(), self._said_call, id="item-call", value=self._chosen)),
            ("item-kind", Pick([*ItemKind], _said_kind, id="item-kind", value=ItemKind.OPEN)),
            ("item-due", Field(id="item-due", compact=True, max_length=40)),
            ("item-text", Field(id="item-text", compact=True, max_length=MAX_TEXT)),
        ):
            with Horizontal(classes="entry"):
                yield EntryLabel(name)
                yield widget
        yield _Says(self)
        yield FieldFault(id="form-fault")
        yield OptionList(markup=False, compact=True, id="handover-items")

    def offer_call(self, call: CallRow, *, chosen: bool) -> None:
        """A line may be about this call; `chosen`: the one being written is."""
        self._call, self._chosen = call, call.id if chosen else ""
        for pick in self.query("#item-call").results(Pick):
            pick.offer(self._calls(), self._chosen)

    def _calls(self) -> list[str]:
        return [""] if self._call is None else ["", self._call.id]

    def _said_call(self, words: Wording, call: str) -> str:
        if not call or self._view is None:
            return words.text("handover_write.no_call")
        return call_said(self._view, self._item(ItemKind.OPEN, "", None))

    def show(self, view: View) -> None:
        """The fields say what belongs in them."""
        other = self._language != view.words.language
        self._view, self._language = view, view.words.language
        for name in ("to", "item-due", "item-text"):
            for field in self.query(f"#{name}").results(Input):
                field.placeholder = view.words.text(f"handover_hint.{name}")
        if other:
            self._list(view)
        super().show(view)

    def refuse(self, refusal: Refused | None) -> None:
        """Say why it was not taken. Nothing that was written is lost."""
        for fault in self.query(FieldFault):
            fault.say(refusal, self._view)

    def says(self, view: View) -> str:
        """What the line being written means, or how many there are."""
        words = view.words
        if self._fault:
            return words.text(f"handover_write.{self._fault}")
        at = self._due()
        if at is not None:
            ms = round(at.timestamp() * 1000)
            return words.text("handover.due", at=said_moment(view, ms, _zone(view)))
        if not self._items:
            return words.text("handover_write.begin")
        return words.text("handover_write.count", count=len(self._items))

    @on(Input.Changed)
    @on(Pick.Changed)
    def changed(self, event: Message) -> None:
        """What is meant is said at once."""
        event.stop()
        self._fault, self._warned = "", False
        self._show_again()

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """The text ends a line; an empty one ends the writing."""
        event.stop()
        if event.input.id != "item-text":
            self.focus_next()
        elif event.value.strip():
            self._add(event.value.strip())
        elif self._items:
            self.query_one("#handover-items", OptionList).focus()

    @on(OptionList.OptionSelected)
    def handed_over(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list hands over what stands in it. A line that is still being written
        belongs to it."""
        event.stop()
        text = self.query_one("#item-text", Input).value.strip()
        if text and not self._add(text):
            return
        to = self.query_one("#to", Input).value.strip()
        message = WriteHandover(0, "", to, tuple(self._items))
        if self._sent is None or _content(message) != _content(self._sent):
            self._sent = WriteHandover(0, uuid.uuid4().hex, to, message.items)
        self.post_message(self.Submitted(self._sent))

    def action_drop(self) -> None:
        """Take the highlighted line out."""
        items = self.query_one("#handover-items", OptionList)
        if self.focused is items and items.highlighted is not None and self._items:
            del self._items[items.highlighted]
            self._show_again(listed=True)
            if not self._items:
                self.query_one("#item-text", Input).focus()

    def action_close(self) -> None:
        """Leave. What is written would be lost, and that is said once."""
        written = self._items or self.query_one("#item-text", Input).value.strip()
        if written and not self._warned:
            self._fault, self._warned = "lost", True
            self._show_again()
        else:
            self.dismiss(None)

    def _add(self, text: str) -> bool:
        """One more line. Whether there is room for it, and its time can be read."""
        due = self._due()
        if len(self._items) >= MAX_ITEMS:
            self._fault = "full"
        elif due is None and self.query_one("#item-due", Input).value.strip():
            self._fault = "unreadable"
        else:
            kind = ItemKind(self.query_one("#item-kind", Pick).value)
            due_ms = round(due.timestamp() * 1000) if due is not None else None
            self._items.append(self._item(kind, text, due_ms))
            self.query_one("#item-call", Pick).choose("")
            for name in ("#item-text", "#item-due"):
                with self.prevent(Input.Changed):
                    self.query_one(name, Input).value = ""
            self._fault = ""
        self._show_again(listed=True)
        return not self._fault

    def _item(self, kind: ItemKind, text: str, due_ms: int | None) -> HandoverItem:
        """With the call that is chosen."""
        call, pick = self._call, self.query_one("#item-call", Pick)
        if call is None or call.at is None or pick.value != call.id:
            return HandoverItem(kind, text, due_ms)
        at_ms = round(call.at.timestamp() * 1000)
        return HandoverItem(kind, text, due_ms, call.id, at_ms, call.peer)

    def _due(self) -> datetime | None:
        """The time that is typed, as far as it can be read."""
        view = self._view
        for field in self.query("#item-due").results(Input):
            if field.value.strip() and view is not None and view.now is not None:
                return read(field.value, view.now, zone_of(_zone(view)), self._day_words)
        return None

    def _show_again(self, *, listed: bool = False) -> None:
        if self._view is not None:
            self.refuse(None)
            if listed:
                self._list(self._view)
            self.show(self._view)

    def _list(self, view: View) -> None:
        for items in self.query("#handover-items").results(OptionList):
            items.set_options(Option(_line(view, item)) for item in self._items)
            items.highlighted = len(self._items) - 1 if self._items else None
            items.display = bool(self._items)


def _line(view: View, item: HandoverItem) -> Content:
    kind = view.words.text(f"handover_item.{item.what}")
    due = ""
    if item.due_ms is not None:
        at = said_moment(view, item.due_ms, _zone(view))
        due = f"  {view.words.text('handover.due', at=at)}"
    about = f"  {said}" if (said := call_said(view, item)) else ""
    return Content.assemble((kind, "$quiet"), (due, "bold"), f"  {shown(item.text)}", about)


def _content(message: WriteHandover) -> tuple[str, tuple[HandoverItem, ...]]:
    return message.to, message.items


def _said_kind(words: Wording, kind: str) -> str:
    return words.text(f"handover_item.{kind}")


def _zone(view: View) -> str:
    return view.status.zone if view.status is not None else "UTC"


class _Says(Line):
    def __init__(self, form: HandoverForm) -> None:
        super().__init__(classes="handover-says")
        self._form = form

    def paint(self, view: View) -> Content:
        return Content(self._form.says(view))
