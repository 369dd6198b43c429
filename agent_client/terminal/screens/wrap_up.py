"""What a call was about: codes, a note, and the time for which a call-back is promised.

Everything typed is handed to the seat as it is typed (`Drafts`), so that leaving, a ringing call
or a terminal that is killed loses nothing. State, clock and the keys of the call stay in sight.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, TextArea
from textual.widgets.option_list import Option

from agent_client.terminal.cells import shown_lines
from agent_client.terminal.clock import zone_of
from agent_client.terminal.codes import label
from agent_client.terminal.drafts import Drafts
from agent_client.terminal.promise_time import read
from agent_client.terminal.screens.page import Sheet
from agent_client.terminal.screens.wrap_up_lines import (
    Chosen,
    EntryLabel,
    Fault,
    NoteLabel,
    Promised,
    PromiseReading,
    Subject,
    SubjectLine,
)
from agent_client.terminal.site_time import as_typed
from agent_client.terminal.view import View
from agent_client.terminal.widgets.code_field import CodeField
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.note_area import NoteArea
from agent_client.terminal.wording import Wording
from protocol.rules.lines import CodeItem, Line
from protocol.wire.desk_call import WrappedUp

_MOVES = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}


@dataclass(frozen=True)
class Starting:
    """With what the form opens."""

    subject: Subject
    line: Line | None
    content: WrappedUp
    """What the seat has recorded so far."""


class WrapUpForm(Sheet[None]):
    """Esc leaves; nothing has to be confirmed."""

    CSS_PATH = "wrap_up.tcss"
    AUTO_FOCUS = "CodeField, Input"
    HINTS = (("⏎", "wrap_up.choose"), ("Tab", "wrap_up.next"), ("Esc", "wrap_up.leave"))

    def __init__(self, start: Starting, drafts: Drafts, day_words: Mapping[str, int]) -> None:
        super().__init__()
        self._subject = start.subject
        self._line = start.line
        self._drafts = drafts
        self._day_words = day_words
        self._content = drafts.unsaved(start.subject.call_id) or start.content
        """What the fields hold, as far as it can be recorded."""
        self._told = start.content
        """What the seat said last."""
        self._view: View | None = None
        self._language = ""

    @property
    def call_id(self) -> str:
        """The call that is described."""
        return self._subject.call_id

    def compose_parts(self) -> ComposeResult:
        """Codes and time on the left, the codes to choose from on the right, the note below."""
        yield SubjectLine(self._subject, self._drafts)
        yield Fault(self._subject, self._drafts)
        with Horizontal(id="wrap-up"):
            with Vertical(id="entries"):
                for name, items, many in self._families():
                    with Horizontal(classes="entry"):
                        yield EntryLabel(name)
                        yield CodeField(items, many=many, id=name)
                yield Chosen(self._line.actions if self._line is not None else ())
                with Horizontal(classes="entry"):
                    yield EntryLabel("call_back_at")
                    yield Field(id="call_back_at", compact=True, max_length=40)
                yield Promised()
            choices = OptionList(markup=False, compact=True, id="choices")
            choices.can_focus = False
            yield choices
        yield NoteLabel("note", id="note-label")
        yield NoteArea(id="note")

    def show(self, view: View) -> None:
        """Fill the fields from the seat while nothing is typed that it does not have."""
        super().show(view)
        if not self._complete():
            return
        first, self._view = self._view is None, view
        written_elsewhere = self._written_elsewhere(view)
        if first or written_elsewhere or self._language != view.words.language:
            self._language = view.words.language
            self._fill_codes(view)
            self._list_choices()
        if first or written_elsewhere:
            self._fill_texts(view, first)
        self._show_chosen()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def typed(self, event: Input.Changed | TextArea.Changed) -> None:
        """Narrow the list, or take what stands there now."""
        event.stop()
        if isinstance(event, Input.Changed) and isinstance(event.input, CodeField):
            self._list_choices()
        else:
            self._take()

    @on(NoteArea.Cut)
    def cut(self, event: NoteArea.Cut) -> None:
        """The note is full."""
        event.stop()
        if self._view is not None:
            super().show(self._view)

    @on(Input.Submitted)
    def submitted(self, event: Input.Submitted) -> None:
        """Enter takes what is highlighted; a field for one code is done then."""
        event.stop()
        field = event.input
        if isinstance(field, CodeField):
            self._pick_highlighted(field)
        if not (isinstance(field, CodeField) and field.many):
            self.focus_next()  # which settles it

    @on(OptionList.OptionSelected)
    def clicked(self, event: OptionList.OptionSelected) -> None:
        """The mouse may choose, too."""
        event.stop()
        if isinstance(self.focused, CodeField):
            self._pick_highlighted(self.focused)

    @on(events.DescendantFocus)
    def entered(self) -> None:
        """The list is that of the field that has the focus."""
        self._list_choices()

    @on(events.DescendantBlur)
    def left(self, event: events.DescendantBlur) -> None:
        """What was typed holds as soon as its field is left."""
        if isinstance(event.widget, Input):
            self.settle()

    def settle(self) -> None:
        """What was typed and can only mean one code is chosen; the time that was typed holds."""
        if self._complete():
            for field in self.query(CodeField):
                field.settle()
            self.query_one(Promised).settle()
            self._take()

    def on_key(self, event: events.Key) -> None:
        """The arrows move in the list while a field keeps the focus."""
        if event.key in _MOVES and isinstance(self.focused, CodeField):
            event.stop()
            event.prevent_default()
            getattr(self.query_one("#choices", OptionList), f"action_{_MOVES[event.key]}")()

    def action_close(self) -> None:
        """Leave. A time that could not be read is shown once more, since it would be lost."""
        for promised in self.query(Promised):
            if promised.reading is PromiseReading.NONE and not promised.warned:
                promised.warned = True
                self.query_one("#call_back_at", Input).focus()
                return
        self.settle()
        self._drafts.again()
        self.dismiss(None)

    def _complete(self) -> bool:
        """Whether all parts are there: a screen may just come or go."""
        return all(self.query(name) for name in ("#call_back_at", "#note", "#promised"))

    def _families(self) -> list[tuple[str, tuple[CodeItem, ...], bool]]:
        """The kinds of codes that the call's line has, and whether a call may have many."""
        if self._line is None:
            return []
        families = [
            ("category", self._line.categories, False),
            ("outcome", self._line.outcomes, False),
            ("actions", self._line.actions, True),
        ]
        return [family for family in families if family[1]]

    def _written_elsewhere(self, view: View) -> bool:
        """Whether the seat has got another content than this form's, and nothing newer is typed
        here. Its words of before are no news: they may still be on their way."""
        last = view.status.last_call if view.status is not None else None
        if last is None or last.id != self.call_id or last.wrapped_up == self._told:
            return False
        self._told = last.wrapped_up
        if self._told == self._content or self._drafts.unsaved(self.call_id) is not None:
            return False
        self._content = self._told
        return True

    def _fill_codes(self, view: View) -> None:
        content = self._content
        chosen = {
            "category": (content.category,) if content.category else (),
            "outcome": (content.outcome,) if content.outcome else (),
            "actions": content.actions,
        }
        for field in self.query(CodeField):
            field.fill(chosen[field.id or ""], view.words.language)
            field.placeholder = view.words.text("wrap_up.search")
        promise = self.query_one("#call_back_at", Input)
        promise.placeholder = view.words.text("wrap_up.time_examples")

    def _fill_texts(self, view: View, first: bool) -> None:
        """What somebody is typing in stays as it is."""
        at, zone = self._content.call_back_at, view.status.zone if view.status else "UTC"
        note = self.query_one("#note", TextArea)
        if first or not note.has_focus:
            with self.prevent(TextArea.Changed):
                note.load_text(shown_lines(self._content.note))
        promise = self.query_one("#call_back_at", Input)
        if first or not promise.has_focus:
            with self.prevent(Input.Changed):
                promise.value = as_typed(at, view.now, zone) if at is not None else ""
            self.query_one(Promised).take(at, promise.value)

    def _take(self) -> None:
        """What the fields hold goes to the seat, if it is another thing than before."""
        if self._view is None or not self._complete():
            return
        self._read_time(self._view)
        chosen = {field.id: field.chosen for field in self.query(CodeField)}
        content = WrappedUp(
            category=_one(chosen.get("category"), self._content.category),
            outcome=_one(chosen.get("outcome"), self._content.outcome),
            actions=chosen.get("actions", self._content.actions),
            note=self.query_one("#note", TextArea).text,
            call_back_at=self.query_one(Promised).settled,
        )
        if content != self._content:
            self._content = content
            self._drafts.keep(self.call_id, content)
        self._show_chosen()
        super().show(self._view)

    def _read_time(self, view: View) -> None:
        """Show back what is meant, or that it can't be read."""
        promised, text = self.query_one(Promised), self.query_one("#call_back_at", Input).value
        at: datetime | None = None
        if promised.text == text or view.status is None:
            return
        if text.strip() and view.now is not None:
            at = read(text, view.now, zone_of(view.status.zone), self._day_words)
        promised.read(text, at)

    def _pick_highlighted(self, field: CodeField) -> None:
        place = self.query_one("#choices", OptionList).highlighted
        candidates = field.candidates()
        if place is not None and place < len(candidates):
            field.pick(candidates[place])
            self._take()
        self._list_choices()

    def _list_choices(self) -> None:
        if not self._language:
            return  # nothing was shown yet, and nobody said in which language
        for choices in self.query("#choices").results(OptionList):
            field = self.focused
            items = field.candidates() if isinstance(field, CodeField) else []
            chosen = field.chosen if isinstance(field, CodeField) else ()
            language = self._language
            choices.set_options(_option(item, item.code in chosen, language) for item in items)
            if isinstance(field, CodeField) and not items and self._view is not None:
                nothing = Content(self._view.words.text("wrap_up.nothing"))
                choices.add_option(Option(nothing, disabled=True))
            choices.highlighted = _place(items, chosen, field) if items else None

    def _show_chosen(self) -> None:
        actions = self.query("#actions").results(CodeField)
        for chosen in self.query(Chosen):
            chosen.codes = next((field.chosen for field in actions), self._content.actions)
            if self._view is not None:
                chosen.show(self._view)


def _one(chosen: tuple[str, ...] | None, before: str) -> str:
    """A field's only code; what was there before where there is no such field."""
    if chosen is None:
        return before
    return chosen[0] if chosen else ""


def _place(items: list[CodeItem], chosen: tuple[str, ...], field: object) -> int:
    """Where the highlight begins: at what is chosen, in a field for one code."""
    if isinstance(field, CodeField) and not field.many and not field.needle:
        codes = [item.code for item in items]
        return codes.index(chosen[0]) if chosen and chosen[0] in codes else 0
    return 0


def _option(item: CodeItem, chosen: bool, language: str) -> Option:
    mark = "✓" if chosen else " "
    return Option(Content.assemble(f"{mark} ", (item.code, "bold"), f" {label(item, language)}"))


def day_words(wordings: list[Wording]) -> dict[str, int]:
    """How days are named in all languages, by their distance from today."""
    distances = {"today": 0, "tomorrow": 1, "after_tomorrow": 2}
    return {
        words.text(f"day_word.{name}"): days
        for words in wordings
        for name, days in distances.items()
    }
