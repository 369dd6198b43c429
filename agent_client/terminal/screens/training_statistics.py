"""Statistics of training by task."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import zone_of
from agent_client.terminal.report_grid import Grid, GridCell, grid
from agent_client.terminal.report_table import NOTHING
from agent_client.terminal.screens.report_sheet import GridSheet
from agent_client.terminal.training_words import length
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.wire.training import (
    GetTrainingStatistics,
    StatisticsRow,
    TrainingStatistics,
)

_COLUMNS = (
    "row",
    "statistics_task",
    "participants",
    "not_done",
    "done",
    "done_percent",
    "total_trained",
)
_FROZEN = 2


@dataclass(frozen=True)
class Narrowed:
    """Which assignments are counted. Null and empty: all."""

    first: date | None = None
    last: date | None = None
    """The last day that is counted."""
    task: str = ""
    task_name: str = ""
    agents: tuple[tuple[str, str], ...] = ()
    """Staff numbers with names."""

    def message(self, zone: str, language: str = "") -> GetTrainingStatistics:
        """What asks the service for it; with a language, also for a workbook."""
        return GetTrainingStatistics(
            0,
            _begins(self.first, zone),
            _begins(self.last + timedelta(days=1), zone) if self.last is not None else None,
            self.task,
            tuple(number for number, _ in self.agents),
            bool(language),
            language or "en",
        )

    @property
    def file_name(self) -> str:
        """What its workbook is called."""
        days = [f"{day}" for day in (self.first, self.last) if day is not None]
        return "-".join(("training", *days))


class StatisticsSheet(GridSheet[TrainingStatistics]):
    """← and → move the columns where they do not fit."""

    NAMED = "teaching.statistics"
    HINTS = (
        ("n", "statistics.narrow"),
        ("x", "report.save"),
        ("←→", "centre.columns"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("n", "want('narrow')"),
        ("x", "want('save')"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened: `narrow` or `save`."""

        what: str

    class Reread(Message):
        """Others are to be counted."""

    def __init__(self) -> None:
        super().__init__()
        self.narrowed = Narrowed()

    def narrow(self, narrowed: Narrowed) -> None:
        """Count others."""
        self.narrowed = narrowed
        self.forget()
        self.post_message(self.Reread())

    def grid(self, view: View, told: TrainingStatistics) -> Grid:
        """A row a task."""
        rows = [_cells(row, str(place)) for place, row in enumerate(told.rows, 1)]
        headings = [view.words.text(f"document_column.{name}") for name in _COLUMNS]
        right = [name != "statistics_task" for name in _COLUMNS]
        return grid(headings, rows, (), right, _FROZEN)

    def nothing(self, view: View) -> str:
        """No rows."""
        return view.words.text("statistics.none")

    def beside(self, view: View) -> Content:
        """Of when, of which task, of whom."""
        return Content("  ·  ".join(said(view.words, self.narrowed)))

    def foot(self, view: View, told: TrainingStatistics) -> Content:
        """What is counted."""
        return Content.styled(view.words.text("statistics.counted"), "$quiet")

    def action_want(self, what: str) -> None:
        """Open something."""
        self.post_message(self.Wanted(what))


def said(words: Wording, narrowed: Narrowed) -> list[str]:
    """Which days, which task, whom."""
    first, last = narrowed.first, narrowed.last
    if first is not None and last is not None:
        parts = [words.text("report.from_to", first=first, last=last)]
    elif first is not None:
        parts = [words.text("statistics.since", day=first)]
    elif last is not None:
        parts = [words.text("statistics.up_to", day=last)]
    else:
        parts = [words.text("statistics.always")]
    if narrowed.task:
        parts.append(shown(narrowed.task_name))
    if narrowed.agents:
        names = [f"{shown(number)} {shown(name)}".strip() for number, name in narrowed.agents]
        parts.append(words.text("comma").join(names))
    return parts


def _begins(day: date | None, zone: str) -> int | None:
    """Its first millisecond at the site."""
    if day is None:
        return None
    start = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone))
    return round(start.timestamp() * 1000)


def _cells(row: StatisticsRow, place: str) -> list[GridCell]:
    share = NOTHING if row.done_percent is None else f"{row.done_percent:.2f} %"
    return [
        GridCell(place),
        GridCell(shown(row.name)),
        GridCell(str(row.participants)),
        GridCell(str(row.not_done)),
        GridCell(str(row.done)),
        GridCell(share, "quiet" if row.done_percent is None else ""),
        GridCell(length(row.trained_s)),
    ]
