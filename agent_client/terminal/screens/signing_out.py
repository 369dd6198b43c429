"""Signing out with something open: asks once, and says what is open and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import BULLET, Line
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.lines import line_named
from protocol.wire.desk import Status
from protocol.wire.desk_call import CallRow
from protocol.wire.sync import Link

_CHOICES = ("stay", "sign_out")


@dataclass(frozen=True)
class OpenThings:
    """What is not finished as somebody signs out."""

    unsent: int = 0
    """Facts that wait on this disk while the service can't be reached, or that it refuses."""
    owed: int = 0
    outcome_missing: bool = False
    unsaved: bool = False
    """Something typed about a call that the seat did not take."""
    messages: int = 0

    def __bool__(self) -> bool:
        return self != OpenThings()


def what_is_open(status: Status, calls: Sequence[CallRow], *, unsaved: bool) -> OpenThings:
    """With the service in reach, unsent facts are on their way: they hold nobody up."""
    waits = status.unsent if status.link is not Link.ONLINE else status.held_back
    return OpenThings(
        unsent=waits,
        owed=max(sum(row.owed for row in calls), len(status.owed)),
        outcome_missing=outcome_missing(status),
        unsaved=unsaved,
        messages=len(status.orders),
    )


def outcome_missing(status: Status) -> bool:
    """Whether the line of the call asks for an outcome, and none is given in after-call work."""
    last = status.last_call
    if last is None or status.state is not State.ACW:
        return False
    line = line_named(status.lines, last.line)
    return line is not None and line.wrap_up_needed and not last.wrapped_up.outcome


class SigningOut(Dialog[bool]):
    """Answers with whether to sign out; without an answer one stays."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "signing_out.stay"))

    def __init__(self, things: OpenThings) -> None:
        super().__init__()
        self._things = things

    def compose_parts(self) -> ComposeResult:
        """What is open, and the choice."""
        with Vertical(classes="dialog"):
            yield _Consequences(self._things)
            yield Choices(_options)

    def show(self, view: View) -> None:
        """What is, and the choices in the reader's language."""
        super().show(view)
        for choices in self.query(Choices):
            choices.offer(view.words)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        self.dismiss(_CHOICES[event.option_index] == "sign_out")


def _options(words: Wording) -> list[Option]:
    return [Option(Content(words.text(f"signing_out.{choice}"))) for choice in _CHOICES]


class _Consequences(Line):
    def __init__(self, things: OpenThings) -> None:
        super().__init__(classes="question")
        self._things = things

    def paint(self, view: View) -> Content:
        question = view.words.text("signing_out.question")
        lines = [Content.styled(question, "bold"), Content("")]
        lines += [Content(f"{BULLET}{text}") for text in _told(view.words, self._things)]
        return Content("\n").join(lines)


def _told(words: Wording, things: OpenThings) -> list[str]:
    """What is open, each with what becomes of it."""
    told = []
    if things.unsent:
        told.append(words.text("signing_out.unsent", count=things.unsent))
    if things.owed:
        told.append(words.text("signing_out.owed", count=things.owed))
    if things.outcome_missing:
        told.append(words.text("signing_out.outcome_missing"))
    if things.unsaved:
        told.append(words.text("signing_out.unsaved"))
    if things.messages:
        told.append(words.text("signing_out.messages", count=things.messages))
    return told
