"""A ledger with shifts in it: plans, seats that told of states, decisions; written without a
server, at whatever time it is to be."""

import contextlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from agent_service import database, tables
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import PersonDate, read_day
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Appender, Batch, Clock
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import AnyFact, Record, encode_fact
from protocol.facts.session import SessionBegan
from protocol.facts.shift import Activity, PlanCause, PlannedSegment, ShiftPlanned
from protocol.facts.staff import Group, MembershipSet, PersonAdded

WHERE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 2)
DESK = "desk-1"
HOUR, MINUTE = 3_600_000, 60_000

Told = tuple[int | None, AnyFact]
"""When (ms; null: the seat had no clock), and what."""
Planned = Sequence[tuple[str, str, Activity]]
NINE_TO_SIX: Planned = (
    ("09:00", "12:00", Activity.WORK),
    ("12:00", "13:00", Activity.MEAL),
    ("13:00", "18:00", Activity.WORK),
)


def at(clock: str, day: date = DAY) -> int:
    """The instant (ms) of a local time; `25:30` is on the next day."""
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=WHERE)
    return int(midnight.timestamp() * 1000) + hours * HOUR + minutes * MINUTE


def segments(planned: Planned, day: date = DAY) -> tuple[PlannedSegment, ...]:
    """A plan of local times."""
    return tuple(PlannedSegment(at(start, day), at(end, day), what) for start, end, what in planned)


def enters(state: State, reason: Reason | None = None, call: str | None = None) -> AnyFact:
    """A change of state."""
    return StateEntered(state, "test", "1001", reason, call)


class Shifts:
    """A database that is written as if it were some time."""

    def __init__(self, connection: sqlite3.Connection, ledger: str, own: str = "own") -> None:
        """`own` is the service's session."""
        self.connection = connection
        self.now_ms = at("08:00", DAY - timedelta(days=1))
        self.projections = tables.empty_projections()
        clock = Clock(lambda: self.now_ms, lambda: self.now_ms)
        self.appender = Appender(ledger, own, clock, self.projections)
        self.appender.load(connection)
        self._revision = itertools.count(1)
        self._marks: dict[str, int] = {}

    @property
    def moment(self) -> Moment:
        """Now, here."""
        return Moment(WHERE, self.now_ms)

    def record(self, *facts: AnyFact) -> int:
        """Facts of the service's own; the last entry's position."""
        with self.committed():
            for fact in facts:
                self.appender.record(self.connection, fact)
        return self.appender.head.position

    def hire(self, *numbers: str, team: str = "A") -> None:
        """People in a team."""
        for number in numbers:
            member = MembershipSet(number, Group.TEAM, team, date(2020, 1, 1), "operator")
            self.record(PersonAdded(number, f"name {number}", ("agent",), "operator"), member)

    def plan(
        self,
        agent: str,
        planned: Planned,
        day: date = DAY,
        cause: PlanCause = PlanCause.ROSTER,
    ) -> None:
        """What somebody is to do on a day, from now on."""
        revision = next(self._revision)
        told = segments(planned, day)
        self.record(ShiftPlanned(agent, day, revision, told, "2001", cause))

    def begin(self, agent: str, session: str) -> None:
        """Somebody signs in."""
        self.record(SessionBegan(agent, DESK, session))

    def tell(self, session: str, told: Iterable[Told], received_ms: int | None = None) -> None:
        """What a seat tells, received at the last of its instants, or later."""
        facts = list(told)
        mark = self._marks.get(session, 0)
        records = [
            Record(
                seq=mark + number,
                occurred_ms=ms,
                wall_ms=ms or 0,
                mono_ms=ms or number * MINUTE,
                body=msgspec.Raw(encode_fact(fact)),
            )
            for number, (ms, fact) in enumerate(facts, 1)
        ]
        self.now_ms = max(self.now_ms, received_ms or 0, *(ms or 0 for ms, _ in facts))
        with self.committed():
            batch = Batch(session, DESK, self.now_ms, admit(session, records))
            self.appender.append(self.connection, batch)
        self._marks[session] = mark + len(facts)

    def work(self, agent: str, session: str, came: str, left: str, day: date = DAY) -> None:
        """A shift of work from a local time to another, with an hour's meal at 12:00."""
        self.begin(agent, session)
        told = [
            (at(came, day), enters(State.NOT_READY, Reason.REST)),
            (at(came, day), enters(State.READY)),
            (at("12:00", day), enters(State.NOT_READY, Reason.MEAL)),
            (at("13:00", day), enters(State.READY)),
            (at(left, day), enters(State.LOGGED_OFF)),
        ]
        self.tell(session, told)

    def day_of(self, agent: str, day: date = DAY) -> PersonDate:
        """The figures as they are now."""
        return read_day(self.connection, agent, day, self.moment)

    @contextlib.contextmanager
    def committed(self) -> Iterator[None]:
        """What is done inside is one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        yield
        self.appender.flush(self.connection)
        self.connection.execute("COMMIT")
        self.appender.committed()


@contextlib.contextmanager
def shifts(folder: Path) -> Iterator[Shifts]:
    """In a new database."""
    with contextlib.closing(database.open_writer(database.create(folder))) as opened:
        database.migrate(opened, tables.SCHEMAS, folder)
        with opened.atomic():
            opened.conn.execute("INSERT INTO ledger (id, created_ms) VALUES ('a ledger', 1)")
        opened.conn.execute("PRAGMA synchronous = OFF")
        yield Shifts(opened.conn, "a ledger")


@contextlib.contextmanager
def shifts_in(folder: Path, own: str = "own") -> Iterator[Shifts]:
    """In a database that is there."""
    with contextlib.closing(tables.open_current(folder)) as opened:
        yield Shifts(opened.conn, tables.ledger_of(opened.conn, folder), own)


def local(ms: int) -> str:
    """An instant as the clock on the wall shows it."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(WHERE).strftime("%H:%M")
