"""The training centre of those who give training: who has which task, and how far they are."""

from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.report_grid import Grid, GridCell, grid
from agent_client.terminal.report_table import NOTHING
from agent_client.terminal.screens.documents import moment, person
from agent_client.terminal.screens.paged import PagedSheet
from agent_client.terminal.training_words import length, standing
from agent_client.terminal.view import View
from protocol.wire.documents import PAGE
from protocol.wire.training import AssignmentRow, Assignments, GetAssignments

_COLUMNS = (
    "row",
    "trainee",
    "task_name",
    "training_type",
    "items",
    "items_done",
    "trained",
    "least_s",
    "started",
    "done_at",
    "is_done",
    "author",
    "created",
    "due",
)
_TO_THE_RIGHT = frozenset({"row", "items", "items_done", "trained", "least_s"})
_FROZEN = 3
"""The tick, the row's number and whose it is."""


class CentreSheet(PagedSheet[Assignments, AssignmentRow]):
    """← and → move the columns."""

    NAMED = "teaching.centre"
    NOTHING = "centre.none"
    HINTS = (
        ("w", "centre.withdraw"),
        ("p", "centre.push"),
        ("b", "centre.recall"),
        ("␣", "documents.tick"),
        ("o", "centre.open_only"),
        ("f", "centre.this_task"),
        ("/", "documents.search"),
        ("←→", "centre.columns"),
        ("< >", "documents.turn"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("w", "want('withdraw')"),
        ("p", "want('push')"),
        ("b", "want('recall')"),
        ("f", "this_task"),
        ("o", "open_only"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened or done: `withdraw`, `push`, `recall`."""

        what: str

    def __init__(self) -> None:
        super().__init__()
        self.open_only = True
        self.of_task = ""
        """Of one task; empty: of all."""
        self.of_name = ""

    def question(self) -> GetAssignments:
        """What asks the service for the page that is wanted."""
        return GetAssignments(
            0, task=self.of_task, open_only=self.open_only, search=self.search, page=self.page
        )

    def rows(self) -> tuple[AssignmentRow, ...]:
        """Those of the page."""
        return self.told.rows if self.told is not None else ()

    def identity(self, row: AssignmentRow) -> str:
        """The assignment."""
        return row.assignment

    def asks(self, view: View) -> tuple[str, ...]:
        """Of which task, and whether those that are over are listed, too."""
        said = view.words.text("centre.is_open" if self.open_only else "centre.is_all")
        return (shown(self.of_name), said) if self.of_task else (said,)

    def grid(self, view: View, told: Assignments) -> Grid:
        """Every column of it."""
        first = (told.page - 1) * PAGE + 1
        rows = [
            [self.mark(row), *_cells(view, told, row, str(first + place))]
            for place, row in enumerate(told.rows)
        ]
        headings = ["", *(view.words.text(f"document_column.{name}") for name in _COLUMNS)]
        right = [False, *(name in _TO_THE_RIGHT for name in _COLUMNS)]
        return grid(headings, rows, (), right, _FROZEN)

    def detail(self, view: View, row: AssignmentRow) -> Content:
        """Whose, which, and what of it is done."""
        words, names = view.words, self.told.names if self.told is not None else {}
        who, task = person(names, row.agent), shown(row.name)
        items = words.text("comma").join(
            f"{'✓' if item.done else '·'} {shown(item.name)}" for item in row.items
        )
        why = words.text(f"assign_cause.{row.cause}")
        parts = [f"{shown(row.agent)} {who}  {task}  {standing(words, row)}", why]
        if row.postponed:
            parts.append(words.text("centre.postponed", count=row.postponed))
        return Content("\n").join((Content("  ·  ".join(parts)), Content.styled(items, "$quiet")))

    def action_want(self, what: str) -> None:
        """Open or do something."""
        self.post_message(self.Wanted(what))

    def action_this_task(self) -> None:
        """Those of the highlighted row's task alone, or of all again."""
        row = self.chosen
        if self.of_task:
            self.of_task, self.of_name = "", ""
        elif row is not None:
            self.of_task, self.of_name = row.task, row.name
        self.ask()

    def action_open_only(self) -> None:
        """With those that are completed or withdrawn, or without."""
        self.open_only = not self.open_only
        self.ask()


def _cells(view: View, told: Assignments, row: AssignmentRow, place: str) -> list[GridCell]:
    zone = view.status.zone if view.status is not None else "UTC"
    overdue = row.done_ms is None and not row.withdrawn and _past(view, row.due_ms)
    texts = (
        place,
        person(told.names, row.agent),
        shown(row.name),
        shown(row.type) or view.words.text("tasks.of_ticked"),
        str(len(row.items)),
        str(row.items_done),
        length(row.trained_s),
        str(row.min_seconds),
        _at(row.started_ms, zone),
        _at(row.done_ms, zone),
        standing(view.words, row),
        person(told.names, row.actor),
        moment(row.assigned_ms, zone),
        f"{'! ' if overdue else ''}{_at(row.due_ms, zone)}",
    )
    tone = "quiet" if row.withdrawn else ""
    cells = [GridCell(text, "quiet" if text == NOTHING else tone) for text in texts]
    if overdue:
        cells[-1] = GridCell(texts[-1], "alarm")
    return cells


def _at(ms: int | None, zone: str) -> str:
    return NOTHING if ms is None else moment(ms, zone)


def _past(view: View, ms: int | None) -> bool:
    return ms is not None and view.now is not None and ms < view.now.timestamp() * 1000
