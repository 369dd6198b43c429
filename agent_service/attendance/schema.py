"""The tables of attendance, folded from the ledger. Whatever was said before stays, since a locked
month goes by what was said until then."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "attendance",
    (
        Step(
            "0001_attendance",
            (
                """CREATE TABLE presence_evidence (
                    agent TEXT NOT NULL,
                    day TEXT NOT NULL,
                    position INTEGER NOT NULL,
                    arrived_ms INTEGER,
                    left_ms INTEGER,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    told_ms INTEGER NOT NULL,
                    UNIQUE (agent, day, position)
                ) STRICT""",
                "CREATE INDEX presence_evidence_day ON presence_evidence (day)",
                """CREATE TABLE substitute (
                    agent TEXT NOT NULL,
                    day TEXT NOT NULL,
                    position INTEGER NOT NULL,
                    substitute TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    told_ms INTEGER NOT NULL,
                    UNIQUE (agent, day, position)
                ) STRICT""",
                "CREATE INDEX substitute_day ON substitute (day)",
                """CREATE TABLE signed_month (
                    month TEXT NOT NULL,
                    team TEXT NOT NULL,
                    position INTEGER NOT NULL,
                    digest TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    signed_ms INTEGER NOT NULL,
                    UNIQUE (month, team, position)
                ) STRICT""",
            ),
        ),
        Step(
            "0002_presence_for_agent",
            ("ALTER TABLE presence_evidence ADD COLUMN for_agent TEXT NOT NULL DEFAULT ''",),
        ),
        Step(
            "0003_signed_month_text",
            ("ALTER TABLE signed_month ADD COLUMN text TEXT NOT NULL DEFAULT ''",),
        ),
    ),
)
