"""Putting the service together, starting it and ending it in good order."""

import asyncio
import time
import uuid
from pathlib import Path
from typing import NamedTuple

from agent_service import database
from agent_service.accounts import schema as accounts_schema
from agent_service.accounts import staff
from agent_service.accounts.attempts import Attempts
from agent_service.accounts.authentication import Authenticator
from agent_service.accounts.handlers import AccountHandlers
from agent_service.accounts.newcomers import Newcomers
from agent_service.accounts.passwords import Passwords
from agent_service.accounts.sign_in import SessionRegistry
from agent_service.checkpoint import Checkpointer
from agent_service.connections import Connections
from agent_service.database import Schema
from agent_service.dispatch import Dispatch
from agent_service.greeting import GreetingHandlers
from agent_service.health import Health
from agent_service.ledger import replay
from agent_service.ledger import schema as ledger_schema
from agent_service.ledger.append import Appender, Clock
from agent_service.ledger.handlers import LedgerHandlers
from agent_service.lock import Lock
from agent_service.presence import schema as presence_schema
from agent_service.presence import store as presence_store
from agent_service.presence.feed import Feed
from agent_service.presence.floor import Floor
from agent_service.presence.handlers import PresenceHandlers
from agent_service.presence.link_recorder import LinkRecorder
from agent_service.presence.projector import PresenceProjector
from agent_service.presence.row import Presence
from agent_service.presence.watch import Watch
from agent_service.reader import Reader
from agent_service.rounds import Rounds
from agent_service.server import Server
from agent_service.service import Service
from agent_service.settings import Settings
from agent_service.writer import Writer
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

SCHEMAS: tuple[Schema, ...] = (
    ledger_schema.SCHEMA,
    accounts_schema.SCHEMA,
    presence_schema.SCHEMA,
)


def now_ms() -> int:
    """The server's clock."""
    return time.time_ns() // 1_000_000


def mono_ms() -> int:
    """The server's monotonic clock."""
    return time.monotonic_ns() // 1_000_000


class Opened(NamedTuple):
    """What is on the disk at the start."""

    path: Path
    ledger: str
    rows: tuple[Presence, ...]
    last_member: int
    people: tuple[Person, ...]


def open_database(folder: Path) -> Opened:
    """Bring the tables up to this version and read them. Raises `Refused` with `no_database` or
    `database_newer`."""
    path = database.find(folder)
    opened = database.open_writer(path)
    try:
        database.migrate(opened, SCHEMAS, folder)
        ledger = replay.ledger_id(opened.conn)
        if ledger is None:
            raise Refused(Code.NO_DATABASE, data=str(folder))
        rows = tuple(presence_store.rows(opened.conn).values())
        last_member, people = staff.newer_than(opened.conn, 0)
        return Opened(path, ledger, rows, last_member, tuple(people))
    finally:
        opened.close()


class Core(NamedTuple):
    """What all features stand on: the clock, the ledger, its projections and who may touch the
    disk."""

    clock: Clock
    loop: asyncio.AbstractEventLoop
    floor: Floor
    presence: PresenceProjector
    appender: Appender
    writer: Writer
    reader: Reader


def make_service(settings: Settings, folder: Path) -> Service:
    """The service, ready to start in the running event loop. Raises `Refused` when the folder
    holds no database, a newer one, or one that is in use."""
    database.find(folder)
    lock = Lock(folder)
    try:
        opened = open_database(folder)
        return _make_service(settings, lock, opened, _make_core(settings, opened))
    except BaseException:
        lock.release()
        raise


def _make_core(settings: Settings, opened: Opened) -> Core:
    clock, loop = Clock(now_ms, mono_ms), asyncio.get_running_loop()
    floor = Floor(settings.state)
    floor.update(opened.rows)
    floor.join(opened.people)

    def publish(rows: tuple[Presence, ...]) -> None:
        loop.call_soon_threadsafe(floor.update, rows)

    presence = PresenceProjector(publish)
    appender = Appender(opened.ledger, str(uuid.uuid4()), clock, [presence])
    writer = Writer(opened.path, appender, loop)
    return Core(clock, loop, floor, presence, appender, writer, Reader(opened.path))


def _make_service(settings: Settings, lock: Lock, opened: Opened, core: Core) -> Service:
    silence_s = settings.site.offline_after_s
    feed = Feed(core.floor, opened.ledger, now_ms, settings.feed.interval_ms / 1000)
    recorder = LinkRecorder(core.writer, core.appender, core.presence)
    watch = Watch(core.floor, recorder, silence_s, core.clock, core.loop.time)
    connections = Connections(core.floor, feed, watch, silence_s, core.loop.time)
    passwords = Passwords()
    rooms = (
        GreetingHandlers(opened.ledger),
        _make_accounts(settings, core, passwords, connections),
        LedgerHandlers(core.appender, core.writer, now_ms),
        PresenceHandlers(feed, now_ms),
    )
    health = Health(opened.ledger, core.writer, connections)
    newcomers = Newcomers(core.reader, opened.last_member, core.floor.join)
    return Service(
        lock=lock,
        writer=core.writer,
        reader=core.reader,
        checkpointer=Checkpointer(opened.path),
        passwords=passwords,
        connections=connections,
        server=Server(settings, Dispatch(rooms), connections, health),
        beside=(feed.run, newcomers.run, Rounds(watch, connections, silence_s).run),
    )


def _make_accounts(
    settings: Settings, core: Core, passwords: Passwords, connections: Connections
) -> AccountHandlers:
    attempts = Attempts(settings.sign_in.attempts, settings.sign_in.wait_s, core.loop.time)
    return AccountHandlers(
        settings,
        core.writer,
        core.reader,
        Authenticator(core.reader, passwords, attempts),
        SessionRegistry(core.appender, core.presence),
        connections,
        now_ms,
    )
