"""The tables of requests and of hours owed, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "requests",
    (
        Step(
            "0001_roster_request",
            (
                """CREATE TABLE roster_request (
                    request TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    partner TEXT NOT NULL,
                    asked TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    made_ms INTEGER NOT NULL,
                    deadline_ms INTEGER NOT NULL,
                    plans TEXT NOT NULL,
                    consents INTEGER,
                    consented_ms INTEGER,
                    answer TEXT NOT NULL,
                    approved INTEGER,
                    decided_by TEXT NOT NULL,
                    decided_ms INTEGER,
                    decision TEXT NOT NULL,
                    revision INTEGER NOT NULL,
                    withdrawn INTEGER NOT NULL,
                    began INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX roster_request_agent ON roster_request (agent, began)",
                "CREATE INDEX roster_request_actor ON roster_request (actor, began)",
                """CREATE INDEX roster_request_partner ON roster_request (partner, began)
                    WHERE partner <> ''""",
                """CREATE INDEX roster_request_open ON roster_request (deadline_ms)
                    WHERE approved IS NULL AND withdrawn = 0 AND consents IS NOT 0""",
                """CREATE TABLE hours_booking (
                    booking TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    account TEXT NOT NULL,
                    seconds INTEGER NOT NULL,
                    day TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    request TEXT NOT NULL,
                    booked_ms INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX hours_booking_agent ON hours_booking (agent, position)",
            ),
        ),
        Step(
            "0002_who_has_read_it",
            (
                "ALTER TABLE roster_request ADD COLUMN withdrawn_by TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE roster_request ADD COLUMN withdrawn_ms INTEGER",
                "ALTER TABLE roster_request ADD COLUMN withdrawal TEXT NOT NULL DEFAULT ''",
                "ALTER TABLE roster_request ADD COLUMN heard TEXT NOT NULL DEFAULT '{}'",
                "ALTER TABLE roster_request ADD COLUMN news INTEGER NOT NULL DEFAULT 0",
                """CREATE INDEX roster_request_news ON roster_request (began) WHERE news = 1""",
            ),
        ),
        Step(
            "0003_hours_booked",
            ("CREATE INDEX hours_booking_booked ON hours_booking (account, booked_ms)",),
        ),
    ),
)
