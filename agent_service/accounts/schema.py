"""The tables of who may sign in, at which desk, and with what."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "accounts",
    (
        Step(
            "0001_accounts",
            (
                """CREATE TABLE staff (
                    id INTEGER PRIMARY KEY,
                    number TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    team TEXT NOT NULL,
                    password_hash TEXT NOT NULL,
                    sip_user TEXT NOT NULL,
                    sip_password TEXT NOT NULL
                ) STRICT""",
                """CREATE TABLE staff_role (
                    number TEXT NOT NULL REFERENCES staff (number),
                    role TEXT NOT NULL,
                    PRIMARY KEY (number, role)
                ) STRICT, WITHOUT ROWID""",
                """CREATE TABLE enrolment_code (
                    hash BLOB PRIMARY KEY,
                    expires_ms INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                """CREATE TABLE desk (
                    desk TEXT PRIMARY KEY,
                    public_key BLOB NOT NULL,
                    name TEXT NOT NULL,
                    enrolled_ms INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                """CREATE TABLE token (
                    hash BLOB PRIMARY KEY,
                    desk TEXT NOT NULL REFERENCES desk (desk),
                    agent TEXT NOT NULL REFERENCES staff (number),
                    expires_ms INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "CREATE INDEX token_agent ON token (agent)",
            ),
        ),
    ),
)
