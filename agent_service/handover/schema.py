"""The table of handovers, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "handover",
    (
        Step(
            "0001_handover",
            (
                """CREATE TABLE handover (
                    handover TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    recipient TEXT NOT NULL,
                    team TEXT NOT NULL,
                    items TEXT NOT NULL,
                    written_ms INTEGER NOT NULL,
                    confirmed_by TEXT NOT NULL,
                    confirmed_ms INTEGER,
                    confirmation TEXT NOT NULL,
                    settled TEXT NOT NULL,
                    open INTEGER NOT NULL,
                    began INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX handover_written ON handover (written_ms)",
                "CREATE INDEX handover_open ON handover (began) WHERE open = 1",
            ),
        ),
    ),
)
