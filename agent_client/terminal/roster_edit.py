"""An edit of a week grid: whose days it is about, and why the service did not keep it."""

from datetime import timedelta
from typing import NamedTuple

from agent_client.terminal.plan_difference import edited
from agent_client.terminal.roster_week import Place, Week, correctable
from agent_client.terminal.roster_words import whose_days
from agent_client.terminal.wording import Wording
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import MAX_CORRECTED, DraftRoster


class Edit(NamedTuple):
    """What is to be kept."""

    week: Week
    """As it was shown then."""
    draft: DraftRoster
    typed: int
    """How many keys had been pressed on the grid."""

    def places(self) -> frozenset[Place]:
        """The days of people that it is about."""
        draft = self.draft
        if not draft.rotation or draft.first_day is None or draft.last_day is None:
            return frozenset((each.agent, each.day) for each in draft.days)
        days = range((draft.last_day - draft.first_day).days + 1)
        dates = [draft.first_day + timedelta(days=each) for each in days]
        return frozenset((agent, day) for agent in draft.agents for day in dates)


class Unkept(NamedTuple):
    """An edit that was refused: the cells show what is stored."""

    edit: Edit
    refusal: Refused

    @property
    def correctable(self) -> bool:
        """Whether it can be proposed as a correction, which asks for the reason."""
        return self.refusal.code == Code.SHIFT_BEGUN and correctable(self.edit.draft)

    def whose(self, words: Wording) -> str:
        """One person's day, or how many of how many people."""
        return whose_days(words, self.edit.week, tuple(sorted(self.edit.places())))

    def what(self, words: Wording) -> str:
        """One day before and after; of more, how many."""
        days = self.edit.draft.days
        if len(days) == 1 and self.correctable:
            return edited(words, self.edit.week, days[0])
        return self.whose(words)

    def why(self, words: Wording) -> str:
        """As the service refused it, and where a correction can't hold it, that."""
        days = len(self.edit.draft.days)
        if self.refusal.code != Code.SHIFT_BEGUN or days <= MAX_CORRECTED:
            return words.refusal(self.refusal)
        return words.text(
            "roster.too_many_begun", **self.refusal.params, days=days, limit=MAX_CORRECTED
        )


def left_after_edit(unkept: list[Unkept], edit: Edit) -> list[Unkept]:
    """Without those that another edit of all their days takes the place of."""
    places = edit.places()
    return [each for each in unkept if not each.edit.places() <= places]


def left_after_correction(unkept: list[Unkept], corrected: frozenset[Place]) -> list[Unkept]:
    """Without what a correction proposes. Days that it would not change are not among its own."""
    return [each for each in unkept if not (each.correctable and corrected <= each.edit.places())]
