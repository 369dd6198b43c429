"""What would come of publishing drafts: found beside the writer, which only has to see that the
plans it was found with are the same still."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256

import msgspec

from agent_service.attendance import store as attendance
from agent_service.persons.store import EVER
from agent_service.rosters import drafts, store
from agent_service.rosters.book import RosterBook
from agent_service.rosters.checking import (
    Change,
    differing,
    findings_of,
    refuse,
    refuse_unaccepted,
    window,
)
from agent_service.rosters.drafts import Asked, Draft
from agent_service.rosters.plan_check import check_plan
from agent_service.rosters.row import PlannedDay
from agent_service.rosters.stood_in import involved
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import Finding, Severity

MOST_FINDINGS = 500
"""That planners are told."""
PLAN_CHANGED = "PLAN_CHANGED"


class Outlook(msgspec.Struct, frozen=True):
    """What was looked at, and what was found."""

    drafted: tuple[Draft, ...]
    changes: tuple[Change, ...]
    """Of the drafts those that are another plan than the one in force."""
    findings: tuple[Finding, ...]
    """The gravest first."""
    position: int
    """The ledger's entry that said last what these were found with: a plan, or who stands in."""

    def digest(self) -> str:
        """The same for the same drafts and findings."""
        looked_at = [(each.agent, each.day, each.segments, each.base) for each in self.drafted]
        return sha256(msgspec.json.encode((looked_at, self.findings))).hexdigest()


def outlook(book: RosterBook, connection: sqlite3.Connection, asked: Asked) -> Outlook:
    """Of what is drafted. Read it at one moment, in a transaction."""
    return outlook_of(book, connection, drafts.read(connection, *asked.span, asked.agents))


def outlook_of(
    book: RosterBook, connection: sqlite3.Connection, drafted: Sequence[Draft]
) -> Outlook:
    """Likewise, of drafts that need not be stored."""
    if not drafted:
        return Outlook((), (), (), 0)
    days, agents = [each.day for each in drafted], {each.agent for each in drafted}
    known = store.in_force(connection, min(days), max(days), agents)
    changes = differing(known, map(_change, drafted))
    if not changes:
        return Outlook(tuple(drafted), (), (), 0)
    span = window(min(each.day for each in changes), max(each.day for each in changes), book.rules)
    told = attendance.substitutes_between(connection, *span, EVER)
    stands_in = {key: row.substitute for key, row in told.items()}
    people = involved(stands_in, [(each.agent, each.day) for each in changes])
    plans = {
        key: row.planned_segments()
        for key, row in store.in_force(connection, *span, people).items()
    }
    moved = _moved(known, drafted, {(each.agent, each.day) for each in changes})
    found = (*moved, *findings_of(plans, changes, book, stands_in))
    position = max(
        store.last_position(connection, *span, people), attendance.last_named(connection, *span)
    )
    return Outlook(tuple(drafted), tuple(changes), found, position)


def check_outlook(
    book: RosterBook, found: Outlook, accepted: Collection[str] | None, digest: str | None
) -> None:
    """Whether it may be published. `accepted` are names of those warnings that were told; None
    accepts all. `digest` is what the planner looked at; None: this. Raises `Refused` with
    `nothing_drafted`, `plan_changed`, `digest_differs`, `bad_plan`, `roster_refused` or
    `roster_warnings`."""
    if not found.changes:
        raise Refused(Code.NOTHING_DRAFTED)
    for each in found.findings:
        if each.code == PLAN_CHANGED:
            raise Refused(Code.PLAN_CHANGED, agent=each.agent, day=each.day.isoformat())
    if digest not in (None, found.digest()):
        raise Refused(Code.DIGEST_DIFFERS)
    for change in found.changes:
        check_plan(change.agent, change.day, change.segments, book.zone)
    refuse(found.findings)
    if accepted is not None:
        refuse_unaccepted(found.findings[:MOST_FINDINGS], accepted)


def _moved(
    known: Mapping[tuple[str, date], PlannedDay],
    drafted: Sequence[Draft],
    changed: Collection[tuple[str, date]],
) -> Iterator[Finding]:
    """A draft is a whole day: it would undo what was agreed after it was drawn."""
    for each in drafted:
        row = known.get((each.agent, each.day))
        revision = 0 if row is None else row.revision
        if revision != each.base and (each.agent, each.day) in changed:
            refused = Severity.REFUSE
            yield Finding(PLAN_CHANGED, refused, each.agent, each.day, revision, each.base)


def _change(each: Draft) -> Change:
    return Change(each.agent, each.day, each.segments, each.pattern)
