"""Rosters: shown, drafted, checked and published."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.identity import name_of_act
from agent_service.orders.text import optional_text
from agent_service.reader import Reader
from agent_service.rosters import draft_changes, drafts, store, whose
from agent_service.rosters.asked_changes import asked_changes, check_count
from agent_service.rosters.draft_changes import Published
from agent_service.rosters.drafts import Asked, Draft
from agent_service.rosters.outlook import MOST_FINDINGS, Outlook, check_outlook, outlook
from agent_service.rosters.planning import Act, Planner
from agent_service.rosters.shown import View, check_span, shown
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.shift import PlanCause
from protocol.rules.local_day import local_date
from protocol.rules.permissions import LEADS, has_site, may_plan, scope
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import (
    CheckRoster,
    DraftRoster,
    GetRoster,
    HalfHour,
    PublishRoster,
    Roster,
    RosterChecked,
    RosterDrafted,
    RosterPublication,
)
from protocol.wire.session import Person

_ATTEMPTS = 3
"""At a publication, where plans change while it is checked."""


class RosterHandlers:
    """What planners ask, and people of their own plan."""

    def __init__(
        self,
        planner: Planner,
        writer: Writer,
        archive: Reader,
        people: Mapping[str, Person],
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        """`people` are those who work here today, by staff number, and follow the commits."""
        self._planner = planner
        self._book = planner.book
        self._writer = writer
        self._archive = archive
        self._people = people
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(GetRoster, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetRoster) -> Roster:
        """Published and drafted plans."""
        actor = asker(peer, self._allowance)
        span = check_span(message.first_day, message.last_day)
        people = whose.seen(self._people, actor, message.team, message.agent)
        others = [each for each in people if each.number != actor.number]
        editable = bool(others) and all(may_plan(actor, each) for each in others)
        view = View(tuple(people), scope(actor) is not None, editable)
        return await self._archive.run(
            lambda connection: shown(connection, message.id, self._book, view, span)
        )

    @handles(DraftRoster, Standing.PERSON, LEADS)
    async def draft(self, peer: Conversation, message: DraftRoster) -> RosterDrafted:
        """Store what is drafted."""
        actor = asker(peer, self._allowance)
        today = local_date(self._now_ms(), self._book.zone)
        whose.check_planned(self._people, actor, _named(message))
        asked = asked_changes(self._book, message, today)
        drafted = Draft("", today, (), "", 0, actor.number, self._now_ms())
        acting = whose.acting(actor, self._people.get)

        def keep(connection: sqlite3.Connection) -> int:
            draft_changes.draft(self._planner, connection, asked.changes, drafted, acting)
            drafts.drop(connection, asked.dropped)
            return drafts.count_of(connection, actor.number)

        return RosterDrafted(message.id, await self._writer.run(keep))

    @handles(CheckRoster, Standing.PERSON, LEADS, aside=True)
    async def check(self, peer: Conversation, message: CheckRoster) -> RosterChecked:
        """What would come of publishing."""
        actor = asker(peer, self._allowance)
        span = check_span(message.first_day, message.last_day)
        planned = Asked(whose.planned_by(self._people, actor, message.team), span)
        team = message.team or ("" if has_site(actor) else actor.team)
        members = frozenset(each.number for each in whose.seen(self._people, actor, team, ""))

        def read(connection: sqlite3.Connection) -> RosterChecked:
            with _one_moment(connection):
                found = outlook(self._book, connection, planned)
                asked = Asked(members, span)
                half_hours = draft_changes.covered(self._book, connection, asked, team)
            return RosterChecked(
                message.id,
                len(found.changes),
                found.findings[:MOST_FINDINGS],
                tuple(
                    HalfHour(each.start_ms, each.planned_s, each.required, each.short)
                    for each in half_hours
                ),
                found.digest(),
                max(0, len(found.findings) - MOST_FINDINGS),
            )

        return await self._archive.run(read)

    @handles(PublishRoster, Standing.PERSON, LEADS)
    async def publish(self, peer: Conversation, message: PublishRoster) -> RosterPublication:
        """Record the revision."""
        actor = asker(peer, self._allowance)
        span = check_span(message.first_day, message.last_day)
        note = optional_text(message.note)
        name = name_of_act("publish", actor.number, key=message.key)
        act = Act(name, whose.acting(actor, self._people.get), PlanCause.ROSTER, note=note)
        asked = Asked(whose.planned_by(self._people, actor, message.team), span)
        for _ in range(_ATTEMPTS):
            published = await self._publish(message, asked, act)
            if published is not None:
                return RosterPublication(message.id, published.revision, published.days)
        raise Refused(Code.DIGEST_DIFFERS)

    async def _publish(self, message: PublishRoster, asked: Asked, act: Act) -> Published | None:
        """None if a plan changed while it was checked. Raises `Refused`."""

        def look(connection: sqlite3.Connection) -> Outlook | Published:
            with _one_moment(connection):
                earlier = store.published_by(connection, act.name)
                if earlier is not None:
                    return Published(*earlier)
                found = outlook(self._book, connection, asked)
            check_count(len(found.changes))
            check_outlook(self._book, found, frozenset(message.accepted), message.digest)
            return found

        found = await self._archive.run(look)
        if isinstance(found, Published):
            return found
        return await self._writer.run(
            lambda connection: draft_changes.publish_drafted(
                self._planner, connection, found, asked, act
            )
        )


def _named(message: DraftRoster) -> Iterable[str]:
    """All whose days are asked to be drafted."""
    return message.agents if message.rotation else {each.agent for each in message.days}


@contextlib.contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of the same commit."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
