"""Telling what is wrong with a file that people wrote."""

from collections.abc import Callable, Collection, Sequence

from agent_service.accounts.staff_sheet import Fault
from agent_service.commands.invocation import Invocation, print_words
from agent_service.printable import printable

_FAULTS_SHOWN = 100
_COLUMN_SHOWN = 64


def show_faults(
    invocation: Invocation,
    faults: Sequence[Fault],
    columns: Collection[str],
    heading: Callable[[str], str],
) -> None:
    """A line each, as far as anybody reads. `columns` are those that have a `heading` in the
    reader's language; others are called as the file calls them. A fault without a column concerns
    a whole line."""
    catalogue = invocation.catalogue

    def told(fault: Fault, words: str) -> str:
        if not fault.column:
            return catalogue.text("people.fault_in_line", line=fault.line, fault=words)
        known = fault.column in columns
        column = heading(fault.column) if known else fault.column[:_COLUMN_SHOWN]
        return catalogue.text("people.fault", line=fault.line, column=column, fault=words)

    _show(invocation, sorted(faults, key=lambda each: each.line), told)


def show_faults_of_files(invocation: Invocation, faults: Sequence[Fault]) -> None:
    """The same for a folder: the column of each is the file in it."""
    catalogue = invocation.catalogue

    def told(fault: Fault, words: str) -> str:
        return catalogue.text(
            "people.fault_in_file", file=fault.column, line=fault.line, fault=words
        )

    _show(invocation, sorted(faults, key=lambda each: (each.column, each.line)), told)


def _show(
    invocation: Invocation, faults: Sequence[Fault], told: Callable[[Fault, str], str]
) -> None:
    for fault in faults[:_FAULTS_SHOWN]:
        words = invocation.catalogue.error(fault.code, fault.params)
        print_words(printable(told(fault, words)))
    if len(faults) > _FAULTS_SHOWN:
        invocation.say("more_faults", more=len(faults) - _FAULTS_SHOWN)
