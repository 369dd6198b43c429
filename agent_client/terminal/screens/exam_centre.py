"""The exam centre: what was issued to the person, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.column_fit import FitColumn, fitted
from agent_client.terminal.exam_words import minutes, own_standing
from agent_client.terminal.report_grid import Grid, GridCell
from agent_client.terminal.screens.documents import moment, person
from agent_client.terminal.screens.paged import PagedSheet
from agent_client.terminal.view import View
from protocol.wire.documents import PAGE
from protocol.wire.exams import ExamRow, Exams, GetExams, IssueState

Say = Callable[[View, Exams, ExamRow], str]


@dataclass(frozen=True)
class ExamColumn:
    """A column of a list of exams; those of the lowest weight are left out first."""

    name: str
    say: Say
    weight: int
    right: bool = False


def zone_of_view(view: View) -> str:
    """Of the site."""
    return view.status.zone if view.status is not None else "UTC"


def short(view: View, ms: int) -> str:
    """`11-22 14:03`; with the year where it is another."""
    local = at_site(ms, zone_of_view(view))
    other = view.now is not None and view.now.astimezone(local.tzinfo).year != local.year
    return f"{local:%Y-%m-%d %H:%M}" if other else f"{local:%m-%d %H:%M}"


COLUMNS: tuple[ExamColumn, ...] = (
    ExamColumn("name", lambda _, __, row: shown(row.name), 0),
    ExamColumn("start", lambda view, _, row: short(view, row.start_ms), 70),
    ExamColumn("end", lambda view, _, row: short(view, row.end_ms), 60),
    ExamColumn("issuer", lambda _, told, row: person(told.names, row.actor), 30),
    ExamColumn("issued", lambda view, _, row: short(view, row.issued_ms), 20),
    ExamColumn("minutes", lambda _, __, row: minutes(row.duration_s), 50, right=True),
    ExamColumn("kind", lambda view, _, row: view.words.text(f"exam_kind.{row.sitting}"), 40),
)


class ExamsSheet(PagedSheet[Exams, ExamRow]):
    """A list of exams, page by page."""

    COLUMNS: Sequence[ExamColumn]

    def question(self) -> GetExams:
        """What asks the service for the page that is wanted."""
        raise NotImplementedError

    def standing(self, view: View, row: ExamRow) -> str:
        """Where it is."""
        raise NotImplementedError

    def rows(self) -> tuple[ExamRow, ...]:
        """Those of the page."""
        return self.told.rows if self.told is not None else ()

    def identity(self, row: ExamRow) -> str:
        """The issue."""
        return row.issue

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to search or tick."""
        return action not in ("search", "tick")

    def version(self) -> object:
        """The columns depend on the width."""
        return self.size.width

    def grid(self, view: View, told: Exams) -> Grid:
        """As many columns as fit."""
        first = (told.page - 1) * PAGE + 1
        numbers = tuple(GridCell(str(first + place)) for place in range(len(told.rows)))
        made = [FitColumn("", numbers, 98, True)]
        for column in self.COLUMNS:
            cells = tuple(_cell(column.say(view, told, row), row) for row in told.rows)
            heading = view.words.text(f"exam_column.{column.name}")
            made.append(FitColumn(heading, cells, column.weight, column.right))
        standing = tuple(_cell(self.standing(view, row), row) for row in told.rows)
        made.append(FitColumn(view.words.text("exam_column.state"), standing, 90))
        return fitted(made, self.size.width)


class ExamCentreSheet(ExamsSheet):
    """Enter begins, goes on, or opens the result."""

    NAMED = "action.exams"
    NOTHING = "exams.none"
    COLUMNS = COLUMNS
    HINTS = (
        ("⏎", "exams.open"),
        ("o", "exams.open_only"),
        ("< >", "documents.turn"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [("o", "open_only")]  # noqa: RUF012 - Textual's own form

    @dataclass
    class Chosen(Message):
        """This one is to be sat, or its result read."""

        row: ExamRow

    def __init__(self) -> None:
        super().__init__()
        self.open_only = False

    def question(self) -> GetExams:
        """One's own."""
        return GetExams(0, own=True, open_only=self.open_only, page=self.page)

    def standing(self, view: View, row: ExamRow) -> str:
        """Where it is for the person."""
        return own_standing(view, row)

    def asks(self, view: View) -> tuple[str, ...]:
        """Whether those that are over are listed, too."""
        return (view.words.text("exams.is_open" if self.open_only else "exams.is_all"),)

    def detail(self, view: View, row: ExamRow) -> Content:
        """Its name whole, and what Enter does."""
        words, names = view.words, self.told.names if self.told is not None else {}
        zone = zone_of_view(view)
        given = words.text(
            "exams.given", who=person(names, row.actor), at=moment(row.issued_ms, zone)
        )
        key = "exams.retake" if row.retake_of else f"exam_kind_says.{row.sitting}"
        return Content("\n").join(
            (
                Content.assemble((shown(row.name), "bold"), f"  {words.text(key)}"),
                Content(words.text(f"exams.enter_{_deed(row)}")),
                Content.styled(given, "$quiet"),
            )
        )

    def on_report_grid_chosen(self) -> None:
        """Enter."""
        if self.chosen is not None:
            self.post_message(self.Chosen(self.chosen))

    def action_open_only(self) -> None:
        """With those that are over, or without."""
        self.open_only = not self.open_only
        self.ask()


def _deed(row: ExamRow) -> str:
    """What Enter does."""
    if row.state is IssueState.PLANNED:
        return "waits"
    if row.state is IssueState.OPEN and not row.own_submitted:
        return "goes_on" if row.own_sitting else "begins"
    return "result" if row.own_sitting else "over"


def _cell(text: str, row: ExamRow) -> GridCell:
    quiet = row.state not in (IssueState.OPEN, IssueState.PLANNED)
    return GridCell(text, "quiet" if quiet else "")
