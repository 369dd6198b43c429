"""The tables of exams, folded from the ledger."""

from agent_service.database import Schema, Step

SCHEMA = Schema(
    "exams",
    (
        Step(
            "0001_exams",
            (
                """CREATE TABLE exam_issue (
                    issue TEXT PRIMARY KEY,
                    paper TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    start_ms INTEGER NOT NULL,
                    end_ms INTEGER NOT NULL,
                    duration_s INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    seed TEXT NOT NULL,
                    actor TEXT NOT NULL,
                    issued_ms INTEGER NOT NULL,
                    retake_of TEXT NOT NULL,
                    agents TEXT NOT NULL,
                    standing TEXT NOT NULL,
                    begun INTEGER NOT NULL,
                    corrected TEXT NOT NULL,
                    corrected_at INTEGER NOT NULL,
                    began INTEGER NOT NULL,
                    position INTEGER NOT NULL
                ) STRICT""",
                "CREATE INDEX exam_issue_began ON exam_issue (began)",
                "CREATE INDEX exam_issue_start ON exam_issue (start_ms)",
                "CREATE INDEX exam_issue_end ON exam_issue (end_ms)",
                "CREATE INDEX exam_issue_paper ON exam_issue (paper, end_ms)",
                """CREATE TABLE exam_sitting (
                    sitting TEXT PRIMARY KEY,
                    issue TEXT NOT NULL,
                    agent TEXT NOT NULL,
                    started_ms INTEGER NOT NULL,
                    deadline_ms INTEGER NOT NULL,
                    extended_s INTEGER NOT NULL,
                    extensions TEXT NOT NULL,
                    turn INTEGER NOT NULL,
                    desk TEXT NOT NULL,
                    submitted_ms INTEGER,
                    submitted_by TEXT NOT NULL,
                    number INTEGER NOT NULL,
                    focus_left INTEGER NOT NULL,
                    changed INTEGER NOT NULL,
                    seen INTEGER NOT NULL,
                    began INTEGER NOT NULL,
                    position INTEGER NOT NULL,
                    marks TEXT NOT NULL,
                    answers TEXT NOT NULL
                ) STRICT""",
                "CREATE INDEX exam_sitting_issue ON exam_sitting (issue, agent)",
                "CREATE INDEX exam_sitting_agent ON exam_sitting (agent, changed)",
                """CREATE INDEX exam_sitting_open ON exam_sitting (deadline_ms)
                    WHERE submitted_ms IS NULL""",
            ),
        ),
    ),
)
