"""The lines of the wrap-up form that say something: whose call, saved or not, the time meant."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from textual.content import Content

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.codes import named
from agent_client.terminal.drafts import Drafts
from agent_client.terminal.site_time import moment
from agent_client.terminal.view import View
from agent_client.terminal.widgets.call_panel import line_label
from agent_client.terminal.widgets.line import ALERT, Line, between
from agent_client.terminal.widgets.note_area import NoteArea
from protocol.rules.lines import CodeItem
from protocol.wire.desk_call import MAX_NOTE


@dataclass(frozen=True)
class Subject:
    """The call that is described."""

    call_id: str
    peer: str
    peer_name: str
    line: str
    at: datetime | None = None
    """When it began; null for the present or last call."""


class SubjectLine(Line):
    """Whose call, and whether the seat has everything on its disk."""

    def __init__(self, subject: Subject, drafts: Drafts) -> None:
        super().__init__(classes="sheet-title")
        self._subject = subject
        self._drafts = drafts

    def paint(self, view: View) -> Content:
        """The call on the left, how it stands on the right."""
        subject, status = self._subject, view.status
        if status is None:
            return Content("")
        at = moment(view.words, subject.at, view.now, status.zone) if subject.at else ""
        parts = (
            at,
            cut(shown(subject.peer), 24),
            cut(shown(subject.peer_name), 20),
            line_label(status, subject.line, view.words.language)
            or view.words.text("wrap_up.no_line"),
        )
        about = "  ".join(part for part in parts if part)
        left = Content.assemble((view.words.text("wrap_up.heading"), "bold"), f"  {about}")
        return between(left, self._standing(view), self.size.width - 4)

    def _standing(self, view: View) -> Content:
        if self._drafts.refusal(self._subject.call_id) is not None:
            return Content.styled(f"{ALERT}{view.words.text('wrap_up.not_saved')}", "bold $error")
        if self._drafts.unsaved(self._subject.call_id) is not None:
            key = "wrap_up.waits" if view.seat_gone else "wrap_up.saving"
            return Content.styled(f"· {view.words.text(key)}", "bold $warning")
        return Content.styled(f"✓ {view.words.text('wrap_up.saved')}", "$success")


class Fault(Line):
    """Why the seat did not take what is typed."""

    def __init__(self, subject: Subject, drafts: Drafts) -> None:
        super().__init__(id="wrap-up-fault")
        self._subject = subject
        self._drafts = drafts

    def show(self, view: View) -> None:
        """Take room only with something to say."""
        self.display = self._drafts.refusal(self._subject.call_id) is not None
        super().show(view)

    def paint(self, view: View) -> Content:
        """The words of the refusal."""
        refusal = self._drafts.refusal(self._subject.call_id)
        return Content(f"{ALERT}{view.words.refusal(refusal)}" if refusal is not None else "")


class EntryLabel(Line):
    """The name of a field."""

    def __init__(self, name: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._name_of_text = name

    def paint(self, view: View) -> Content:
        """In the reader's language."""
        return Content(view.words.text(f"wrap_up.field.{self._name_of_text}"))


class NoteLabel(EntryLabel):
    """The name of the note, which also says when not all of it could be taken."""

    def paint(self, view: View) -> Content:
        """The name, and what was left out."""
        name = super().paint(view)
        if not any(note.cut for note in self.screen.query(NoteArea)):
            return name
        left_out = f"{ALERT}{view.words.text('wrap_up.cut', most=MAX_NOTE)}"
        return Content.assemble(name, "  ", (left_out, "bold $error"))


class Chosen(Line):
    """The actions that are chosen."""

    def __init__(self, items: tuple[CodeItem, ...]) -> None:
        super().__init__(id="chosen-actions")
        self._items = items
        self.codes: tuple[str, ...] = ()

    def show(self, view: View) -> None:
        """There only for lines that have actions."""
        self.display = bool(self._items or self.codes)
        super().show(view)

    def paint(self, view: View) -> Content:
        """A tick each."""
        if not self.codes:
            return Content.styled(view.words.text("wrap_up.no_actions"), "$quiet")
        language = view.words.language
        labels = [f"✓ {named(self._items, code, language)}" for code in self.codes]
        return Content("  ").join(Content(text) for text in labels)


class PromiseReading(StrEnum):
    """What the text of the time says."""

    EMPTY = "empty"
    TIME = "time"
    NONE = "none"


class Promised(Line):
    """What was typed as a time, shown back as the moment that is meant."""

    def __init__(self) -> None:
        super().__init__(id="promised")
        self.at: datetime | None = None
        """What the text says."""
        self.settled: datetime | None = None
        """What is promised: half a time that is being typed is none."""
        self.text = ""
        self.reading = PromiseReading.EMPTY
        self.warned = False

    def take(self, at: datetime | None, text: str) -> None:
        """The seat's own word, and how it would be typed."""
        self.at = self.settled = at
        self.text = text
        self.reading = PromiseReading.EMPTY if at is None else PromiseReading.TIME

    def read(self, text: str, at: datetime | None) -> None:
        """Somebody types."""
        self.text, self.at = text, at
        self.warned = False
        said = PromiseReading.NONE if at is None else PromiseReading.TIME
        self.reading = said if text.strip() else PromiseReading.EMPTY

    def settle(self) -> None:
        """The field is left. What can't be read leaves the promise as it was."""
        if self.reading is not PromiseReading.NONE:
            self.settled = self.at

    def paint(self, view: View) -> Content:
        """The moment, or how to type one."""
        zone = view.status.zone if view.status is not None else "UTC"
        at = moment(view.words, self.at, view.now, zone)
        if self.reading is PromiseReading.NONE:
            return Content.styled(f"{ALERT}{view.words.text('wrap_up.unreadable')}", "bold $error")
        if self.reading is PromiseReading.EMPTY or self.at is None:
            return Content("")
        if view.now is not None and self.at <= view.now:
            return Content.styled(view.words.text("wrap_up.was_due", at=at), "bold $warning")
        return Content.styled(f"→ {view.words.text('wrap_up.will_call', at=at)}", "bold")
