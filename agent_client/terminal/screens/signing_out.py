"""Signing out with something open: asks once, and says what is open and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from agent_client.terminal.screens.either import Either
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.lines import line_named
from protocol.wire.desk import MAX_SIGN_OUT_TEXT, Status
from protocol.wire.desk_call import CallRow
from protocol.wire.handover import OwnNotices
from protocol.wire.sync import Link


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
    asked_to_stay: bool = False
    heads: tuple[int, int] | None = None
    """How many are there, the person too, and how many should be: without the person too few."""
    unconfirmed: int = 0
    """Handovers of the person's own."""

    @property
    def of_the_post(self) -> bool:
        """Whether others are waited for: nothing is lost by going."""
        return self.asked_to_stay or self.heads is not None or self.unconfirmed > 0

    @property
    def of_the_post_alone(self) -> bool:
        """Whether nothing else is open."""
        return self.of_the_post and self == OpenThings(
            asked_to_stay=self.asked_to_stay, heads=self.heads, unconfirmed=self.unconfirmed
        )

    def __bool__(self) -> bool:
        return self != OpenThings()


def what_is_open(
    status: Status, calls: Sequence[CallRow], notices: OwnNotices | None, *, unsaved: bool
) -> OpenThings:
    """With the service in reach, unsent facts are on their way: they hold nobody up. Without it
    nobody knows how the post stands."""
    online = status.link is Link.ONLINE
    waits = status.held_back if online else status.unsent
    post = notices if online and notices is not None else OwnNotices(0, 0, 0)
    return OpenThings(
        unsent=waits,
        owed=max(sum(row.owed for row in calls), len(status.owed)),
        outcome_missing=outcome_missing(status),
        unsaved=unsaved,
        messages=len(status.orders),
        asked_to_stay=post.asked_to_stay,
        heads=(post.present, post.required) if 0 < post.required >= post.present else None,
        unconfirmed=post.unconfirmed,
    )


def outcome_missing(status: Status) -> bool:
    """Whether the line of the call asks for an outcome, and none is given in after-call work."""
    last = status.last_call
    if last is None or status.state is not State.ACW:
        return False
    line = line_named(status.lines, last.line)
    return line is not None and line.wrap_up_needed and not last.wrapped_up.outcome


class SigningOut(Either):
    """Answers with whether to sign out; without an answer one stays. Where others are waited for,
    it takes a few words of why, or none."""

    AUTO_FOCUS = "OptionList"
    CHOICES = ("signing_out.stay", "signing_out.sign_out")
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "signing_out.stay"))

    def __init__(self, things: OpenThings) -> None:
        super().__init__()
        self._things = things
        self.text = ""
        """Why, in the person's own words."""

    def between(self) -> ComposeResult:
        """Why."""
        if self._things.of_the_post:
            yield Field(max_length=MAX_SIGN_OUT_TEXT)

    def show(self, view: View) -> None:
        """The field in the reader's language."""
        super().show(view)
        for field in self.query(Field):
            field.placeholder = view.words.text("signing_out.why")

    @on(Input.Changed)
    def keep(self, event: Input.Changed) -> None:
        """What was typed outlives the dialog."""
        self.text = event.value.strip()

    @on(Input.Submitted)
    def go(self, event: Input.Submitted) -> None:
        """Enter in the field."""
        event.stop()
        self.dismiss(True)

    def says(self, words: Wording) -> Sequence[str]:
        """What is open."""
        return words.text("signing_out.question"), *_told(words, self._things)


class LeavingPost(SigningOut):
    """Nothing but others' work is open: Enter signs out, with or without words."""

    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "signing_out.sign_out"), ("Esc", "signing_out.stay"))

    def answers(self) -> ComposeResult:
        """Enter in the field and Escape are the two."""
        return ()


def _told(words: Wording, things: OpenThings) -> list[str]:
    """What is open, each with what becomes of it."""
    told = _told_of_the_post(words, things)
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


def _told_of_the_post(words: Wording, things: OpenThings) -> list[str]:
    told = []
    if things.asked_to_stay:
        told.append(words.text("signing_out.asked_to_stay"))
    elif things.heads is not None:
        present, required = things.heads
        told.append(words.text("signing_out.short", present=present, required=required))
    if things.unconfirmed:
        told.append(words.text("signing_out.unconfirmed", count=things.unconfirmed))
    if things.of_the_post:
        told.append(words.text("signing_out.possible"))
    return told
