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
    reader's language; others are called as the file calls them."""
    catalogue = invocation.catalogue
    for fault in sorted(faults, key=lambda each: each.line)[:_FAULTS_SHOWN]:
        known = fault.column in columns
        column = heading(fault.column) if known else fault.column[:_COLUMN_SHOWN]
        words = catalogue.error(fault.code, fault.params)
        told = catalogue.text("people.fault", line=fault.line, column=column, fault=words)
        print_words(printable(told))
    if len(faults) > _FAULTS_SHOWN:
        invocation.say("more_faults", more=len(faults) - _FAULTS_SHOWN)
