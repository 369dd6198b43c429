"""Putting the service together, starting it and ending it in good order."""

import asyncio
import time
import uuid
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent_service import database
from agent_service.accounts.attempts import Attempts
from agent_service.accounts.authentication import Authenticator
from agent_service.accounts.directory import Directory
from agent_service.accounts.handlers import AccountHandlers
from agent_service.accounts.memberships import Memberships
from agent_service.accounts.password_handlers import PasswordHandlers
from agent_service.accounts.passwords import Passwords
from agent_service.accounts.projector import MembershipProjector, StaffProjector, StaffRow
from agent_service.accounts.register import Register
from agent_service.accounts.sign_in import SessionRegistry
from agent_service.allowance import Allowance
from agent_service.calls.day_counts import DayCounts
from agent_service.calls.handlers import CallHandlers
from agent_service.calls.projector import CallProjector
from agent_service.calls.row import CallRow
from agent_service.checkpoint import Checkpointer
from agent_service.connections import Connections
from agent_service.dispatch import Dispatch
from agent_service.greeting import GreetingHandlers
from agent_service.health import Health
from agent_service.ledger.append import Appender, Clock
from agent_service.ledger.handlers import LedgerHandlers
from agent_service.ledger.neighbours import Neighbours
from agent_service.lock import Lock
from agent_service.metrics import FloorMetrics, LedgerMetrics, Metrics
from agent_service.opening import Opened, open_database
from agent_service.orders.handlers import OrderHandlers
from agent_service.orders.placing import OrderPlacer
from agent_service.orders.projector import OrderProjector
from agent_service.orders.row import OrderRow
from agent_service.orders.waiting import Waiting
from agent_service.persons.handlers import PersonHandlers
from agent_service.presence.feed import Feed
from agent_service.presence.floor import Floor
from agent_service.presence.handlers import PresenceHandlers
from agent_service.presence.link_recorder import LinkRecorder
from agent_service.presence.projector import PresenceProjector
from agent_service.presence.row import Presence
from agent_service.presence.watch import Watch
from agent_service.projections import Projections
from agent_service.reader import Reader
from agent_service.rounds import Rounds
from agent_service.server import Server
from agent_service.server_clock import ServerClock
from agent_service.service import Service
from agent_service.settings import Settings
from agent_service.tally import Unread
from agent_service.writer import Writer

_AT_ONCE, _PER_S = 30, 1.0
"""What one person, or desk, may ask of each kind."""


def now_ms() -> int:
    """The server's clock."""
    return time.time_ns() // 1_000_000


def mono_ms() -> int:
    """The server's monotonic clock."""
    return time.monotonic_ns() // 1_000_000


class Core(NamedTuple):
    """What all features stand on: the clock, the ledger, its projections and who may touch the
    disk."""

    clock: Clock
    loop: asyncio.AbstractEventLoop
    floor: Floor
    counts: DayCounts
    waiting: Waiting
    directory: Directory
    projections: Projections
    appender: Appender
    writer: Writer
    reader: Reader
    archive: Reader
    """For what takes longer than anybody who signs in should wait."""
    unread: Unread


def make_service(settings: Settings, folder: Path) -> Service:
    """The service, ready to start in the running event loop. Raises `Refused` when the folder
    holds no database, a newer one, or one that is in use."""
    database.find(folder)
    lock = Lock(folder)
    try:
        opened = open_database(folder, now_ms())
        return _make_service(settings, lock, opened, _make_core(settings, opened))
    except BaseException:
        lock.release()
        raise


def _make_core(settings: Settings, opened: Opened) -> Core:
    clock = Clock(ServerClock(now_ms, mono_ms).now_ms, mono_ms)
    loop, zone = asyncio.get_running_loop(), ZoneInfo(settings.site.zone)
    counts = DayCounts(zone, clock.now_ms)
    floor = Floor(settings.state, settings.lines, counts)
    counts.take(opened.calls)
    floor.update(opened.rows)
    directory = Directory(counts.today)
    waiting = Waiting(opened.orders, directory.find, clock.now_ms)
    projections = _make_projections(loop, Followers(floor, counts, waiting, directory))
    appender = Appender(opened.ledger, str(uuid.uuid4()), clock, projections)
    writer = Writer(opened.path, appender, loop)
    return Core(
        clock,
        loop,
        floor,
        counts,
        waiting,
        directory,
        projections,
        appender,
        writer,
        Reader(opened.path),
        Reader(opened.path),
        Unread(),
    )


class Followers(NamedTuple):
    """What follows the commits in the event loop."""

    floor: Floor
    counts: DayCounts
    waiting: Waiting
    directory: Directory


