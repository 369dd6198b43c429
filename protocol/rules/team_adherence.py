"""The adherence of many together: weighted by their time, never a mean of percentages. Pure."""

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from protocol.facts.base import Int64
from protocol.rules.rounding import share


class TeamRow(msgspec.Struct, frozen=True):
    """One person's day."""

    agent: str
    scheduled_s: Int64
    """Without what is excluded."""
    in_s: Int64


class TeamAdherence(msgspec.Struct, frozen=True):
    """Of all of them together."""

    scheduled_s: Int64
    in_s: Int64
    agents_counted: Int64
    """Those of whom planned time counts."""

    @property
    def adherence(self) -> Fraction | None:
        """The exact share; null where nothing was planned."""
        return share(self.in_s, self.scheduled_s)


def team_adherence(rows: Iterable[TeamRow]) -> TeamAdherence:
    """The sum of the rows; somebody with several days is one person."""
    counted = [row for row in rows if row.scheduled_s > 0]
    return TeamAdherence(
        scheduled_s=sum(row.scheduled_s for row in counted),
        in_s=sum(row.in_s for row in counted),
        agents_counted=len({row.agent for row in counted}),
    )
