"""The tables of training, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "training",
    (
        Step(
            "0001_training",
            (
                """CREATE TABLE trainee (
                    agent TEXT PRIMARY KEY,
                    joined INTEGER NOT NULL,
                    recalled_by TEXT NOT NULL,
                    recalled_ms INTEGER,
                    recalled_until_ms INTEGER,
                    reading TEXT NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                """CREATE TABLE training_assignment (
                    assignment TEXT PRIMARY KEY,
                    task TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    agent TEXT NOT NULL,
                    items TEXT NOT NULL,
                    trained_s INTEGER NOT NULL,
                    min_seconds INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    cause TEXT NOT NULL,
                    assigned_ms INTEGER NOT NULL,
                    started_ms INTEGER,
                    done_ms INTEGER,
                    due_ms INTEGER,
                    postponed INTEGER NOT NULL,
                    postponed_ms INTEGER,
                    pushed_by TEXT NOT NULL,
                    pushed_until_ms INTEGER,
                    withdrawn INTEGER NOT NULL,
                    began INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT""",
                "CREATE INDEX training_began ON training_assignment (began)",
                "CREATE INDEX training_agent ON training_assignment (agent, began)",
                "CREATE INDEX training_task ON training_assignment (task, agent)",
                "CREATE INDEX training_assigned ON training_assignment (assigned_ms)",
            ),
        ),
    ),
)
