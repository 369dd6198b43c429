"""The table of locked months, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "locking",
    (
        Step(
            "0001_locked_month",
            (
                """CREATE TABLE locked_month (
                    month TEXT PRIMARY KEY,
                    position INTEGER NOT NULL,
                    locked_ms INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    digest TEXT NOT NULL
                ) STRICT, WITHOUT ROWID""",
            ),
        ),
    ),
)
