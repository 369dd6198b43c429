"""The tables of the ledger: what may never change, and the sessions that wrote it."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "ledger",
    (
        Step(
            "0001_ledger",
            (
                "CREATE TABLE ledger (id TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT",
                """CREATE TABLE entry (
                    position INTEGER PRIMARY KEY,
                    session TEXT NOT NULL,
                    seq INTEGER NOT NULL,
                    agent TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    occurred_ms INTEGER,
                    wall_ms INTEGER NOT NULL,
                    mono_ms INTEGER NOT NULL,
                    received_ms INTEGER NOT NULL,
                    salt BLOB NOT NULL,
                    payload BLOB NOT NULL,
                    hash BLOB NOT NULL
                ) STRICT""",
                """CREATE TABLE session (
                    session TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    desk TEXT NOT NULL,
                    began INTEGER NOT NULL,
                    mark INTEGER NOT NULL,
                    heard_ms INTEGER
                ) STRICT, WITHOUT ROWID""",
            ),
        ),
        Step(
            "0002_session_last",
            (
                "ALTER TABLE session ADD COLUMN last INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE session ADD COLUMN first_ms INTEGER",
                "CREATE INDEX session_agent ON session (agent)",
            ),
        ),
        Step(
            "0003_session_changed",
            ("CREATE INDEX session_last ON session (last)",),
        ),
    ),
)
