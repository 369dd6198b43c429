"""The table of places in the queue for breaks, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "breaks",
    (
        Step(
            "0001_break_place",
            (
                """CREATE TABLE break_place (
                    place TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    team TEXT NOT NULL,
                    reason TEXT NOT NULL,
                    after_call TEXT NOT NULL,
                    asked_ms INTEGER NOT NULL,
                    until_ms INTEGER,
                    granted_by TEXT NOT NULL,
                    outcome TEXT,
                    began_ms INTEGER,
                    excused INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX break_place_open ON break_place (agent) WHERE outcome IS NULL",
                """CREATE INDEX break_place_call ON break_place (agent, after_call)
                    WHERE after_call <> ''""",
            ),
        ),
        Step(
            "0002_seen_by_the_seat",
            (
                "ALTER TABLE break_place ADD COLUMN seen_ms INTEGER",
                "ALTER TABLE break_place ADD COLUMN left_ms INTEGER",
                "ALTER TABLE break_place ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
                "CREATE INDEX break_place_asked ON break_place (agent, asked)",
            ),
        ),
        Step(
            "0003_rest_due",
            ("ALTER TABLE break_place ADD COLUMN rest_due INTEGER NOT NULL DEFAULT 0",),
        ),
    ),
)
