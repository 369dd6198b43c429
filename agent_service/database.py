"""The SQLite file: opening it safely, and bringing its tables up to this version."""

import os
import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from protocol.wire.errors import Code, Refused

FILE = "seatline.db"
BUSY_MS = 2000
"""How long a writer waits for another process's write before it fails."""
_STATEMENTS_KEPT = 256


class Step(NamedTuple):
    """One migration: a name that never changes, and the statements that it runs."""

    name: str
    statements: tuple[str, ...]


class Schema(NamedTuple):
    """The migrations of one feature, in order."""

    feature: str
    steps: tuple[Step, ...]


def create(folder: Path) -> Path:
    """Make the folder and an empty file, both the owner's alone. Returns the file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return path


def find(folder: Path) -> Path:
    """The file in the folder. Raises `Refused` with `no_database`."""
    path = folder / FILE
    if not path.is_file():
        raise Refused(Code.NO_DATABASE, data=str(folder))
    return path


def open_writer(path: Path) -> sqlite_utils.Database:
    """A connection that writes: a commit that returned is on the disk. Checkpoints are left to
    a thread of their own, since they would be the slowest commits. Belongs to its thread."""
    connection = sqlite3.connect(
        path, isolation_level=None, cached_statements=_STATEMENTS_KEPT, timeout=BUSY_MS / 1000
    )
    try:
        database = sqlite_utils.Database(
            connection, recursive_triggers=False, execute_plugins=False
        )
        database.enable_wal()
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    except BaseException:
        connection.close()
        raise
    return database


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that can't write. Text that is no UTF-8 is read with marks in its place, so
    that a check of the ledger can name the entry."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
    connection.execute("PRAGMA query_only = ON")
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    return connection


def migrate(database: sqlite_utils.Database, schemas: Sequence[Schema], folder: Path) -> list[str]:
    """Run the steps that the file lacks, each in a transaction; returns their names. Raises
    `Refused` with `database_newer`, before anything is changed, when it has steps that this
    version lacks."""
    lacking = _lacking(database.conn, schemas, folder)
    for schema in schemas:
        _migrations(schema).apply(database)
    return lacking


def check_version(connection: sqlite3.Connection, schemas: Sequence[Schema], folder: Path) -> None:
    """Change nothing. Raises `Refused` with `database_newer`, or with `database_older` when the
    file lacks steps; with `no_database` when it has none at all."""
    if not has_tables(connection):
        raise Refused(Code.NO_DATABASE, data=str(folder))
    if _lacking(connection, schemas, folder):
        raise Refused(Code.DATABASE_OLDER, data=str(folder))


def has_tables(connection: sqlite3.Connection) -> bool:
    """Whether any migration was ever run."""
    return bool(_applied(connection))


def _lacking(connection: sqlite3.Connection, schemas: Sequence[Schema], folder: Path) -> list[str]:
    applied = _applied(connection)
    steps = [(schema.feature, step.name) for schema in schemas for step in schema.steps]
    if not applied <= set(steps):
        raise Refused(Code.DATABASE_NEWER, data=str(folder))
    return [f"{feature}/{name}" for feature, name in steps if (feature, name) not in applied]


def _applied(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    table = sqlite_utils.Migrations.migrations_table
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    if found is None:
        return set()
    return set(connection.execute(f"SELECT migration_set, name FROM {table}"))  # noqa: S608 - the library's name


def _migrations(schema: Schema) -> sqlite_utils.Migrations:
    migrations = sqlite_utils.Migrations(schema.feature)
    for step in schema.steps:

        def run(database: sqlite_utils.Database, step: Step = step) -> None:
            for statement in step.statements:
                database.execute(statement)

        migrations(name=step.name)(run)
    return migrations
