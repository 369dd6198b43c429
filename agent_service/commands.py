"""What the operator's commands do; the words and the parsing are in `cli`."""

import asyncio
import contextlib
import signal
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import sqlite_utils

from agent_service import bootstrap, database
from agent_service.accounts import enrolment, staff
from agent_service.accounts.passwords import hash_password
from agent_service.accounts.staff import Member
from agent_service.ledger import replay
from agent_service.ledger.append import Head
from agent_service.ledger.verify import verify as verify_ledger
from agent_service.presence.projector import PresenceProjector
from agent_service.settings import Settings
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person, Role

if sys.platform != "win32":
    import resource

_SWITCH_S = 0.0005
"""How long the event loop may keep the writer from the interpreter. The default of 5 ms would be
spent at each of a commit's statements."""
_FILES = 65_536


def init(folder: Path, admin: str, password: Callable[[], str]) -> str:
    """Make the database with its first administrator; returns the ledger's identity. `password`
    is asked only when there is none yet. Raises `Refused` with `database_exists`."""
    staff.check_number(admin)
    if (folder / database.FILE).exists() and _initialised(folder):
        raise Refused(Code.DATABASE_EXISTS, data=str(folder))
    member = Member(Person(admin, admin, (Role.ADMIN,)), hash_password(password()))
    ledger = str(uuid.uuid4())
    with contextlib.closing(database.open_writer(database.create(folder))) as opened:
        database.migrate(opened, bootstrap.SCHEMAS, folder)
        with opened.atomic():
            opened.conn.execute(
                "INSERT INTO ledger (id, created_ms) VALUES (?, ?)", (ledger, bootstrap.now_ms())
            )
            staff.add(opened.conn, member)
    return ledger


def _initialised(folder: Path) -> bool:
    """Whether an earlier `init` came to its end."""
    with contextlib.closing(database.open_writer(database.find(folder))) as opened:
        return "ledger" in opened.table_names() and replay.ledger_id(opened.conn) is not None


def add_member(folder: Path, member: Member) -> None:
    """Add a member of staff, also while the service runs."""
    with contextlib.closing(_open(folder)) as opened, opened.atomic():
        staff.add(opened.conn, member)


def make_codes(folder: Path, count: int, hours: float) -> list[str]:
    """One-time codes for so many desks."""
    expires_ms = bootstrap.now_ms() + round(hours * 3_600_000)
    with contextlib.closing(_open(folder)) as opened, opened.atomic():
        return [enrolment.new_code(opened.conn, expires_ms) for _ in range(count)]


def verify(folder: Path) -> Head:
    """Check the ledger and its projections, also while the service runs. Raises `Refused` with
    `ledger_broken` or `projection_differs`."""
    _open(folder).close()
    with contextlib.closing(database.open_reader(database.find(folder))) as connection:
        connection.execute("BEGIN")
        ledger = replay.ledger_id(connection)
        assert ledger is not None
        return verify_ledger(connection, ledger, [PresenceProjector()])


def serve(settings: Settings, folder: Path, ready: Callable[[str], None]) -> None:
    """Run the service until SIGTERM or SIGINT. `ready` is called with its address."""
    sys.setswitchinterval(_SWITCH_S)
    _permit_connections()
    asyncio.run(_serve(settings, folder, ready))


def _permit_connections() -> None:
    """Each takes an open file, of which many systems permit 1024 unless they are asked."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with contextlib.suppress(ValueError, OSError):  # the system has a limit of its own
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(settings: Settings, folder: Path, ready: Callable[[str], None]) -> None:
    service = bootstrap.make_service(settings, folder)
    ending = asyncio.Event()
    _on_signals(ending)
    await service.start()
    ready(service.server.address)
    await ending.wait()
    await service.stop()


def _on_signals(ending: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, ending.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(ending.set))


def _open(folder: Path) -> sqlite_utils.Database:
    """The database, if it is of this version."""
    opened = database.open_writer(database.find(folder))
    try:
        database.migrate(opened, bootstrap.SCHEMAS, folder)
        if replay.ledger_id(opened.conn) is None:
            raise Refused(Code.NO_DATABASE, data=str(folder))
    except BaseException:
        opened.close()
        raise
    return opened
