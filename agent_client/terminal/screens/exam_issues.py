"""Exams as those who teach see them: what was issued, and how far it is."""

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.documents import moment, person
from agent_client.terminal.screens.exam_centre import (
    COLUMNS,
    ExamColumn,
    ExamsSheet,
    zone_of_view,
)
from agent_client.terminal.view import View
from protocol.wire.exams import ExamRow, GetExams

_NAMED = 6
"""People who are named; more are counted."""


class IssuesSheet(ExamsSheet):
    """Enter opens the sittings; letters withdraw, void, mark, correct a key, issue a retake."""

    NAMED = "examining.issues"
    NOTHING = "issues.none"
    COLUMNS = (
        *COLUMNS,
        ExamColumn("candidates", lambda _, __, row: str(len(row.agents)), 59, right=True),
        ExamColumn("submitted", lambda _, __, row: str(row.submitted), 58, right=True),
        ExamColumn("waiting", lambda _, __, row: str(row.waiting or ""), 57, right=True),
    )
    HINTS = (
        ("⏎", "issues.sittings"),
        ("m", "issues.mark"),
        ("k", "papers.keys"),
        ("r", "issues.retake"),
        ("w", "issues.withdraw"),
        ("v", "issues.void"),
        ("o", "exams.open_only"),
        ("< >", "documents.turn"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("m", "want('mark')"),
        ("k", "want('keys')"),
        ("r", "want('retake')"),
        ("w", "want('withdraw')"),
        ("v", "want('void')"),
        ("o", "open_only"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened or done: `sittings`, `mark`, `keys`, `retake`, `withdraw`,
        `void`."""

        row: ExamRow
        what: str

    def __init__(self) -> None:
        super().__init__()
        self.open_only = False

    def question(self) -> GetExams:
        """Everybody's."""
        return GetExams(0, own=False, open_only=self.open_only, page=self.page)

    def standing(self, view: View, row: ExamRow) -> str:
        """Where it is."""
        return view.words.text(f"exam_standing.{row.state}")

    def asks(self, view: View) -> tuple[str, ...]:
        """Whether those that are over are listed, too."""
        return (view.words.text("exams.is_open" if self.open_only else "exams.is_all"),)

    def detail(self, view: View, row: ExamRow) -> Content:
        """For whom, and how far it is."""
        words, names = view.words, self.told.names if self.told is not None else {}
        who = words.text("comma").join(person(names, each) for each in row.agents[:_NAMED])
        more = len(row.agents) - _NAMED
        if more > 0:
            who = words.text("ask.more", names=who, count=more)
        so_far = words.text(
            "issues.so_far", begun=row.begun, submitted=row.submitted, of=len(row.agents)
        )
        issued = moment(row.issued_ms, zone_of_view(view))
        given = words.text("exams.given", who=person(names, row.actor), at=issued)
        retake = f"  {words.text('exams.retake')}" if row.retake_of else ""
        return Content("\n").join(
            (
                Content.assemble((shown(row.name), "bold"), f"  {so_far}{retake}"),
                Content(who),
                Content.styled(given, "$quiet"),
            )
        )

    def on_report_grid_chosen(self) -> None:
        """Enter."""
        self.action_want("sittings")

    def action_want(self, what: str) -> None:
        """Open or do something."""
        if self.chosen is not None:
            self.post_message(self.Wanted(self.chosen, what))

    def action_open_only(self) -> None:
        """With those that are over, or without."""
        self.open_only = not self.open_only
        self.ask()
