"""What became of cases of the queue that were decided together."""

from collections import Counter
from dataclasses import dataclass, field

from agent_client.terminal.queue_rows import Case, identity
from agent_client.terminal.wording import Wording
from protocol.rules.exception_decisions import Standing
from protocol.wire.errors import Refused
from protocol.wire.exceptions import ExceptionsDecided

_TOLD = (Standing.APPROVED, Standing.SECOND, Standing.REJECTED)


@dataclass
class Outcome:
    """Added to answer by answer."""

    standings: Counter[Standing] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    """Why each of some was not decided."""
    decided: set[str] = field(default_factory=set)

    def take(self, case: Case) -> None:
        """One that stands as was asked."""
        self.standings[case.standing] += 1
        self.decided.add(identity(case))

    def take_answer(self, answer: ExceptionsDecided) -> None:
        """Several exceptions, each decided by itself."""
        for row in answer.rows:
            self.take(row)
        self.refused.extend(Refused(code) for code in answer.refused.values())

    def text(self, words: Wording) -> str:
        """How many are approved, wait for a second person, are rejected, and were refused with
        why; empty where nothing was answered."""
        parts = [
            words.text(f"queue_decided.{standing}", count=self.standings[standing])
            for standing in _TOLD
            if self.standings[standing]
        ]
        reasons = Counter(words.refusal(each) for each in self.refused)
        for why, count in reasons.items():
            parts.append(words.text("queue_decided.refused", count=count, why=why))
        return "  ".join(parts)
