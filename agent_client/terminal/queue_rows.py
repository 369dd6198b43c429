"""What stands in a lead's queue: exceptions, corrections of plans, incidents."""

from collections.abc import Iterable

from textual.content import Content

from agent_client.terminal import correction_rows, exception_rows
from agent_client.terminal.correction_rows import instead
from agent_client.terminal.exception_rows import TICK, Names, lasts, named, what
from agent_client.terminal.plan_words import length
from agent_client.terminal.wording import Wording
from protocol.rules.exception_decisions import OPEN, Undecidable
from protocol.wire.exceptions import ExceptionRow, Exceptions
from protocol.wire.incidents import IncidentRow
from protocol.wire.plan_corrections import PlanCorrectionRow

Case = ExceptionRow | PlanCorrectionRow | IncidentRow
_KINDS: dict[type[Case], str] = {
    IncidentRow: "incident",
    PlanCorrectionRow: "correction",
    ExceptionRow: "exception",
}


def cases(told: Exceptions | None) -> tuple[Case, ...]:
    """In the order of the list: what is about most people first."""
    return (*told.incidents, *told.corrections, *told.rows) if told is not None else ()


def identity(case: Case) -> str:
    """What it is known by."""
    if isinstance(case, ExceptionRow):
        return case.exception
    return case.correction if isinstance(case, PlanCorrectionRow) else case.incident


def kinds(some: Iterable[Case]) -> list[str]:
    """What is among them, in the order of the list: `incident`, `correction`, `exception`."""
    found = {type(case) for case in some}
    return [name for kind, name in _KINDS.items() if kind in found]


def undecidable(case: Case, approved: bool) -> str:
    """The code of why the reader can't decide it so, as far as the list tells; else empty."""
    if case.standing not in OPEN:
        return Undecidable.ALREADY_DECIDED
    if isinstance(case, ExceptionRow):
        return ""
    rejects = not approved and case.undecidable == Undecidable.SECOND_BY_SAME
    return "" if rejects else case.undecidable


def people(case: Case) -> frozenset[str]:
    """Whose days it is about; an incident is about nobody's by name."""
    if isinstance(case, ExceptionRow):
        return frozenset({case.agent})
    if isinstance(case, PlanCorrectionRow):
        return frozenset(each.agent for each in case.days)
    return frozenset()


def line(words: Wording, case: Case, names: Names, zone: str, ticked: bool, width: int) -> Content:
    """One line, as wide as there is room."""
    if isinstance(case, ExceptionRow):
        text = exception_rows.line(words, case, names, zone, width)
    elif isinstance(case, PlanCorrectionRow):
        text = correction_rows.correction_line(words, case, names, zone, width)
    else:
        text = correction_rows.incident_line(words, case, names, zone, width)
    tick = (f"{TICK if ticked else ' '} ", "bold $key")
    return Content.assemble(tick, text).truncate(width, ellipsis=True)


def details(words: Wording, case: Case, names: Names, zone: str) -> Iterable[Content]:
    """All that is to be known before it is decided."""
    if isinstance(case, ExceptionRow):
        return exception_rows.details(words, case, names, zone)
    if isinstance(case, PlanCorrectionRow):
        return correction_rows.correction_details(words, case, names, zone)
    return correction_rows.incident_details(words, case, names, zone)


def brief(words: Wording, case: Case, names: Names, zone: str) -> str:
    """What is decided, in a dialog's line."""
    if isinstance(case, ExceptionRow):
        whose = f"{named(names, case.agent)}  {case.day:%m-%d}"
        return f"{whose}  {what(words, case)}  {length(words, lasts(case))}"
    if isinstance(case, PlanCorrectionRow):
        return "\n".join(
            f"{named(names, each.agent)}  {each.day:%m-%d}  {instead(words, each, zone)}"
            for each in case.days
        )
    return correction_rows.incident_brief(words, case, zone)
