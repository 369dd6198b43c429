"""The tables of who may sign in, at which desk, and with what.

`staff`, `membership` and `membership_decision` are projections of the ledger; `credential`,
`one_time_code`, `token` and `enrolment_code` hold secrets, which are no facts. People of a database
from before they were facts wait in `carried_staff` until `accounts.carrying` has put them into the
ledger.
"""

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
        Step(
            "0002_people_are_facts",
            (
                """CREATE TABLE credential (
                    number TEXT PRIMARY KEY,
                    password_hash TEXT NOT NULL,
                    to_be_changed INTEGER NOT NULL,
                    sip_user TEXT NOT NULL,
                    sip_password TEXT NOT NULL
                ) STRICT, WITHOUT ROWID""",
                """INSERT INTO credential
                    SELECT number, password_hash, 0, sip_user, sip_password FROM staff""",
                """CREATE TABLE carried_staff (
                    number TEXT PRIMARY KEY,
                    name TEXT NOT NULL,
                    team TEXT NOT NULL,
                    roles TEXT NOT NULL
                ) STRICT""",
                """INSERT INTO carried_staff
                    SELECT s.number, s.name, s.team, coalesce(group_concat(r.role, ' '), '')
                    FROM staff s LEFT JOIN staff_role r ON r.number = s.number
                    GROUP BY s.id ORDER BY s.id""",
                """CREATE TABLE token_of_anybody (
                    hash BLOB PRIMARY KEY,
                    desk TEXT NOT NULL REFERENCES desk (desk),
                    agent TEXT NOT NULL,
                    expires_ms INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                "INSERT INTO token_of_anybody SELECT hash, desk, agent, expires_ms FROM token",
                "DROP TABLE token",
                "ALTER TABLE token_of_anybody RENAME TO token",
                "CREATE INDEX token_agent ON token (agent)",
                "DROP TABLE staff_role",
                "DROP TABLE staff",
                """CREATE TABLE staff (
                    number TEXT PRIMARY KEY,
                    name TEXT NOT NULL,
                    roles TEXT NOT NULL,
                    disabled INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
                """CREATE TABLE membership (
                    agent TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    since TEXT NOT NULL,
                    until TEXT,
                    PRIMARY KEY (agent, kind, name, since)
                ) STRICT, WITHOUT ROWID""",
                """CREATE TABLE one_time_code (
                    number TEXT PRIMARY KEY,
                    hash BLOB NOT NULL,
                    expires_ms INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID""",
            ),
        ),
        Step(
            "0003_sign_ins_ended",
            ("ALTER TABLE staff ADD COLUMN ended INTEGER NOT NULL DEFAULT 0",),
        ),
        Step(
            "0004_membership_decisions",
            (
                """CREATE TABLE membership_decision (
                    position INTEGER PRIMARY KEY,
                    agent TEXT NOT NULL,
                    decision TEXT NOT NULL
                ) STRICT""",
            ),
        ),
        Step(
            "0005_membership_decision_agent",
            ("CREATE INDEX membership_decision_agent ON membership_decision (agent, position)",),
        ),
    ),
)
