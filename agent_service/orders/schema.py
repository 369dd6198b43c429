"""The table of orders, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "orders",
    (
        Step(
            "0001_placed_order",
            (
                """CREATE TABLE placed_order (
                    order_id TEXT PRIMARY KEY,
                    agent TEXT NOT NULL,
                    what TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    text TEXT NOT NULL,
                    placed_ms INTEGER NOT NULL,
                    expires_ms INTEGER NOT NULL,
                    act TEXT NOT NULL,
                    outcome TEXT,
                    code TEXT NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX placed_order_act ON placed_order (act)",
                """CREATE INDEX placed_order_waiting ON placed_order (agent, expires_ms)
                    WHERE outcome IS NULL""",
            ),
        ),
    ),
)
