"""The tables of exceptions and of confirmed incidents, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "exceptions",
    (
        Step(
            "0001_day_exception",
            (
                """CREATE TABLE day_exception (
                    exception TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    day TEXT NOT NULL,
                    start_ms INTEGER NOT NULL,
                    end_ms INTEGER NOT NULL,
                    what TEXT NOT NULL,
                    code TEXT NOT NULL,
                    text TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    evidence TEXT NOT NULL,
                    state TEXT,
                    reason TEXT,
                    proposed_ms INTEGER NOT NULL,
                    proposed INTEGER NOT NULL,
                    standing TEXT NOT NULL,
                    deciders TEXT NOT NULL,
                    decided_ms INTEGER,
                    decision TEXT NOT NULL,
                    adjusts TEXT NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX day_exception_agent ON day_exception (agent, day)",
                "CREATE INDEX day_exception_day ON day_exception (day)",
                """CREATE INDEX day_exception_open ON day_exception (agent)
                    WHERE standing IN ('pending', 'second')""",
                """CREATE TABLE confirmed_incident (
                    incident TEXT PRIMARY KEY,
                    start_ms INTEGER NOT NULL,
                    end_ms INTEGER NOT NULL,
                    team TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    confirmed_ms INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX confirmed_incident_start ON confirmed_incident (start_ms)",
            ),
        ),
        Step(
            "0002_incident_standing",
            (
                "DROP TABLE confirmed_incident",
                """CREATE TABLE confirmed_incident (
                    incident TEXT PRIMARY KEY,
                    start_ms INTEGER NOT NULL,
                    end_ms INTEGER NOT NULL,
                    team TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    confirmed_ms INTEGER NOT NULL,
                    standing TEXT NOT NULL,
                    deciders TEXT NOT NULL,
                    decided_ms INTEGER,
                    decision TEXT NOT NULL,
                    second TEXT NOT NULL,
                    counts INTEGER,
                    ended INTEGER,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX confirmed_incident_start ON confirmed_incident (start_ms)",
            ),
        ),
        Step(
            "0003_exception_adjusts",
            (
                """CREATE INDEX day_exception_adjusts ON day_exception (adjusts)
                    WHERE adjusts <> ''""",
            ),
        ),
        Step(
            "0004_exception_decided",
            (
                """CREATE INDEX day_exception_decided ON day_exception (decided_ms)
                    WHERE standing IN ('approved', 'rejected')""",
            ),
        ),
    ),
)
