"""What the commands about rosters share: how plans are written, and how findings are told."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from agent_service import bootstrap
from agent_service.accounts.staff import OPERATOR
from agent_service.accounts.staff_sheet import folded
from agent_service.appending import Books
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation
from agent_service.printable import printable
from agent_service.rosters.book import RosterBook
from agent_service.rosters.patterns import DAY_OFF
from agent_service.rosters.plan_cells import PlanWords
from agent_service.rosters.planning import Planner
from agent_service.rosters.roster_sheet import Column
from agent_service.rosters.stood_in import Actor
from protocol.facts.shift import Activity
from protocol.i18n import LANGUAGES, Catalogue, load
from protocol.i18n.arguments import Parser
from protocol.rules.roster_check_coverage import HALF_HOUR_S, HalfHour
from protocol.wire.roster import Finding

_FINDINGS_SHOWN = 200
_MINUTE_S = 60
_IN_DAYS = frozenset({"CONSECUTIVE_DAYS", "NO_DAY_OFF"})


BY_OPERATOR = Actor(OPERATOR, lambda _: True)
"""Whoever has the command line may plan everybody's shifts."""


def make_planner(book: RosterBook, books: Books) -> Planner:
    """What records plans, in a command's transaction."""
    kept = books.projections
    return Planner(
        book, books.appender, kept.plans, kept.revisions, kept.substitutes, bootstrap.now_ms
    )


def plan_words(book: RosterBook) -> PlanWords:
    """How activities, patterns and days off are written, in every language and as codes. A label
    that two patterns share names neither."""
    activities = {folded(each): each for each in Activity}
    labels: dict[str, list[str]] = {}
    for catalogue in map(load, LANGUAGES):
        activities |= {folded(catalogue.text(f"activity.{each}")): each for each in Activity}
        for word in catalogue.text("rosters.off_words").split():
            labels.setdefault(folded(word), []).append(DAY_OFF)
    for pattern in book.patterns.values():
        for label in set(pattern.labels.values()):
            labels.setdefault(folded(label), []).append(pattern.name)
    known = {label: names[0] for label, names in labels.items() if len(set(names)) == 1}
    known |= {folded(name): name for name in (*book.patterns, DAY_OFF)}
    return PlanWords(activities, known)


def column_words() -> dict[str, Column]:
    """How columns are written, in every language."""
    columns = {folded(column): column for column in Column}
    for catalogue in map(load, LANGUAGES):
        columns |= {folded(heading(catalogue, column)): column for column in Column}
    return columns


def heading(catalogue: Catalogue, column: str) -> str:
    """A column as the reader's language calls it."""
    return catalogue.text(f"rosters.column.{column}")


def add_span(parser: Parser, commands: Commands) -> None:
    """The options that say which days."""
    for option, target, key in (
        ("--from", "first_day", "roster_from"),
        ("--to", "last_day", "roster_to"),
    ):
        parser.add_argument(
            option,
            dest=target,
            type=parser.day,
            required=True,
            metavar="DATE",
            help=commands.text(key),
        )


def findings_told(catalogue: Catalogue, found: Sequence[Finding]) -> Iterable[str]:
    """A line each, as far as anybody reads."""
    for each in found[:_FINDINGS_SHOWN]:
        what = catalogue.text(
            f"rosters.finding.{each.code}",
            measured=_measured(catalogue, each.code, each.measured),
            limit=_measured(catalogue, each.code, each.limit),
        )
        yield printable(
            catalogue.text(
                "rosters.found",
                severity=catalogue.text(f"rosters.severity.{each.severity}"),
                day=each.day.isoformat(),
                agent=each.agent,
                what=what,
            )
        )
    if len(found) > _FINDINGS_SHOWN:
        yield catalogue.text("rosters.more_findings", more=len(found) - _FINDINGS_SHOWN)


def short_told(
    catalogue: Catalogue, half_hours: Iterable[HalfHour], where: tzinfo
) -> Iterable[str]:
    """Where heads are lacking: a line for all half hours that follow one another and lack as many,
    as far as anybody reads."""
    runs: list[tuple[int, int, int]] = []
    for each in half_hours:
        end_ms = each.start_ms + HALF_HOUR_S * 1000
        if runs and runs[-1][1:] == (each.start_ms, each.short):
            runs[-1] = runs[-1][0], end_ms, each.short
        else:
            runs.append((each.start_ms, end_ms, each.short))
    for start_ms, end_ms, lacking in runs[:_FINDINGS_SHOWN]:
        start, end = (datetime.fromtimestamp(ms / 1000, where) for ms in (start_ms, end_ms))
        yield catalogue.text(
            "rosters.short", start=f"{start:%Y-%m-%d %H:%M}", end=f"{end:%H:%M}", heads=lacking
        )
    if len(runs) > _FINDINGS_SHOWN:
        yield catalogue.text("rosters.more_short", more=len(runs) - _FINDINGS_SHOWN)


def tell_unknown_years(
    invocation: Invocation, book: RosterBook, first_day: date, last_day: date
) -> None:
    """Holidays are warned of where they are known, so silence has to be explained elsewhere."""
    for year in book.calendar.unknown_years(first_day, last_day):
        invocation.say("holidays_unknown", year=year)


def _measured(catalogue: Catalogue, code: str, value: int) -> str:
    if code in _IN_DAYS:
        return catalogue.text("rosters.days", days=value)
    minutes = value // _MINUTE_S
    return catalogue.text("rosters.hours", hours=minutes // 60, minutes=f"{minutes % 60:02}")
