"""What planners do with drafts: change them, and publish them. Called inside a transaction, by the
room's handlers and by the operator's commands."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from agent_service.rosters import drafts, store
from agent_service.rosters.book import RosterBook
from agent_service.rosters.checking import Change, differing
from agent_service.rosters.drafts import Asked, Draft, Span
from agent_service.rosters.outlook import Outlook
from agent_service.rosters.plan_check import check_plan
from agent_service.rosters.planning import Act, Planner
from agent_service.rosters.row import PlannedDay
from agent_service.rosters.stood_in import Actor
from protocol.facts.shift import PlannedSegment
from protocol.rules.roster_check_coverage import HalfHour, coverage


class Published(msgspec.Struct, frozen=True):
    """A revision, and how many days of people it changed."""

    revision: int
    days: int


def draft(
    planner: Planner,
    connection: sqlite3.Connection,
    changes: Sequence[Change],
    drafted: Draft,
    actor: Actor,
) -> None:
    """Store drafts; what is no other plan than the one in force is no draft. `drafted` says by
    whom and when. Raises `Refused` with `bad_plan`, `own_case`, `not_permitted` or
    `shift_begun`."""
    for each in changes:
        check_plan(each.agent, each.day, each.segments, planner.book.zone)
    known = planner.known(connection, changes)
    others = differing(known, changes)
    planner.check_begun(connection, others, actor)
    drafts.drop(connection, ((each.agent, each.day) for each in changes))
    drafts.put(connection, drawn(known, others, drafted))


def drawn(
    known: Mapping[tuple[str, date], PlannedDay], changes: Iterable[Change], drafted: Draft
) -> list[Draft]:
    """Changes as drafts over the plans in force. `drafted` says by whom and when."""
    return [
        msgspec.structs.replace(
            drafted,
            agent=each.agent,
            day=each.day,
            segments=each.segments,
            pattern=each.pattern,
            base=0 if (row := known.get((each.agent, each.day))) is None else row.revision,
        )
        for each in changes
    ]


def publish(
    planner: Planner, connection: sqlite3.Connection, found: Outlook, span: Span, act: Act
) -> Published | None:
    """Make what was looked at the plan, and drop its drafts; the same act again publishes nothing
    more. Only whether it is so still is checked here: None, having changed nothing, if a plan
    that the findings go by is another, or who stands in. Raises `Refused` with `own_case`,
    `not_permitted` or `shift_begun`."""
    earlier = planner.published(connection, act.name)
    if earlier is not None:
        return Published(earlier.revision, earlier.days)
    if planner.last_position(connection, found.changes) != found.position:
        return None
    planner.check_begun(connection, found.changes, act.actor)
    drafts.drop(connection, ((each.agent, each.day) for each in found.drafted))
    names = tuple(each.name() for each in found.findings)
    revision = planner.record(connection, found.changes, span, act, names)
    return Published(revision, len(found.changes))


def publish_drafted(
    planner: Planner, connection: sqlite3.Connection, found: Outlook, asked: Asked, act: Act
) -> Published | None:
    """Likewise; None also if something else is drafted."""
    earlier = planner.published(connection, act.name)
    still = drafts.read(connection, *asked.span, asked.agents)
    if earlier is None and tuple(still) != found.drafted:
        return None
    return publish(planner, connection, found, asked.span, act)


def covered(
    book: RosterBook, connection: sqlite3.Connection, asked: Asked, team: str
) -> list[HalfHour]:
    """The half hours of these days with a requirement of the team, or, without a name, of the
    site, as these people are drafted or planned. A shift of the evening before reaches into
    them."""
    first_day, last_day = asked.span
    required = book.required(first_day, last_day, team)
    if not required:
        return []
    begins = date.fromordinal(first_day.toordinal() - 1)
    rows = store.in_force(connection, begins, last_day, asked.agents)
    plans = {key: row.planned_segments() for key, row in rows.items()}
    for each in drafts.read(connection, begins, last_day, asked.agents):
        plans[each.agent, each.day] = each.segments
    return coverage(_by_person(plans.items()), required)


def _by_person(
    plans: Iterable[tuple[tuple[str, date], tuple[PlannedSegment, ...]]],
) -> Iterable[Sequence[PlannedSegment]]:
    found: dict[str, list[PlannedSegment]] = {}
    for (agent, _), segments in plans:
        found.setdefault(agent, []).extend(segments)
    return found.values()
