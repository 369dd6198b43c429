"""Which exceptions are listed: open or all, from when to when."""

from collections.abc import Iterable
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.roster_days import read_day
from agent_client.terminal.screens.exceptions import Filter
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_field import DialogFault, LabelledField, no_day
from agent_client.terminal.wording import Wording

_DATE_CELLS = 10
_WHICH = ("queue.open_only", "queue.all")


class QueueFilter(Dialog[Filter]):
    """Answers with what is wanted."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "OptionList"
    HINTS = (("⇥", "ask_exception.next"), ("⏎", "queue.filter_do"), ("Esc", "dialog.close"))

    def __init__(self, wanted: Filter) -> None:
        super().__init__()
        self._wanted = wanted
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """Open or all, and the span."""
        first, last = self._wanted.first_day, self._wanted.last_day
        with Vertical(classes="dialog", id="queue-filter"):
            yield _Title(classes="question")
            yield Choices(_options, begin=0 if self._wanted.open_only else 1)
            key = "roster_rotation.first"
            yield LabelledField(key, id="first", value=first.isoformat(), most=_DATE_CELLS)
            key = "roster_rotation.last"
            yield LabelledField(key, id="last", value=last.isoformat(), most=_DATE_CELLS)
            yield DialogFault()

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        super().show(view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list is an answer, too."""
        event.stop()
        self._do()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter in a field answers, once both are days."""
        event.stop()
        self._do()

    def _do(self) -> None:
        days: list[date] = []
        for name in ("first", "last"):
            field = self.query_one(f"#{name}", Input)
            day = read_day(field.value, self._wanted.last_day)
            if day is None:
                field.focus()
                self.query_one(DialogFault).say(no_day(name), self._view)
                return
            days.append(day)
        open_only = self.query_one(OptionList).highlighted == 0
        self.dismiss(Filter(days[0], days[1], open_only))


def _options(words: Wording) -> Iterable[Option]:
    return [Option(Content(words.text(key))) for key in _WHICH]


class _Title(Line):
    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text("queue.which"), "bold")
