"""Whether the operator's queues for breaks can be kept."""

from collections.abc import Sequence

from protocol.facts.agent import Reason
from protocol.rules.agent_state import AUTOMATIC_REASONS
from protocol.rules.break_queue import BreakRule
from protocol.wire.errors import Code, Refused

_NEVER = AUTOMATIC_REASONS | {Reason.PERSONAL}
"""Nobody waits for a personal need, and what the system gives as a reason nobody asks for."""


def check_breaks(rules: Sequence[BreakRule]) -> None:
    """Raises `Refused` with `bad_setting`, naming the place, for a team that stands twice, a queue
    without a reason, and a reason for which nobody may have to wait."""
    seen: dict[str, int] = {}
    for at, rule in enumerate(rules):
        if seen.setdefault(rule.team, at) != at:
            raise _bad(f"breaks[{at}].team", f"twice: breaks[{seen[rule.team]}]")
        if not rule.reasons:
            raise _bad(f"breaks[{at}].reasons", "empty")
        for number, reason in enumerate(rule.reasons):
            if reason in _NEVER:
                raise _bad(f"breaks[{at}].reasons[{number}]", f"{reason} never waits")


def _bad(name: str, detail: str) -> Refused:
    return Refused(Code.BAD_SETTING, name=name, detail=detail)
