"""The words of why a figure is what it is: how a stretch counts, and who decided what about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agent_client.terminal.cells import cut, shown, shown_lines
from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import length
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.adherence import Slice, Verdict
from protocol.rules.exceptions import SYSTEM
from protocol.rules.incident import Incident
from protocol.wire.adherence import AdherenceDay
from protocol.wire.exceptions import ExceptionRow, Standing
from protocol.wire.plan_corrections import PlanCorrectionRow

UNDECIDED = frozenset({Standing.PENDING, Standing.SECOND})
_MARKS = {
    "out": ("−", "$error"),
    "unknown": ("?", "$error"),
    "pending": ("~", "$warning"),
    "excluded": ("×", "$quiet"),
}
_LONGEST = 400
_NAME_CELLS = 16
Names = Mapping[str, str]
_NOBODY: Names = MappingProxyType({})
_COUNTS_AS_IN = ("+", "$success")


@dataclass(frozen=True)
class Counted:
    """How a stretch counts: a mark that reads without colour, and its words' name."""

    key: str

    @property
    def mark(self) -> tuple[str, str]:
        """The mark and its colour."""
        return _MARKS.get(self.key, _COUNTS_AS_IN)


def counted(each: Slice) -> Counted:
    """How a slice counts, as people speak of it."""
    if each.verdict is Verdict.OUT and (each.state is None or each.state is State.OFFLINE):
        return Counted("unknown")
    if each.verdict is Verdict.OUT and each.exception is not None:
        return Counted("pending")
    if each.verdict is Verdict.OVERRUN and each.state is State.NOT_READY:
        return Counted("floats")
    return Counted(each.verdict.value)


def told(words: Wording, page: AdherenceDay, each: Slice) -> str:
    """How it counts and by which rule, as a sentence."""
    rules, key = page.values.adherence, counted(each).key
    limits = {
        "grace": rules.grace_s,
        "overrun": rules.overrun_cap_s,
        "floats": rules.overrun_cap_s,
        "personal": rules.personal_allowance_s,
    }
    limit = length(words, limits[key]) if key in limits else ""
    return words.text(f"why_told.{key}", limit=limit)


def decisions(words: Wording, page: AdherenceDay, each: Slice) -> Iterator[str]:
    """What people and rules said about a stretch: every exception that touches it, and the
    incident that it was lost to."""
    begin, end = each.start_s * 1000, each.end_s * 1000
    for row in page.exceptions:
        if row.start_ms < end and begin < row.end_ms:
            yield about(words, row, page.zone, page.names)
            if row.decision:
                yield words.text("why.answer", text=in_one_line(row.decision))
            elif row.text:
                yield proposed(words, row, page.zone, page.names)
            yield from shown_by(words, row)
    lost_to = each.exception.exception_id if each.exception is not None else ""
    for incident in page.incidents:
        if incident.incident == lost_to:
            yield confirmed(words, page, incident)


def confirmed(words: Wording, page: AdherenceDay, incident: Incident) -> str:
    """Who said that a fault struck many, and in which words."""
    numbers = (number for number in (incident.actor, incident.second) if number)
    by = words.text("comma").join(who(words, number, page.names) for number in numbers)
    return words.text("why.incident", who=by, text=in_one_line(incident.text))


def about(words: Wording, row: ExceptionRow, zone: str, names: Names = _NOBODY) -> str:
    """`excuse, Coaching: approved by 2001 Wang, 11-22 15:30`."""
    said = words.text(
        "why.exception",
        what=words.term(f"overlay.{row.what}", row.what),
        code=words.term(f"exception_code.{row.code}", row.code),
        standing=standing(words, row),
    )
    if not row.deciders:
        return said
    by = words.text("comma").join(who(words, each, names) for each in row.deciders)
    at = f"{at_site(row.decided_ms, zone):%m-%d %H:%M}" if row.decided_ms is not None else ""
    return words.text("why.decided_by", exception=said, who=by, at=at).rstrip()


def proposed(words: Wording, row: ExceptionRow, zone: str, names: Names = _NOBODY) -> str:
    """Who wanted it, when, and in which words."""
    by, at = who(words, row.actor, names), f"{at_site(row.proposed_ms, zone):%m-%d %H:%M}"
    return words.text("why.proposed_by", who=by, at=at, text=in_one_line(row.text)).rstrip()


def shown_by(words: Wording, row: ExceptionRow | PlanCorrectionRow) -> Iterator[str]:
    """What shows that it was so, where anything does."""
    if row.evidence:
        evidence = words.text("comma").join(in_one_line(each) for each in row.evidence)
        yield words.text("why.evidence", evidence=evidence)


def in_one_line(text: str) -> str:
    """What somebody wrote, as far as a line can tell it."""
    return cut(" ".join(shown_lines(text).split()), _LONGEST)


def standing(words: Wording, row: ExceptionRow) -> str:
    """Where it stands."""
    return words.term(f"standing.{row.standing}", row.standing)


def who(words: Wording, number: str, names: Names = _NOBODY) -> str:
    """A staff number with the name where it is known, or that nobody had to decide."""
    if number in (SYSTEM, ""):
        return words.text("why.the_rules")
    return f"{shown(number)} {cut(shown(names.get(number, '')), _NAME_CELLS)}".rstrip()
