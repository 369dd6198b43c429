"""However the facts of seats arrive, every figure that is made of them is the same to the byte.

A desk delivers its sessions one after the other, each in its order. Free are the desks among one
another, of one person or of several; the cuts between batches and between commits; what is sent
again; restarts of the service; and when somebody looked at the floor meanwhile.

Given are the moments at which the service hears of something, since these figures go by them:
an instant that a seat gives and that is later than its receipt counts as the receipt; a session
without any instant that ended by signing out is known to be over once its last fact is here; and a
locked month holds what was here when it was locked. So each fact is received at one moment, after
all of them.
"""

import itertools
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.adherence.live_days import Asked as LiveAsked
from agent_service.adherence.live_days import LiveDay, LiveDays
from agent_service.adherence.month import dates_between
from agent_service.attendance.month import Wanted, rows_by_team
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Batch
from agent_service.reports.asked import Asked
from agent_service.reports.making import REPORTS, make
from protocol.facts.agent import Reason, State
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.record import Record
from protocol.facts.session import (
    SessionAdmitted,
    SessionAnchored,
    SessionBegan,
    SessionProvisional,
)
from protocol.facts.shift import Activity
from tests.service.client import records
from tests.service.shifts import DAY, HOUR, MINUTE, NINE_TO_SIX, Shifts, Told, at, enters, shifts

NEXT = DAY + timedelta(days=1)
NIGHT = (("22:00", "26:00", Activity.WORK), ("26:00", "27:00", Activity.MEAL))
AGENTS = ("1001", "1002", "1003")
WHOSE = {"a1": "1001", "a2": "1001", "a3": "1001", "b1": "1002", "b2": "1002", "c1": "1003"}
DESKS: dict[str, tuple[str, ...]] = {
    "d1": ("a1", "a3"),
    "d2": ("a2",),
    "d3": ("b1", "b2"),
    "d4": ("c1",),
}
"""The sessions of each desk, in the order in which it delivers them."""
WITHOUT_SERVICE = frozenset({"a1", "a2", "b1"})
"""Sessions of which the service hears with their first fact."""
BEGINS = {"a1": "08:50", "a2": "13:05", "a3": "17:30", "b1": "08:55", "b2": "12:10", "c1": "21:40"}
DOING = (
    (State.READY, None),
    (State.TALK, None),
    (State.ACW, None),
    (State.NOT_READY, Reason.REST),
    (State.NOT_READY, Reason.MEAL),
    (State.NOT_READY, Reason.PERSONAL),
    (State.LOGGED_OFF, None),
)
BOOTED_MS = at("06:00")
"""When the machine of desk d3 was started."""

Stays = list[tuple[int, int]]
"""How long (minutes), then what."""
Part = tuple[str, int, int, int]
"""One delivery: a desk, how many new facts, how many of those before again; and what follows:
nothing, a commit, a commit and a restart of the service, or a look at the floor."""
NOTHING, COMMIT, RESTART, LOOK = range(4)

stays = st.lists(st.tuples(st.integers(1, 150), st.integers(0, len(DOING) - 1)), max_size=9)
days = st.fixed_dictionaries(dict.fromkeys(WHOSE, stays))
parts = st.lists(
    st.tuples(
        st.sampled_from(tuple(DESKS)), st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)
    ),
    max_size=25,
)


def said(session: str, told: Stays) -> list[Told]:
    """A session's facts. The one that began without the service, and in which it was never
    reached, has no instants: they follow from the anchor of the next."""
    now_ms = at(BEGINS[session])
    first: Told = now_ms, SessionAnchored(now_ms, now_ms, 5, f"boot {session}")
    if session == "b1":
        first = None, SessionProvisional("boot b")
    elif session == "b2":
        anchor = SessionAnchored(now_ms, now_ms - BOOTED_MS, 5, "boot b", "b1", now_ms - MINUTE)
        first = now_ms, anchor
    facts = [first]
    for minutes, doing in told:
        now_ms += minutes * MINUTE
        facts.append((None if session == "b1" else now_ms, enters(*DOING[doing])))
    return facts


def sent(session: str, told: Stays) -> list[Record]:
    """As they lie in the seat's outbox."""
    times = itertools.accumulate((minutes for minutes, _ in told), initial=0)
    since_ms = at(BEGINS[session]) - BOOTED_MS
    return [
        msgspec.structs.replace(record, mono_ms=since_ms + minutes * MINUTE)
        for minutes, (number, (ms, fact)) in zip(
            times, enumerate(said(session, told), 1), strict=True
        )
        for record in records(fact, first=number, at_ms=ms)
    ]


