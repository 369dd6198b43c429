"""The tables of documents, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "documents",
    (
        Step(
            "0001_documents",
            (
                """CREATE TABLE document (
                    document TEXT PRIMARY KEY,
                    what TEXT NOT NULL,
                    number INTEGER NOT NULL,
                    version INTEGER NOT NULL,
                    enabled INTEGER NOT NULL,
                    removed INTEGER NOT NULL,
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    parent TEXT NOT NULL,
                    place INTEGER NOT NULL,
                    question_type TEXT NOT NULL,
                    difficulty TEXT NOT NULL,
                    author TEXT NOT NULL,
                    created_ms INTEGER NOT NULL,
                    changed_by TEXT NOT NULL,
                    changed_ms INTEGER NOT NULL,
                    began INTEGER NOT NULL,
                    position INTEGER NOT NULL,
                    sought TEXT NOT NULL,
                    body TEXT NOT NULL
                ) STRICT""",
                "CREATE INDEX document_number ON document (what, number)",
                """CREATE INDEX document_name ON document (what, name_key, parent)
                    WHERE removed = 0""",
                """CREATE INDEX document_place ON document (what, parent, place, number)
                    WHERE removed = 0""",
                """CREATE TABLE document_version (
                    document TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    body TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    at_ms INTEGER NOT NULL,
                    position INTEGER NOT NULL,
                    PRIMARY KEY (document, version)
                ) STRICT""",
            ),
        ),
    ),
)
