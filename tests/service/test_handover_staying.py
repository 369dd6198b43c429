"""Overtime that records itself: who is asked to stay and works on has it booked, once."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from agent_service.calls.day_counts import DayCounts
from agent_service.handover.heads import Heads
from agent_service.handover.staying import Stays
from agent_service.presence.floor import Floor
from agent_service.presence.row import Presence
from agent_service.requests import store
from agent_service.rosters.book import make_book
from protocol.facts.agent import Reason, State
from protocol.facts.request import Account, HoursBooked
from protocol.facts.session import LinkBack, LinkLost
from protocol.facts.shift import PlanCause
from protocol.rules.agent_state import Limits
from protocol.wire.roster import Requirement
from protocol.wire.session import Person, Role
from tests.service.conftest import SETTINGS
from tests.service.shifts import NINE_TO_SIX, WHERE, Shifts, at, enters, shifts

BOOK = make_book(
    msgspec.structs.replace(
        SETTINGS,
        requirements=tuple(Requirement(f"{hour}:00", 1, "A") for hour in (18, 19, 20))
        + tuple(Requirement(f"{hour}:30", 1, "A") for hour in (18, 19, 20)),
    )
)
HANDOVER = frozenset({Reason.HANDOVER})
READY, OFF = enters(State.READY), enters(State.LOGGED_OFF)
T = TypeVar("T")


class Disk:
    """The ledger itself, in the place of the service's threads."""

    def __init__(self, ledger: Shifts) -> None:
        self._ledger = ledger

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._ledger.committed():
            return work(self._ledger.connection)


class Post:
    """Team A at the end of a day, when one person is required."""

    def __init__(self, ledger: Shifts) -> None:
        self.ledger = ledger
        self.floor = Floor(Limits(), (), DayCounts(WHERE, self.now_ms))
        heads = Heads(self.floor, BOOK, self.now_ms)
        disk = Disk(ledger)
        people = {number: Person(number, number, (Role.AGENT,), "A") for number in ("1001", "1002")}
        self.floor.join(people.values())
        ledger.plan("1001", NINE_TO_SIX)
        self.come("1001", "a", "08:58")
        self._people, self._heads, self._disk = people, heads, disk
        self.stays = self.started()

    def started(self) -> Stays:
        """As the service starts."""
        find, disk = self._people.get, self._disk
        return Stays(
            self._heads, self.floor, BOOK, HANDOVER, find, disk, disk, self.put, self.now_ms
        )

    def restart(self, clock: str) -> None:
        """Another run of the service begins."""
        self.ledger.now_ms = at(clock)
        self.stays = self.started()

    def now_ms(self) -> int:
        return self.ledger.now_ms

    def put(self, connection: sqlite3.Connection, fact: HoursBooked) -> None:
        if self.ledger.projections.bookings.find(connection, fact.booking) is None:
            self.ledger.appender.record(connection, fact)

    def come(self, agent: str, session: str, clock: str) -> None:
        """Somebody signs in and is ready."""
        self.ledger.begin(agent, session)
        self.ledger.tell(session, [(at(clock), READY)])

    async def look(self, clock: str) -> None:
        """Look round at a time."""
        self.ledger.now_ms = at(clock)
        rows = [self.ledger.projections.presence.of(agent) for agent in ("1001", "1002")]
        self.floor.update(row for row in rows if isinstance(row, Presence))
        await self.stays.look()

    def booked(self, agent: str = "1001") -> list[int]:
        """Seconds of overtime, the newest first."""
        rows = store.bookings(self.ledger.connection, agent, 9)
        assert {row.account for row in rows} <= {Account.OVERTIME}
        return [row.seconds for row in rows]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with shifts(tmp_path / "data") as ledger:
        yield Post(ledger)


async def test_who_stays_while_nobody_comes_has_it_booked_once(post: Post) -> None:
    await post.look("17:59")
    await post.look("18:01")
    post.ledger.tell("a", [(at("18:30"), enters(State.NOT_READY, Reason.REST))])
    post.ledger.tell("a", [(at("18:45"), enters(State.NOT_READY, Reason.HANDOVER))])
    await post.look("18:50")
    assert post.booked() == []
    post.ledger.tell("a", [(at("19:00"), OFF)])
    await post.look("19:01")
    await post.look("19:05")
    assert post.booked() == [45 * 60]
    (row,) = store.bookings(post.ledger.connection, "1001", 9)
    assert (row.actor, row.text, row.day) == ("system", "", "2026-11-02")


