"""The table of corrections of plans, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "plan_corrections",
    (
        Step(
            "0001_plan_correction",
            (
                """CREATE TABLE plan_correction (
                    correction TEXT PRIMARY KEY,
                    days TEXT NOT NULL,
                    first_day TEXT NOT NULL,
                    last_day TEXT NOT NULL,
                    text TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    proposed_ms INTEGER NOT NULL,
                    proposed INTEGER NOT NULL,
                    standing TEXT NOT NULL,
                    decided_by TEXT NOT NULL,
                    decided_ms INTEGER,
                    decision TEXT NOT NULL,
                    revision INTEGER NOT NULL,
                    adjusts TEXT NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX plan_correction_day ON plan_correction (last_day)",
                """CREATE INDEX plan_correction_open ON plan_correction (proposed)
                    WHERE standing = 'second'""",
            ),
        ),
        Step(
            "0002_plan_correction_adjusts",
            (
                """CREATE INDEX plan_correction_adjusts ON plan_correction (adjusts)
                    WHERE adjusts <> ''""",
            ),
        ),
        Step(
            "0003_plan_correction_evidence",
            ("ALTER TABLE plan_correction ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]'",),
        ),
    ),
)
