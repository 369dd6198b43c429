"""Leaving while signed in: asks once, and says what will happen."""

from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import BULLET, Line
from protocol.facts.agent import State


class Leave(StrEnum):
    """How to leave."""

    STAY = "stay"
    KEEP_RUNNING = "keep_running"
    SIGN_OUT = "sign_out"


class Leaving(Dialog[Leave]):
    """Answers with how to leave; without an answer one stays."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "leaving.stay"))

    def __init__(self) -> None:
        super().__init__()
        self._listed: list[str] = []

    def compose_parts(self) -> ComposeResult:
        """What happens, and the choice."""
        with Vertical(classes="dialog"):
            yield _Consequences(classes="question")
            yield OptionList(markup=False, compact=True)

    def show(self, view: View) -> None:
        """A call may begin or end meanwhile: signing out then means something else."""
        super().show(view)
        labels = [view.words.text(f"leaving.{leave}") for leave in Leave]
        if _in_call(view):
            labels[-1] = view.words.text("leaving.sign_out_next")
        for options in self.query(OptionList):
            if labels != self._listed:
                self._listed = labels
                highlighted = options.highlighted or 0
                options.set_options(Option(Content(label)) for label in labels)
                options.highlighted = highlighted

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        self.dismiss(list(Leave)[event.option_index])


class _Consequences(Line):
    def paint(self, view: View) -> Content:
        lines = [Content.styled(view.words.text("leaving.question"), "bold"), Content("")]
        lines += [Content(f"{BULLET}{view.words.text(f'leaving.{name}')}") for name in _names(view)]
        if view.status is not None and view.status.unsent:
            unsent = view.words.text("leaving.unsent", count=view.status.unsent)
            lines.append(Content(f"{BULLET}{unsent}"))
        return Content("\n").join(lines)


def _names(view: View) -> list[str]:
    """The consequences that apply now."""
    names = ["seat_stays"]
    if _in_call(view):
        names.append("call_stays")
    if view.status is not None and view.status.state is State.READY:
        names.append("away")
    return names


def _in_call(view: View) -> bool:
    return view.status is not None and view.status.call is not None
