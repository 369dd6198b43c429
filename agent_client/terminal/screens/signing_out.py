"""Signing out with something open: asks once, and says what is open and what becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_client.terminal.screens.either import Either
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.lines import line_named
from protocol.wire.desk import Status
from protocol.wire.desk_call import CallRow
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


class SigningOut(Either):
    """Answers with whether to sign out; without an answer one stays."""

    CHOICES = ("signing_out.stay", "signing_out.sign_out")
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "signing_out.stay"))

    def __init__(self, things: OpenThings) -> None:
        super().__init__()
        self._things = things

    def says(self, words: Wording) -> Sequence[str]:
        """What is open."""
        return words.text("signing_out.question"), *_told(words, self._things)


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
