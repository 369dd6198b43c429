"""The command that writes the published roster into a file: `export roster`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from agent_service import bootstrap, database, sheets, tables
from agent_service.arguments import Commands
from agent_service.attendance.store import substitutes_between
from agent_service.commands.invocation import Invocation
from agent_service.commands.people import today
from agent_service.commands.people_shown import Shown as Person
from agent_service.commands.people_shown import everybody
from agent_service.commands.rosters_words import add_span, heading, plan_words
from agent_service.persons.store import EVER
from agent_service.publishing import new_file
from agent_service.rosters import store
from agent_service.rosters.book import make_book
from agent_service.rosters.calendar_events import OFF
from agent_service.rosters.calendar_file import SUFFIX, Words, write_calendar
from agent_service.rosters.calendar_rows import Shown, calendar_rows
from agent_service.rosters.plan_cells import PlanCells
from agent_service.rosters.roster_sheet import Column
from agent_service.rosters.row import PlannedDay
from agent_service.rosters.shown import check_days
from agent_service.sheets import EXCEL
from protocol.facts.shift import Activity
from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused

Plans = Mapping[tuple[str, date], PlannedDay]
_LONG = (
    Column.NUMBER,
    Column.NAME,
    Column.DAY,
    Column.PATTERN,
    Column.START,
    Column.END,
    Column.ACTIVITY,
)


class Exported(msgspec.Struct, frozen=True):
    """What is written: whose plans, of which days."""

    people: Sequence[Person]
    days: Sequence[date]
    plans: Plans
    substitutes: Mapping[tuple[str, date], str]
    """Who works another's shift."""
    calendar: Sequence[Shown]


def add_commands(commands: Commands) -> None:
    """Add it to the command line."""
    text = commands.text
    out = commands.group("export", "export").add("roster", "export_roster", _export)
    out.add_argument("file", metavar="FILE", type=Path, help=text("export_roster_file"))
    add_span(out, commands)
    who = out.add_mutually_exclusive_group()
    who.add_argument("--team", help=text("roster_team"))
    who.add_argument("--agent", metavar="NUMBER", help=text("user_number"))


def _export(invocation: Invocation) -> None:
    file, catalogue = invocation.asked.file, invocation.catalogue
    book = make_book(invocation.settings)
    exported = _exported(invocation)
    cells = PlanCells(book, plan_words(book))
    with new_file(file) as draft:
        if file.suffix.lower() == SUFFIX:
            names = {each.number: each.name for each in exported.people}
            now = datetime.fromtimestamp(bootstrap.now_ms() // 1000, UTC)
            write_calendar(draft, exported.calendar, names, _words(catalogue), now)
        else:
            table = _wide if file.suffix.lower() == EXCEL else _long
            sheets.write(draft, table(exported, cells, catalogue), file.suffix)
    invocation.say("roster_exported", days=len(exported.plans), file=file)


def _exported(invocation: Invocation) -> Exported:
    """Raises `Refused` with `bad_span`, `unknown_team` or `unknown_agent`."""
    asked = invocation.asked
    first_day, last_day = check_days(asked.first_day, asked.last_day)
    people = [
        each
        for each in everybody(invocation.folder, today(invocation))
        if asked.team in (None, each.team) and asked.agent in (None, each.number)
    ]
    if not people and asked.agent is not None:
        raise Refused(Code.UNKNOWN_AGENT, agent=asked.agent)
    if not people:
        raise Refused(Code.UNKNOWN_TEAM, team=asked.team)
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        numbers = {each.number for each in people}
        plans = store.in_force(connection, first_day, last_day, numbers)
        told = substitutes_between(connection, first_day, last_day, EVER)
        calendar = calendar_rows(connection, first_day, last_day, numbers)
    length = (last_day - first_day).days + 1
    planned = {agent for agent, _ in plans} | {each.agent for each in calendar}
    return Exported(
        [each for each in people if each.number in planned or not each.disabled],
        [first_day + timedelta(days=at) for at in range(length)],
        plans,
        {key: row.substitute for key, row in told.items() if key in plans},
        calendar,
    )


def _wide(exported: Exported, cells: PlanCells, catalogue: Catalogue) -> list[Sequence[str]]:
    """A row a person, a column a date."""
    off = catalogue.text("rosters.off")
    head = [heading(catalogue, Column.NUMBER), heading(catalogue, Column.NAME)]
    last = _last_heading(exported, catalogue)
    rows: list[Sequence[str]] = [[*head, *(day.isoformat() for day in exported.days), *last]]
    for person in exported.people:
        row = [person.number, person.name]
        for day in exported.days:
            plan = exported.plans.get((person.number, day))
            row.append(
                ""
                if plan is None
                else cells.written(plan.planned_segments(), day, plan.pattern, off)
            )
        rows.append([*row, *(_stood_in(exported, person.number) for _ in last)])
    return rows


def _long(exported: Exported, cells: PlanCells, catalogue: Catalogue) -> list[Sequence[str]]:
    """A row a day that its pattern tells whole, or a row a segment."""
    off = catalogue.text("rosters.off")
    last = _last_heading(exported, catalogue)
    rows: list[Sequence[str]] = [[*(heading(catalogue, column) for column in _LONG), *last]]
    for person in exported.people:
        for day in exported.days:
            plan = exported.plans.get((person.number, day))
            if plan is None:
                continue
            who = (person.number, person.name, day.isoformat())
            segments = plan.planned_segments()
            by = [exported.substitutes.get((person.number, day), "") for _ in last]
            if not segments or cells.is_pattern(segments, day, plan.pattern):
                rows.append([*who, plan.pattern if segments else off, "", "", "", *by])
                continue
            made_with = plan.pattern if cells.knows(plan.pattern) else ""
            for each in segments:
                times = (cells.shown_clock(at, day) for at in (each.start_ms, each.end_ms))
                rows.append([*who, made_with, *times, each.activity, *by])
    return rows


def _last_heading(exported: Exported, catalogue: Catalogue) -> list[str]:
    """A column is there for substitutes where there are any."""
    return [heading(catalogue, Column.SUBSTITUTE)] if exported.substitutes else []


def _stood_in(exported: Exported, agent: str) -> str:
    """On which dates somebody else works the person's shift, and who."""
    told = ((day, exported.substitutes.get((agent, day))) for day in exported.days)
    return ", ".join(f"{day.isoformat()} {who}" for day, who in told if who)


def _words(catalogue: Catalogue) -> Words:
    labels = {str(each): catalogue.text(f"activity.{each}") for each in Activity}
    return Words(
        labels | {OFF: catalogue.text("rosters.off")},
        lambda name, agent: catalogue.text("rosters.for_whom", name=name, agent=agent),
    )
