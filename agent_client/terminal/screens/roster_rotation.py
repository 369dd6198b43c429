"""Filling a span by a rotation: which one, from when to when."""

from collections.abc import Iterable, Sequence
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import fit
from agent_client.terminal.roster_days import read_day
from agent_client.terminal.roster_words import label_of, turns_of
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_field import DialogFault, LabelledField, Said, no_day
from agent_client.terminal.wording import Wording
from protocol.wire.roster import DraftRoster, Roster

_LABEL = 20
_DATE_CELLS = 10


class RotationFill(Dialog[DraftRoster]):
    """Answers with what is to be drafted."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "OptionList"
    HINTS = (("⇥", "ask_exception.next"), ("⏎", "roster_rotation.do"), ("Esc", "dialog.close"))

    def __init__(
        self, roster: Roster, agents: Sequence[str], span: tuple[date, date], whose: Said
    ) -> None:
        super().__init__()
        self._roster = roster
        self._agents = tuple(agents)
        self._span = span
        self._whose = whose
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """Who, the rotations, the span."""
        first, last = self._span
        with Vertical(classes="dialog", id="roster-rotation"):
            yield _Title(self._whose, bool(self._roster.rotations))
            yield Choices(self._options)
            key = "roster_rotation.first"
            yield LabelledField(key, id="first", value=first.isoformat(), most=_DATE_CELLS)
            key = "roster_rotation.last"
            yield LabelledField(key, id="last", value=last.isoformat(), most=_DATE_CELLS)
            yield DialogFault()

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for choices in self.query(Choices):
            choices.display = bool(self._roster.rotations)
        super().show(view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list goes on to the span."""
        event.stop()
        self.query_one("#first", Input).focus()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter in a field fills, once both are days."""
        event.stop()
        days: list[date] = []
        for name in ("first", "last"):
            field = self.query_one(f"#{name}", Input)
            day = read_day(field.value, self._span[0])
            if day is None:
                field.focus()
                self.query_one(DialogFault).say(no_day(name), self._view)
                return
            days.append(day)
        place = self.query_one(OptionList).highlighted
        if place is not None and self._roster.rotations:
            rotation = self._roster.rotations[place].name
            self.dismiss(DraftRoster(0, (), rotation, self._agents, days[0], days[1]))

    def _options(self, words: Wording) -> Iterable[Option]:
        for each in self._roster.rotations:
            turns = turns_of(words, self._roster, each)
            yield Option(Content(f"{fit(label_of(words, each), _LABEL)} {turns}"))


class _Title(Line):
    def __init__(self, whose: Said, any_rotation: bool) -> None:
        super().__init__(classes="question")
        self._whose, self._any = whose, any_rotation

    def paint(self, view: View) -> Content:
        how = "roster_rotation.how" if self._any else "roster_rotation.none"
        return Content.assemble(
            (view.words.text("roster_rotation.title"), "bold"),
            f"  {self._whose(view.words)}\n",
            (view.words.text(how), "$quiet"),
        )
