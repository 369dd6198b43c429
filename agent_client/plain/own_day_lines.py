"""One's own day as lines: what begins, what is near, and what the desk reminds of. Nothing of it is
said during a call; after it what still holds is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agent_client.terminal.plan_moment import SOON_S, moment
from agent_client.terminal.plan_reminders import reminders
from agent_client.terminal.plan_said import next_shift, now_said, then_said
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.i18n import Catalogue
from protocol.wire.desk import Status
from protocol.wire.desk_plan import OwnDay


@dataclass(frozen=True)
class _Seen:
    words: Wording
    status: Status | None
    now: datetime | None
    own_day: OwnDay | None


class OwnDayLines:
    """Says each thing once, and again when it comes back."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._words = Wording(catalogue)
        self._own: OwnDay | None = None
        self._told: frozenset[str] = frozenset()

    def take(self, own: OwnDay) -> None:
        """The seat told of the day."""
        self._own = own

    def forget(self) -> None:
        """Nobody is signed in, or the seat is gone: what is told next is told whole."""
        self._own, self._told = None, frozenset()

    def look(self, status: Status | None, now: datetime | None) -> list[str]:
        """What is to be said since this was asked last."""
        own = self._own
        if own is None or own.day is None or status is None or now is None:
            return []
        if status.state is State.LOGGED_OFF or status.call is not None:
            return []
        seen = _Seen(self._words, status, now, own)
        planned = dict(_planned(seen, own, now))
        reminded = {each.subject: each.text for each in reminders(seen, own, typed=True)}
        before, self._told = self._told, frozenset(planned) | frozenset(reminded)
        news = [text for subject, text in planned.items() if subject not in before]
        # what begins tells what follows it, too
        return news[:1] + [text for each, text in reminded.items() if each not in before]


def _planned(seen: _Seen, own: OwnDay, now: datetime) -> Iterator[tuple[str, str]]:
    """The present segment when it begins, and what follows it when that is near."""
    if not own.plan:
        return
    words, at = seen.words, moment(own.plan, int(now.timestamp() * 1000))
    if at.over:
        yield "over", f"{words.text('plan.over')}{next_shift(seen, own)}"
        return
    begun = at.now.start_ms if at.now is not None else None
    then = then_said(words, at)
    yield f"now {begun}", words.text("comma").join((now_said(words, at, own.zone), then))
    if at.left_s is not None and at.left_s <= SOON_S:
        yield f"soon {begun}", then
