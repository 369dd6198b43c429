"""How far the ledger was looked through for exceptions that follow from its facts. It is no
projection: what was looked through is no fact, and looking again does no harm."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "adherence",
    (
        Step(
            "0001_looked_through",
            (
                """CREATE TABLE looked_through (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    position INTEGER NOT NULL,
                    as_of_ms INTEGER NOT NULL
                ) STRICT""",
            ),
        ),
    ),
)
