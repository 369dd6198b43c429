"""The commands that check and publish what is drafted: `roster check` and `roster publish`."""

import uuid
from collections.abc import Callable

import msgspec

from agent_service import database, tables
from agent_service.appending import Books
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data, print_words
from agent_service.commands.people import today, writing
from agent_service.commands.people_shown import everybody
from agent_service.commands.rosters_words import (
    BY_OPERATOR,
    add_span,
    findings_told,
    make_planner,
    short_told,
    tell_unknown_years,
)
from agent_service.orders.text import optional_text
from agent_service.rosters import draft_changes
from agent_service.rosters.asked_changes import check_count
from agent_service.rosters.book import RosterBook, make_book
from agent_service.rosters.checking import refuse
from agent_service.rosters.draft_changes import Published
from agent_service.rosters.drafts import Asked
from agent_service.rosters.outlook import Outlook, check_outlook, outlook
from agent_service.rosters.planning import Act, Planner
from agent_service.rosters.shown import check_span
from protocol.facts.shift import PlanCause
from protocol.i18n.arguments import Parser
from protocol.wire.errors import Code, Refused

MOST_DAYS = 40_000
"""Of people, that are recorded at once: meanwhile what agents do waits to be written."""


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    roster = commands.group("roster", "roster")
    check = roster.add("check", "roster_check", _check)
    add_span(check, roster)
    check.add_argument("--team", help=roster.text("roster_team"))
    check.add_argument("--json", action="store_true", help=roster.text("json"))
    into = roster.add("publish", "roster_publish", _publish)
    add_span(into, roster)
    into.add_argument("--team", help=roster.text("roster_team"))
    add_acceptance(into, roster)


def add_acceptance(parser: Parser, commands: Commands) -> None:
    """The options of a publication."""
    parser.add_argument(
        "--accept-warnings", action="store_true", help=commands.text("roster_accept_warnings")
    )
    parser.add_argument("--note", default="", help=commands.text("roster_note"))


def publish(
    invocation: Invocation,
    book: RosterBook,
    found: Outlook,
    record: Callable[[Planner, Books, Act], Published | None],
) -> None:
    """Publish what was looked at, as the operator asked for it: it is checked before the ledger is
    held, and `record` refuses by None what has changed since. Raises `Refused`."""
    note = invocation.asked.note
    act = Act(uuid.uuid4().hex, BY_OPERATOR, PlanCause.ROSTER, note=optional_text(note))
    check_count(len(found.changes), MOST_DAYS)
    accepted = None if invocation.asked.accept_warnings else frozenset[str]()
    check_outlook(book, found, accepted, None)
    with writing(invocation) as books:
        published = record(make_planner(book, books), books, act)
    if published is None:
        raise Refused(Code.DIGEST_DIFFERS)
    invocation.say("roster_published", revision=published.revision, days=published.days)
    print_data(str(published.revision))


def _asked(invocation: Invocation) -> Asked:
    span = check_span(invocation.asked.first_day, invocation.asked.last_day)
    return Asked(staff_numbers(invocation, invocation.asked.team), span)


def staff_numbers(invocation: Invocation, team: str | None) -> frozenset[str]:
    """Those of a team, or of everybody. Raises `Refused` with `unknown_team`."""
    people = everybody(invocation.folder, today(invocation))
    found = {each.number for each in people if team in (None, each.team)}
    if not found:
        raise Refused(Code.UNKNOWN_TEAM, team=team or "")
    return frozenset(found)


def _check(invocation: Invocation) -> None:
    asked, book = _asked(invocation), make_book(invocation.settings)
    team = invocation.asked.team or ""
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        found = outlook(book, connection, asked)
        half_hours = draft_changes.covered(book, connection, asked, team)
    short = [each for each in half_hours if each.short]
    if invocation.asked.json:
        shown = {"changes": len(found.changes), "findings": found.findings, "short": short}
        print_data(msgspec.json.encode(shown).decode())
    else:
        for line in findings_told(invocation.catalogue, found.findings):
            print_data(line)
        for line in short_told(invocation.catalogue, short, book.zone):
            print_data(line)
        invocation.say("roster_checked", changes=len(found.changes), short=len(short))
    tell_unknown_years(invocation, book, *asked.span)
    refuse(found.findings)


def _publish(invocation: Invocation) -> None:
    asked, book = _asked(invocation), make_book(invocation.settings)
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        found = outlook(book, connection, asked)
    for line in findings_told(invocation.catalogue, found.findings):
        print_words(line)

    def record(planner: Planner, books: Books, act: Act) -> Published | None:
        return draft_changes.publish_drafted(planner, books.connection, found, asked, act)

    publish(invocation, book, found, record)
