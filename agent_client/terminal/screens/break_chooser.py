"""Choosing why one takes no calls: a list, with a number key a reason. Where breaks are queued, it
says which of them need a turn, and has one more entry for after an abusive call."""

from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.break_words import need
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason
from protocol.rules.agent_state import AUTOMATIC_REASONS
from protocol.wire.breaks import OwnQueue

REASONS = tuple(reason for reason in Reason if reason not in AUTOMATIC_REASONS)
"""What an agent may choose, in the order of the list."""

DIGITS = "1234567890-="
"""The keys of the list's entries; the last entry, after an abusive call, has the next."""


@dataclass(frozen=True)
class BreakChoice:
    """What somebody has chosen."""

    reason: Reason
    after_call: str = ""
    """The abusive call after which it is."""


class BreakChooser(Dialog[BreakChoice]):
    """Answers with a choice. `after_call` says what the question is, `queue` which breaks need a
    turn, `call` which call may have been abusive; all was asked once and does not change under the
    finger."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("1…", "break.choose"), ("↑↓ ⏎", "break.choose_listed"), ("Esc", "dialog.close"))

    def __init__(
        self, *, after_call: bool = False, queue: OwnQueue | None = None, call: str = ""
    ) -> None:
        super().__init__()
        self._after_call = after_call
        self._queue = queue
        self._choices = [BreakChoice(reason) for reason in REASONS]
        if queue is not None and call:
            reason = Reason.REST if Reason.REST in queue.reasons else queue.reasons[0]
            self._choices.append(BreakChoice(reason, call))

    def compose_parts(self) -> ComposeResult:
        """The question and the list."""
        with Vertical(classes="dialog"):
            yield _Question(self._after_call)
            yield Choices(self._options)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(self._choices[event.option_index])

    def on_key(self, event: events.Key) -> None:
        """A number key chooses at once."""
        place = DIGITS.find(event.character or " ")
        if 0 <= place < len(self._choices):
            event.stop()
            self.dismiss(self._choices[place])

    def _options(self, words: Wording) -> list[Option]:
        return [
            Option(Content.assemble((digit, "bold"), f"  {self._named(words, choice)}"))
            for digit, choice in zip(DIGITS, self._choices, strict=False)
        ]

    def _named(self, words: Wording, choice: BreakChoice) -> str:
        if choice.after_call:
            said = words.text("break_queue.after_abuse")
            return f"{said}  ({words.text('break_queue.after_abuse_help')})"
        needed = need(words, self._queue, choice.reason)
        name = words.reason(choice.reason)
        return f"{name}  ({needed})" if needed else name


class _Question(Line):
    def __init__(self, after_call: bool) -> None:
        super().__init__(classes="question")
        self._key = "break.after_call" if after_call else "break.now"

    def paint(self, view: View) -> Content:
        return Content(view.words.text(self._key))
