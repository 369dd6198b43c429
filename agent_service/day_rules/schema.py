"""The table of rules by which days are counted, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "day_rules",
    (
        Step(
            "0001_adopted_rules",
            (
                """CREATE TABLE adopted_rules (
                    position INTEGER PRIMARY KEY,
                    version TEXT NOT NULL,
                    since TEXT NOT NULL,
                    values_json TEXT NOT NULL,
                    adopted_ms INTEGER NOT NULL
                ) STRICT""",
            ),
        ),
    ),
)
