"""The tables of rosters: every revision of every planned day, folded from the ledger; and drafts,
which are documents."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "rosters",
    (
        Step(
            "0001_planned_day",
            (
                """CREATE TABLE planned_day (
                    agent TEXT NOT NULL,
                    day TEXT NOT NULL,
                    revision INTEGER NOT NULL,
                    segments TEXT NOT NULL,
                    pattern TEXT NOT NULL,
                    cause TEXT NOT NULL,
                    request TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    planned_ms INTEGER NOT NULL,
                    position INTEGER NOT NULL,
                    UNIQUE (agent, day, revision)
                ) STRICT""",
                "CREATE INDEX planned_day_day ON planned_day (day, agent)",
                """CREATE TABLE roster_revision (
                    revision INTEGER PRIMARY KEY,
                    first_day TEXT NOT NULL,
                    last_day TEXT NOT NULL,
                    days INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    note TEXT NOT NULL,
                    accepted TEXT NOT NULL,
                    act TEXT NOT NULL,
                    published_ms INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT""",
                """CREATE TABLE roster_draft (
                    agent TEXT NOT NULL,
                    day TEXT NOT NULL,
                    segments TEXT NOT NULL,
                    pattern TEXT NOT NULL,
                    base INTEGER NOT NULL,
                    actor TEXT NOT NULL,
                    drafted_ms INTEGER NOT NULL,
                    PRIMARY KEY (agent, day)
                ) STRICT, WITHOUT ROWID""",
            ),
        ),
    ),
)
