"""Publishing a draft: what will change, what was found, and the warnings that are accepted."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.roster_days import read_day
from agent_client.terminal.roster_week import Week
from agent_client.terminal.roster_words import who
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.screens.roster_findings import counts, finding_line
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_field import DialogFault, LabelledField, Said, no_day
from protocol.wire.errors import Refused
from protocol.wire.orders import MAX_TEXT
from protocol.wire.roster import Finding, PublishRoster, Roster, RosterChecked, Severity

_DATE_CELLS = 10
_TICKED, _OPEN, _GRAVE = "[x]", "[ ]", " – "


class PublishDialog(Dialog[None]):
    """Stays until the roster is published, or it is left by Escape; the draft stays either way."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "#note"
    HINTS = (
        ("⇥", "ask_exception.next"),
        ("␣", "roster_publish.accept"),
        ("a", "roster_publish.accept_all"),
        ("⏎", "roster_publish.do"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [Binding("space", "accept"), Binding("a", "accept_all")]  # noqa: RUF012 - likewise

    @dataclass
    class Looked(Message):
        """What would come of publishing these days?"""

        first_day: date
        last_day: date

    @dataclass
    class Submitted(Message):
        """It is to be published."""

        publication: PublishRoster

    def __init__(self, first_day: date, last_day: date, team: str) -> None:
        super().__init__()
        self.span = (first_day, last_day)
        """The days that are looked at."""
        self._team = team
        self._week: Week | None = None
        self._checked: RosterChecked | None = None
        self._accepted: dict[str, None] = {}
        self._sent: PublishRoster | None = None
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """The span, what changes, the findings, the note."""
        first, last = (day.isoformat() for day in self.span)
        with Vertical(classes="dialog", id="roster-publish"):
            yield _Title()
            key = "roster_rotation.first"
            yield LabelledField(key, id="first", value=first, most=_DATE_CELLS)
            yield LabelledField("roster_rotation.last", id="last", value=last, most=_DATE_CELLS)
            yield OptionList(markup=False, compact=True, id="publish-findings")
            hint = "roster_publish.note_hint"
            yield LabelledField("roster_publish.note", id="note", hint=hint, most=MAX_TEXT)
            yield DialogFault()

    def take(self, roster: Roster, checked: RosterChecked) -> None:
        """What would change, and what was found. What is accepted stays accepted by its name."""
        self._week, self._checked = Week(self.span[0], roster), checked
        names = {each.name() for each in checked.findings}
        self._accepted = {name: None for name in self._accepted if name in names}
        self._list()
        if self._view is not None:
            self.show(self._view)

    def refuse(self, refusal: Refused) -> None:
        """Say why it was not done. The draft and all that was entered stay."""
        self._say(lambda words: words.refusal(refusal))

    def show(self, view: View) -> None:
        """In the reader's language."""
        again = self._view is None or self._view.words is not view.words
        self._view = view
        for title in self.query(_Title):
            title.week, title.checked = self._week, self._checked
        for field in self.query(LabelledField):
            field.show_hint(view)
        if again:
            self._list()
        super().show(view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list goes on to the note."""
        event.stop()
        self.query_one("#note", Input).focus()

    @on(Input.Blurred)
    def left(self, event: Input.Blurred) -> None:
        """Other days are looked at as soon as their field is left."""
        if event.input.id in ("first", "last"):
            self._look()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter in a day's field goes on, in the note it publishes."""
        event.stop()
        if event.input.id != "note":
            self.focus_next()
        elif self._look() and self._checked is not None:
            self._publish(self._checked, event.value.strip())

    def action_accept(self) -> None:
        """Accept the highlighted warning, or take that back. What refuses can't be accepted."""
        finding = self._highlighted()
        if finding is None:
            return
        if finding.severity is Severity.REFUSE:
            self._say(lambda words: words.text("roster_publish.never"))
        elif finding.name() in self._accepted:
            del self._accepted[finding.name()]
        else:
            self._accepted[finding.name()] = None
        self._list()

    def action_accept_all(self) -> None:
        """Accept every warning that is told."""
        for each in self._findings():
            if each.severity is Severity.WARN:
                self._accepted[each.name()] = None
        self._list()

    def _publish(self, checked: RosterChecked, note: str) -> None:
        """The same again has the same key, so that it is done once however often it is sent."""
        fault = self._fault(checked)
        self._say(fault)
        if fault is not None:
            return
        accepted = tuple(self._accepted)
        wanted = PublishRoster(0, "", *self.span, checked.digest, self._team, note, accepted)
        if self._sent is None or wanted != msgspec.structs.replace(self._sent, key=""):
            self._sent = msgspec.structs.replace(wanted, key=uuid.uuid4().hex)
        self.post_message(self.Submitted(self._sent))

    def _fault(self, checked: RosterChecked) -> Said | None:
        """Why it can't be asked for yet; null where it can."""
        if not checked.changes:
            return lambda words: words.text("roster_publish.nothing")
        if any(each.severity is Severity.REFUSE for each in checked.findings):
            return lambda words: words.text("roster_publish.refused")
        left = sum(each.name() not in self._accepted for each in checked.findings)
        if not left:
            return None
        return lambda words: words.text("roster_publish.unaccepted", count=left)

    def _look(self) -> bool:
        """Ask anew if other days are meant. Whether what is shown is of the days that stand in
        the fields."""
        first, last = (
            read_day(self.query_one(f"#{name}", Input).value, self.span[0])
            for name in ("first", "last")
        )
        if first is None or last is None:
            self._say(no_day("first" if first is None else "last"))
            return False
        if (first, last) == self.span:
            return True
        self.span, self._checked, self._week = (first, last), None, None
        self._say(None)
        self._list()
        self.post_message(self.Looked(first, last))
        return False

    def _say(self, said: Said | None) -> None:
        for fault in self.query(DialogFault):
            fault.say(said, self._view)

    def _findings(self) -> Sequence[Finding]:
        return self._checked.findings if self._checked is not None else ()

    def _highlighted(self) -> Finding | None:
        place = self.query_one("#publish-findings", OptionList).highlighted
        findings = self._findings()
        return findings[place] if place is not None and place < len(findings) else None

    def _list(self) -> None:
        for options in self.query("#publish-findings").results(OptionList):
            place, findings = options.highlighted, self._findings()
            options.display = bool(findings)
            if self._view is None:
                continue
            options.set_options(self._option(self._view, each) for each in findings)
            options.highlighted = min(place or 0, len(findings) - 1) if findings else None

    def _option(self, view: View, each: Finding) -> Option:
        box = _TICKED if each.name() in self._accepted else _OPEN
        whose = who(self._week, each.agent) if self._week is not None else each.agent
        box = _GRAVE if each.severity is Severity.REFUSE else box
        return Option(Content(f"{box} ") + finding_line(view.words, each, whose))


class _Title(Line):
    """What will change, and how much was found."""

    def __init__(self) -> None:
        super().__init__(classes="question")
        self.week: Week | None = None
        self.checked: RosterChecked | None = None

    def paint(self, view: View) -> Content:
        words = view.words
        title = Content.styled(words.text("roster_publish.title"), "bold")
        if self.week is None or self.week.roster is None or self.checked is None:
            return Content.assemble(title, "\n", words.text("roster_publish.looking"), "\n")
        people = len({each.agent for each in self.week.roster.drafted})
        changes = words.text("roster_publish.changes", days=self.checked.changes, people=people)
        return Content.assemble(title, f"\n{changes}\n", counts(words, self.checked))