def plan(floor: Shifts) -> None:
    """What the service knows by itself."""
    floor.hire(*AGENTS[:2])
    floor.hire(AGENTS[2], team="B")
    for agent in AGENTS[:2]:
        floor.plan(agent, NINE_TO_SIX)
    floor.plan("1002", NINE_TO_SIX, NEXT)
    floor.plan("1003", NIGHT)
    for session in sorted(WHOSE.keys() - WITHOUT_SERVICE, key=BEGINS.__getitem__):
        floor.now_ms = at(BEGINS[session])
        desk = next(desk for desk, of_desk in DESKS.items() if session in of_desk)
        floor.record(SessionBegan(WHOSE[session], desk, session))
    span = "1001", DAY, at("10:00"), at("10:40"), Overlay.EXCUSE
    floor.record(
        ExceptionProposed("e", *span, "OTHER", "asked", "2001"),
        ExceptionDecided("e", approved=True, actor="3001"),
    )
    floor.now_ms = at("20:00", NEXT)


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Plans and decisions, and no fact of a seat."""
    with shifts(tmp_path_factory.mktemp("replayed") / "data") as floor:
        plan(floor)
        yield floor.connection


class Arrival:
    """A ledger of its own to which the facts are delivered."""

    def __init__(self, connection: sqlite3.Connection, told: dict[str, Stays]) -> None:
        self._floor = Shifts(connection, "a ledger")
        self._floor.now_ms = at("20:00", NEXT)
        self._owed = {session: sent(session, told[session]) for session in WHOSE}
        self._marks = dict.fromkeys(WHOSE, 0)
        self._live = LiveDays()
        self._seen: frozenset[str] | None = None

    def deliver(self, plan: Sequence[Part]) -> None:
        """By a plan, and in the end whatever it left."""
        connection = self._floor.connection
        connection.execute("BEGIN IMMEDIATE")
        for desk, new, again, then in plan:
            self._take(desk, new, again)
            if then != NOTHING:
                self._commit()
                if then == RESTART:
                    self._floor.appender.load(connection)
                if then == LOOK:
                    self._look()
                connection.execute("BEGIN IMMEDIATE")
        for desk, sessions in DESKS.items():
            for _ in sessions:
                self._take(desk, 100, 0)
        self._commit()

    def figures(self) -> bytes:
        """All that is ever told of these days."""
        floor, connection = self._floor, self._floor.connection
        asked = Asked(DAY, NEXT, Wanted())
        tables = {name: make(connection, name, asked, floor.moment) for name in REPORTS}
        found = dates_between(connection, DAY, NEXT, floor.moment)
        dates = [(each.whose, each.window, each.recorded, each.figure) for each in found]
        rows = rows_by_team(connection, f"{DAY:%Y-%m}", floor.moment, Wanted())
        told = [dates, tables, rows, self._look()]
        return msgspec.json.encode(told, order="deterministic")

    def _look(self) -> list[LiveDay]:
        """The floor as it is, kept up since the last look."""
        moment = msgspec.structs.replace(self._floor.moment, now_ms=at("27:30"))
        asked = LiveAsked(AGENTS, self._seen, moment)
        self._seen = frozenset()
        found = {each.agent: each for each in self._live.round(self._floor.connection, asked)}
        return list(found.values())

    def _take(self, desk: str, new: int, again: int) -> None:
        """From the desk's oldest session that has something left."""
        for session in DESKS[desk]:
            mark, owed = self._marks[session], self._owed[session]
            if mark < len(owed):
                batch = owed[max(0, mark - again) : mark + new]
                self._marks[session] = self._append(desk, session, batch)
                return

    def _append(self, desk: str, session: str, batch: Sequence[Record]) -> int:
        appender, connection = self._floor.appender, self._floor.connection
        if appender.session(connection, session) is None:
            appender.record(connection, SessionAdmitted(WHOSE[session], desk, session))
        facts = Batch(session, desk, self._floor.now_ms, admit(session, batch))
        return appender.append(connection, facts)

    def _commit(self) -> None:
        self._floor.appender.flush(self._floor.connection)
        self._floor.connection.execute("COMMIT")
        self._floor.appender.committed()


def figures_after(
    planned: sqlite3.Connection, told: dict[str, Stays], plan: Sequence[Part]
) -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        planned.backup(connection)
        arrival = Arrival(connection, told)
        arrival.deliver(plan)
        return arrival.figures()


A_DAY: dict[str, Stays] = {
    "a1": [(5, 3), (10, 0), (60, 1), (20, 2), (5, 0), (70, 4)],
    "a2": [(1, 0), (100, 1), (5, 2), (60, 3), (15, 0)],
    "a3": [(2, 0), (45, 6)],
    "b1": [(5, 0), (100, 5), (20, 0), (40, 4)],
    "b2": [(50, 0), (120, 3), (20, 0), (130, 6)],
    "c1": [(20, 0), (100, 1), (10, 2), (60, 4), (130, 0), (30, 6)],
}


def test_the_figures_are_of_the_day(planned: sqlite3.Connection) -> None:
    told = msgspec.json.decode(figures_after(planned, A_DAY, ()))
    assert {whose["agent"] for whose, *_ in told[0]} == set(AGENTS)
    assert any(figure["figure"]["in_adherence_s"] > HOUR // 1000 for *_, figure in told[0])
    assert set(told[1]) == set(REPORTS)
    assert set(told[2]) == {"A", "B"}
    assert [each["agent"] for each in told[3]] == list(AGENTS)


@pytest.mark.parametrize("order", [*itertools.permutations(DESKS)][::5])
def test_whichever_desk_is_back_first(planned: sqlite3.Connection, order: Sequence[str]) -> None:
    """One fact a commit, each sent twice, and a restart after each."""
    plan = [(desk, 1, 1, RESTART) for desk in order for _ in range(20)]
    assert figures_after(planned, A_DAY, plan) == figures_after(planned, A_DAY, ())


@pytest.mark.parametrize("seed", range(6))
def test_fact_by_fact_in_turn(planned: sqlite3.Connection, seed: int) -> None:
    draw = random.Random(seed)
    plan = [
        (draw.choice(tuple(DESKS)), draw.randint(1, 4), draw.randint(0, 3), draw.randint(0, 3))
        for _ in range(40)
    ]
    assert figures_after(planned, A_DAY, plan) == figures_after(planned, A_DAY, ())


@pytest.mark.prove
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=days, plan=parts, other=parts)
def test_any_day_in_any_order(
    planned: sqlite3.Connection, told: dict[str, Stays], plan: list[Part], other: list[Part]
) -> None:
    assert figures_after(planned, told, plan) == figures_after(planned, told, other)
