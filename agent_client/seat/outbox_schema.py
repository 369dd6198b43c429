"""The tables of the outbox, and how each version of them comes from the one before."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database, Migrations

migrations = Migrations("outbox")


@migrations()
def create_outbox(db: Database) -> None:
    """Sessions in the order in which they began, their facts, and the service's witness."""
    for statement in (
        """CREATE TABLE session (
               number INTEGER PRIMARY KEY,
               id TEXT NOT NULL UNIQUE,
               acked INTEGER NOT NULL DEFAULT 0,
               alive_ms INTEGER,
               begun_wall_ms INTEGER NOT NULL
           ) STRICT""",
        """CREATE TABLE fact (
               session INTEGER NOT NULL REFERENCES session(number),
               seq INTEGER NOT NULL,
               occurred_ms INTEGER,
               wall_ms INTEGER NOT NULL,
               mono_ms INTEGER NOT NULL,
               body BLOB NOT NULL,
               PRIMARY KEY (session, seq)
           ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE witness (
               position INTEGER PRIMARY KEY,
               head TEXT NOT NULL
           ) STRICT""",
    ):
        db.execute(statement)


@migrations()
def add_disputes(db: Database) -> None:
    """Witnesses that the service's chain did not bear out: kept, and not asked about again."""
    db.execute("ALTER TABLE witness ADD COLUMN disputed INTEGER NOT NULL DEFAULT 0")


@migrations()
def order_witnesses(db: Database) -> None:
    """Witnesses in the order in which they were told: a restored service tells another head of a
    position that it has told of before."""
    for statement in (
        """CREATE TABLE told_witness (
               told INTEGER PRIMARY KEY,
               position INTEGER NOT NULL,
               head TEXT NOT NULL,
               disputed INTEGER NOT NULL DEFAULT 0,
               UNIQUE (position, head)
           ) STRICT""",
        """INSERT INTO told_witness (position, head, disputed)
               SELECT position, head, disputed FROM witness ORDER BY position""",
        "DROP TABLE witness",
        "ALTER TABLE told_witness RENAME TO witness",
    ):
        db.execute(statement)


@migrations()
def add_losses(db: Database) -> None:
    """When the service acknowledged a session last (its own time), sessions whose facts this desk
    has let go, and facts that are known to be lost."""
    for statement in (
        "ALTER TABLE session ADD COLUMN acked_ms INTEGER",
        "UPDATE session SET acked_ms = alive_ms WHERE acked > 0",
        """CREATE TABLE forgotten (
               number INTEGER PRIMARY KEY,
               id TEXT NOT NULL UNIQUE,
               last_seq INTEGER NOT NULL,
               since_ms INTEGER
           ) STRICT""",
        """CREATE TABLE loss (
               session TEXT NOT NULL,
               from_seq INTEGER NOT NULL,
               to_seq INTEGER,
               since_ms INTEGER,
               declared INTEGER NOT NULL DEFAULT 0,
               PRIMARY KEY (session, from_seq)
           ) STRICT, WITHOUT ROWID""",
    ):
        db.execute(statement)


def open_database(file: Path) -> Database:
    """Open the file, or make it, with the tables of this version; readable by its owner alone.

    Raises `sqlite3.Error`, and whatever else damaged tables make of it."""
    file.touch(mode=0o600)  # what SQLite makes beside it gets the same mode
    db = Database(sqlite3.connect(file))
    try:
        db.enable_wal()
        db.conn.execute("PRAGMA synchronous=FULL")
        db.conn.execute("PRAGMA foreign_keys=ON")
        migrations.apply(db)
        _check_tables(db)
    except BaseException:
        db.close()
        raise
    return db


def new_database() -> Database:
    """An empty one with the tables of this version, in memory."""
    db = Database(memory=True)
    migrations.apply(db)
    return db


def _check_tables(db: Database) -> None:
    """Damage can leave a column another name. Raises `sqlite3.DatabaseError`."""
    with closing(new_database()) as new:
        missing = _columns(new) - _columns(db)
    if missing:
        raise sqlite3.DatabaseError(f"the tables lack {sorted(missing)}")


def _columns(db: Database) -> set[tuple[str, str]]:
    """(table, column)"""
    query = "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
    return set(db.conn.execute(query))
