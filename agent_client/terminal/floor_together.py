"""The adherence of all on a floor together, and of each team, as rows come and go: weighted by
planned time, never a mean of percentages."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent_client.terminal.plan_words import percentages
from protocol.wire.sync import FloorRow


@dataclass(frozen=True)
class Together:
    """The sums of some people's business dates so far, in seconds."""

    counted_s: int = 0
    """Planned, without what is excluded."""
    in_s: int = 0
    """As if all that is unknown were out …"""
    in_high_s: int = 0
    """… and in."""

    def plus(self, row: FloorRow, by: int = 1) -> "Together":
        """With one person more, or with -1 one less."""
        return Together(
            self.counted_s + by * (row.counted_s or 0),
            self.in_s + by * (row.in_s or 0),
            self.in_high_s + by * (row.in_high_s or 0),
        )

    def said(self) -> str:
        """`96.85 %`; `~90.00–96.85 %` while some of it is unknown; a dash where nothing counts."""
        share = percentages(self.in_s, self.in_high_s, self.counted_s)
        return f"~{share}" if self.in_high_s > self.in_s else share


class FloorTogether:
    """Follows the rows of a floor."""

    def __init__(self) -> None:
        self.all = Together()
        self._teams: dict[str, Together] = {}

    def count(self, row: FloorRow, by: int) -> None:
        """One row more, or with -1 one less."""
        self.all = self.all.plus(row, by)
        self._teams[row.team] = self._teams.get(row.team, Together()).plus(row, by)

    def teams(self) -> Iterator[tuple[str, Together]]:
        """Those of which something counts, the lowest first; nothing where there is only one."""
        counted = [(name, team) for name, team in self._teams.items() if team.counted_s]
        if len(counted) > 1:
            yield from sorted(counted, key=lambda each: (each[1].in_s / each[1].counted_s, each[0]))
