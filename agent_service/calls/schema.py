"""The table of calls, folded from the ledger, found by the customer's number."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "calls",
    (
        Step(
            "0001_call_history",
            (
                """CREATE TABLE call_history (
                    agent TEXT NOT NULL,
                    call_id TEXT NOT NULL,
                    number TEXT NOT NULL,
                    direction TEXT,
                    at_ms INTEGER,
                    order_ms INTEGER NOT NULL,
                    line TEXT NOT NULL,
                    answered INTEGER NOT NULL,
                    answered_ms INTEGER,
                    missed INTEGER NOT NULL,
                    missed_ms INTEGER,
                    talk_s INTEGER,
                    category TEXT NOT NULL,
                    outcome TEXT NOT NULL,
                    note TEXT NOT NULL,
                    promised_ms INTEGER,
                    position INTEGER NOT NULL,
                    UNIQUE (agent, call_id)
                ) STRICT""",
                "CREATE INDEX call_history_number ON call_history (number, order_ms)",
            ),
        ),
    ),
)
