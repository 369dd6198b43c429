"""The commands on the database as a whole: `init`, `migrate`, `backup` and `restore`."""

import contextlib
import json
import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agent_service import bootstrap, database, log, tables
from agent_service.accounts import staff
from agent_service.accounts.credentials import Credential
from agent_service.accounts.passwords import hash_password
from agent_service.accounts.projector import StaffRow
from agent_service.accounts.staff import OPERATOR
from agent_service.appending import books
from agent_service.arguments import Commands
from agent_service.backup import back_up, restore
from agent_service.commands.invocation import Invocation, print_data, print_head
from agent_service.ledger import replay
from agent_service.ledger.append import Clock
from agent_service.ledger.rebuild import Told
from agent_service.lock import Lock
from agent_service.log import fields
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Role

_log = logging.getLogger(__name__)


def add_commands(commands: Commands) -> None:
    """Add them to the command line."""
    init, text = commands.add("init", "init", _init), commands.text
    init.add_argument("--admin", default="admin", metavar="NUMBER", help=text("init_admin"))
    init.add_argument("--password-stdin", action="store_true", help=text("password_stdin"))
    commands.add("migrate", "migrate", _migrate)
    backup = commands.add("backup", "backup", _backup)
    backup.add_argument("file", metavar="FILE", type=Path, help=text("backup_file"))
    put_back = commands.add("restore", "restore", _restore)
    put_back.add_argument("file", metavar="FILE", type=Path, help=text("restore_file"))


def _init(invocation: Invocation) -> None:
    admin = invocation.asked.admin
    print_data(init(invocation.folder, admin, invocation.password))
    invocation.say("initialised", data=invocation.folder, admin=admin)


def init(folder: Path, admin: str, password: Callable[[], str]) -> str:
    """Make the database with its first administrator; returns the ledger's identity. `password`
    is asked only when there is none yet. Raises `Refused` with `database_exists`."""
    staff.check_number(admin)
    if (folder / database.FILE).exists() and _initialised(folder):
        raise Refused(Code.DATABASE_EXISTS, data=str(folder))
    credential = Credential(admin, hash_password(password()))
    ledger = str(uuid.uuid4())
    with contextlib.closing(database.open_writer(database.create(folder))) as opened:
        database.migrate(opened, tables.SCHEMAS, folder)
        with opened.atomic():
            if replay.ledger_id(opened.conn) is not None:  # another `init` was quicker
                raise Refused(Code.DATABASE_EXISTS, data=str(folder))
            opened.conn.execute(
                "INSERT INTO ledger (id, created_ms) VALUES (?, ?)", (ledger, bootstrap.now_ms())
            )
            clock = Clock(bootstrap.now_ms, bootstrap.mono_ms)
            with books(opened.conn, ledger, clock) as written:
                row = StaffRow(admin, admin, (Role.ADMIN,))
                written.register.add(opened.conn, row, credential, OPERATOR)
    return ledger


def _initialised(folder: Path) -> bool:
    """Whether an earlier `init` came to its end."""
    with contextlib.closing(database.open_writer(database.find(folder))) as opened:
        return "ledger" in opened.table_names() and replay.ledger_id(opened.conn) is not None


def _migrate(invocation: Invocation) -> None:
    applied = migrate(invocation.folder, invocation.progress())
    print_data(json.dumps({"applied": applied}))


def migrate(folder: Path, told: Told) -> list[str]:
    """Bring the tables up to this version; returns the names of what was run. Raises `Refused`
    with `already_serving`, `no_database`, `database_newer` or `ledger_broken`."""
    path = database.find(folder)
    lock = Lock(folder)
    try:
        with contextlib.closing(database.open_writer(path)) as opened:
            if not database.has_tables(opened.conn):
                raise Refused(Code.NO_DATABASE, data=str(folder))
            return tables.upgrade(opened, folder, told)
    finally:
        lock.release()


def _backup(invocation: Invocation) -> None:
    file = invocation.asked.file
    head = back_up(invocation.folder, file, invocation.progress())
    print_head(head, file=str(file))
    log.set_up(invocation.settings.log)
    _log.info("backup_made", extra=fields(file=str(file), position=head.position))


def _restore(invocation: Invocation) -> None:
    restored = restore(
        invocation.folder, invocation.asked.file, datetime.now(UTC), invocation.progress()
    )
    kept = None if restored.kept is None else str(restored.kept)
    print_head(restored.head, ledger=restored.ledger, kept=kept)
    log.set_up(invocation.settings.log)
    _log.info("backup_restored", extra=fields(kept=kept, position=restored.head.position))