def _make_projections(loop: asyncio.AbstractEventLoop, followers: Followers) -> Projections:
    """The writer's own, which tell the event loop of what changed."""

    def publish_staff(rows: tuple[StaffRow, ...]) -> None:
        loop.call_soon_threadsafe(followers.directory.take_staff, rows)

    def publish_memberships(people: dict[str, Memberships]) -> None:
        loop.call_soon_threadsafe(followers.directory.take_memberships, people)

    def publish_presence(rows: tuple[Presence, ...]) -> None:
        loop.call_soon_threadsafe(followers.floor.update, rows)

    def publish_calls(rows: tuple[CallRow, ...]) -> None:
        loop.call_soon_threadsafe(followers.counts.take, rows)

    def publish_orders(rows: tuple[OrderRow, ...]) -> None:
        loop.call_soon_threadsafe(followers.waiting.take, rows)

    return Projections(
        MembershipProjector(publish_memberships),
        StaffProjector(publish_staff),
        CallProjector(publish_calls),
        OrderProjector(publish_orders),
        PresenceProjector(publish_presence),
    )


def _make_service(settings: Settings, lock: Lock, opened: Opened, core: Core) -> Service:
    silence_s = settings.site.offline_after_s
    feed = Feed(core.floor, opened.ledger, core.clock.now_ms, settings.feed.interval_ms / 1000)
    recorder = LinkRecorder(core.writer, core.appender, core.projections.presence)
    signout_s = settings.site.offline_signout_s
    watch = Watch(core.floor, recorder, silence_s, signout_s, core.clock, core.loop.time)
    connections = Connections(core.floor, feed, watch, silence_s, core.loop.time)
    core.directory.changed = connections.hear_news
    core.waiting.push = connections.push
    connections.welcomed = core.waiting.greet
    passwords = Passwords()
    rooms = (
        GreetingHandlers(opened.ledger),
        *_make_accounts(settings, core, passwords, connections),
        PresenceHandlers(feed, core.clock.now_ms),
        *_make_asked(settings, core),
    )
    metrics = Metrics(
        (
            FloorMetrics(connections, core.floor, feed, core.loop.time),
            LedgerMetrics(core.writer, core.unread, opened.path),
        )
    )
    health = Health(opened.ledger, core.writer, connections)
    pages = {"/healthz": health.answer, "/metrics": metrics.answer}
    neighbours = Neighbours(core.reader, core.writer)
    return Service(
        lock=lock,
        writer=core.writer,
        readers=(core.reader, core.archive),
        checkpointer=Checkpointer(opened.path),
        passwords=passwords,
        connections=connections,
        server=Server(settings, Dispatch(rooms), connections, pages),
        beside=(
            feed.run,
            neighbours.run,
            core.directory.run,
            Rounds(watch, connections, core.counts, silence_s).run,
        ),
    )


def _make_asked(settings: Settings, core: Core) -> tuple[object, ...]:
    """The rooms that answer what people and seats ask again and again."""
    people = core.projections
    placer = OrderPlacer(core.appender, people.orders, people.presence)
    find, archive, now_ms = core.directory.find, core.archive, core.clock.now_ms
    return (
        LedgerHandlers(
            core.appender, core.writer, core.reader, _make_allowance(core), core.unread, now_ms
        ),
        CallHandlers(archive, _make_allowance(core), find),
        OrderHandlers(
            settings.orders, placer, core.writer, core.directory, _make_allowance(core), now_ms
        ),
        PersonHandlers(
            core.floor,
            find,
            archive,
            _make_allowance(core),
            ZoneInfo(settings.site.zone),
            now_ms,
        ),
    )


def _make_allowance(core: Core) -> Allowance:
    return Allowance(_AT_ONCE, _PER_S, core.loop.time)


def _make_accounts(
    settings: Settings, core: Core, passwords: Passwords, connections: Connections
) -> tuple[AccountHandlers, PasswordHandlers]:
    sign_in, people, now_ms = settings.sign_in, core.projections, core.clock.now_ms
    attempts = Attempts(sign_in.attempts, sign_in.wait_s, core.loop.time)
    authenticator = Authenticator(core.reader, passwords, attempts, now_ms)
    register = Register(core.appender, people.staff, people.memberships)
    registry = SessionRegistry(core.appender, people.presence)
    return (
        AccountHandlers(
            settings,
            core.writer,
            core.reader,
            authenticator,
            registry,
            register,
            core.directory,
            connections,
            now_ms,
        ),
        PasswordHandlers(
            core.writer,
            authenticator,
            register,
            core.directory,
            _make_allowance(core),
            sign_in.reset_minutes,
            now_ms,
        ),
    )