async def test_who_is_relieved_in_time_stays_on_their_own_account(post: Post) -> None:
    post.come("1002", "b", "17:55")
    await post.look("18:01")
    post.ledger.tell("a", [(at("19:00"), OFF)])
    await post.look("19:01")
    assert post.booked() == []


async def test_who_goes_at_the_end_was_not_kept(post: Post) -> None:
    post.ledger.tell("a", [(at("18:00"), OFF)])
    await post.look("18:01")
    assert post.booked() == []


async def test_nobody_is_asked_where_nothing_is_required(post: Post) -> None:
    evening = (*NINE_TO_SIX[:-1], ("13:00", "21:00", NINE_TO_SIX[0][2]))
    post.ledger.plan("1001", evening)
    await post.look("21:01")
    post.ledger.tell("a", [(at("22:00"), OFF)])
    await post.look("22:01")
    assert post.booked() == []


async def test_what_was_approved_meanwhile_is_not_booked_again(post: Post) -> None:
    await post.look("18:01")
    until_seven = (*NINE_TO_SIX[:-1], ("13:00", "19:00", NINE_TO_SIX[0][2]))
    post.ledger.plan("1001", until_seven, cause=PlanCause.OVERTIME)
    post.ledger.tell("a", [(at("19:20"), OFF)])
    await post.look("19:21")
    assert post.booked() == [20 * 60]


async def test_silence_is_waited_for_and_what_nobody_knows_is_not_work(post: Post) -> None:
    await post.look("18:01")
    post.ledger.tell("a", [(at("18:30"), enters(State.READY))])
    post.ledger.record(LinkLost("1001", "a", at("18:30")))
    await post.look("19:00")
    assert post.booked() == []
    await post.look("22:01")
    assert post.booked() == [30 * 60]


async def test_who_was_asked_before_a_restart_is_not_forgotten(post: Post) -> None:
    await post.look("17:59")
    await post.look("18:01")
    post.ledger.record(LinkLost("1001", "a", at("18:59")))
    post.restart("19:00")
    await post.look("19:01")
    post.ledger.record(LinkBack("1001", "a"))
    await post.look("19:02")
    post.ledger.tell("a", [(at("20:00"), OFF)])
    await post.look("20:01")
    await post.look("20:02")
    assert post.booked() == [120 * 60]


async def test_who_goes_while_the_service_is_down_has_it_booked(post: Post) -> None:
    post.ledger.tell("a", [(at("19:30"), OFF)])
    post.restart("19:31")
    await post.look("19:32")
    assert post.booked() == [90 * 60]
    post.restart("20:00")
    await post.look("20:01")
    assert post.booked() == [90 * 60]


async def test_facts_of_the_shift_s_end_may_come_after_a_restart(post: Post) -> None:
    post.ledger.record(LinkLost("1001", "a", at("17:50")))
    post.restart("18:30")
    await post.look("18:31")
    assert post.booked() == []
    post.ledger.record(LinkBack("1001", "a"))
    post.ledger.tell("a", [(at("18:20"), OFF)])
    await post.look("18:32")
    assert post.booked() == [20 * 60]


async def test_who_was_relieved_before_a_restart_was_not_kept(post: Post) -> None:
    post.come("1002", "b", "17:55")
    post.ledger.tell("a", [(at("19:00"), OFF)])
    post.restart("19:30")
    await post.look("19:31")
    assert post.booked() == []


async def test_who_is_asked_is_told_shortly_before_the_end_and_until_somebody_comes(
    post: Post,
) -> None:
    told = {}
    for clock in ("17:50", "17:58", "18:01"):
        await post.look(clock)
        told[clock] = post.stays.asks("1001")
    assert told == {"17:50": False, "17:58": True, "18:01": True}
    post.come("1002", "b", "18:05")
    await post.look("18:06")
    assert not post.stays.asks("1001")


async def test_who_was_asked_before_a_restart_is_asked_after_it(post: Post) -> None:
    await post.look("18:01")
    post.restart("18:30")
    await post.look("18:31")
    assert post.stays.asks("1001")
