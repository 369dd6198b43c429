"""The command that reads a roster from a file: `import roster`."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import msgspec

from agent_service import bootstrap, database, sheets, tables
from agent_service.accounts.staff import OPERATOR
from agent_service.accounts.staff_sheet import Fault
from agent_service.appending import Books
from agent_service.arguments import Commands
from agent_service.commands.faults_shown import show_faults
from agent_service.commands.invocation import Invocation, print_words
from agent_service.commands.people import today, writing
from agent_service.commands.people_shown import Shown, everybody
from agent_service.commands.rosters_publish import MOST_DAYS, add_acceptance, publish
from agent_service.commands.rosters_words import (
    BY_OPERATOR,
    column_words,
    findings_told,
    heading,
    make_planner,
    plan_words,
    tell_unknown_years,
)
from agent_service.rosters import draft_changes, store
from agent_service.rosters.asked_changes import check_count
from agent_service.rosters.begun import check_times
from agent_service.rosters.book import RosterBook, make_book
from agent_service.rosters.calendar_file import SUFFIX, RosterCalendar
from agent_service.rosters.checking import Change, differing
from agent_service.rosters.draft_changes import Published
from agent_service.rosters.drafts import Draft
from agent_service.rosters.outlook import Outlook, outlook_of
from agent_service.rosters.plan_cells import DayPlanned, PlanCells
from agent_service.rosters.plan_check import check_plan
from agent_service.rosters.planning import Act, Planner
from agent_service.rosters.roster_sheet import Column, RosterSheet
from agent_service.rosters.row import PlannedDay
from protocol.wire.errors import Code, Refused

Known = Mapping[tuple[str, date], PlannedDay]
"""What is in force by person and business date."""


class Read(msgspec.Struct, frozen=True):
    """What a file says, and what is wrong with it."""

    days: Sequence[DayPlanned]
    faults: Sequence[Fault]


def add_commands(commands: Commands) -> None:
    """Add it to the command line."""
    text = commands.text
    into = commands.group("import", "import").add("roster", "import_roster", _import)
    into.add_argument("file", metavar="FILE", type=Path, help=text("import_roster_file"))
    how = into.add_mutually_exclusive_group()
    how.add_argument("--draft", action="store_true", help=text("import_roster_draft"))
    how.add_argument("--publish", action="store_true", help=text("import_roster_publish"))
    add_acceptance(into, commands)


def _import(invocation: Invocation) -> None:
    file, book = invocation.asked.file, make_book(invocation.settings)
    read = _read(file, book)
    people = {each.number: each for each in everybody(invocation.folder, today(invocation))}
    changes = [_change(each) for each in read.days]
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        known = _known(connection, changes)
        faults = [*read.faults, *_faults(book, people, known, read.days)]
        drafted = draft_changes.drawn(known, changes, _by_operator())
        found = outlook_of(book, connection, [] if faults else drafted)
    if faults:
        show_faults(invocation, faults, set(Column), partial(heading, invocation.catalogue))
        raise Refused(Code.BAD_SHEET, file=str(file), faults=len(faults))
    if changes:
        _bring_in(invocation, book, changes, found)
    invocation.say("roster_imported", days=len(changes))


def _read(file: Path, book: RosterBook) -> Read:
    words = plan_words(book)
    if file.suffix.lower() == SUFFIX:
        calendar = RosterCalendar(file, words, book.zone)
        return Read(calendar.days, calendar.faults)
    sheet = RosterSheet(sheets.read(file), column_words(), PlanCells(book, words))
    return Read(sheet.days, sheet.faults)


def _bring_in(
    invocation: Invocation, book: RosterBook, changes: Sequence[Change], found: Outlook
) -> None:
    """Draft it, and tell what would come of it; or publish it."""
    for line in findings_told(invocation.catalogue, found.findings):
        print_words(line)
    span = min(each.day for each in changes), max(each.day for each in changes)
    tell_unknown_years(invocation, book, *span)

    def record(planner: Planner, books: Books, act: Act) -> Published | None:
        return draft_changes.publish(planner, books.connection, found, span, act)

    if invocation.asked.publish and found.changes:
        publish(invocation, book, found, record)
        return
    check_count(len(changes), MOST_DAYS)
    with writing(invocation) as books:
        planner = make_planner(book, books)
        draft_changes.draft(planner, books.connection, changes, _by_operator(), BY_OPERATOR)


def _by_operator() -> Draft:
    return Draft("", date.min, (), "", 0, OPERATOR, bootstrap.now_ms())


def _known(connection: sqlite3.Connection, changes: Sequence[Change]) -> Known:
    """What is in force on these days."""
    if not changes:
        return {}
    days, agents = [each.day for each in changes], {each.agent for each in changes}
    return store.in_force(connection, min(days), max(days), agents)


def _faults(
    book: RosterBook, people: Mapping[str, Shown], known: Known, days: Sequence[DayPlanned]
) -> list[Fault]:
    """What only the staff, the calendar and the plans in force can tell."""
    found = []
    changes = {(each.agent, each.day): each for each in days}
    for each in days:
        if each.agent not in people:
            unknown = Refused(Code.UNKNOWN_AGENT, agent=each.agent)
            found.append(_fault(each, Column.NUMBER, unknown))
    now_ms = bootstrap.now_ms()
    for change in differing(known, map(_change, days)):
        planned = changes[change.agent, change.day]
        try:
            _check_open(people, change.agent)
            check_plan(change.agent, change.day, change.segments, book.zone)
            check_times(known, [change], now_ms, book.zone)
        except Refused as refused:
            found.append(_fault(planned, Column.DAY, refused))
    return found


def _check_open(people: Mapping[str, Shown], agent: str) -> None:
    """Raises `Refused` with `staff_closed` for somebody who may not sign in any more."""
    if agent in people and people[agent].disabled:
        raise Refused(Code.STAFF_CLOSED, agent=agent)


def _fault(planned: DayPlanned, column: Column, refused: Refused) -> Fault:
    return Fault(planned.line, column, refused.code, refused.params)


def _change(planned: DayPlanned) -> Change:
    return Change(planned.agent, planned.day, planned.segments, planned.pattern)
