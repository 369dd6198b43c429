"""The table of where everybody is: one row an agent, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "presence",
    (
        Step(
            "0001_presence",
            (
                """CREATE TABLE presence (
                    agent TEXT PRIMARY KEY,
                    session TEXT NOT NULL,
                    desk TEXT NOT NULL,
                    state TEXT NOT NULL,
                    reason TEXT,
                    since_ms INTEGER,
                    next_state TEXT,
                    next_reason TEXT,
                    call_id TEXT,
                    call_direction TEXT,
                    call_peer TEXT,
                    call_since_ms INTEGER,
                    phone INTEGER,
                    link TEXT NOT NULL,
                    last_heard_ms INTEGER,
                    calls_answered INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
            ),
        ),
        Step(
            "0002_line_order_and_lock",
            (
                "DROP TABLE presence",
                """CREATE TABLE presence (
                    agent TEXT PRIMARY KEY,
                    session TEXT NOT NULL,
                    desk TEXT NOT NULL,
                    state TEXT NOT NULL,
                    reason TEXT,
                    since_ms INTEGER,
                    next_state TEXT,
                    next_reason TEXT,
                    call_id TEXT,
                    call_direction TEXT,
                    call_peer TEXT,
                    call_since_ms INTEGER,
                    call_answered_ms INTEGER,
                    line TEXT NOT NULL,
                    acw_extra_s INTEGER NOT NULL,
                    locked INTEGER NOT NULL,
                    phone INTEGER,
                    link TEXT NOT NULL,
                    last_heard_ms INTEGER,
                    signed_off_ms INTEGER,
                    provisional INTEGER NOT NULL,
                    order_id TEXT,
                    order_what TEXT,
                    order_outcome TEXT,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
            ),
        ),
    ),
)
