"""The statistics of training tasks, read from the tables."""

import sqlite3
from collections.abc import Iterable, Sequence

from agent_service.documents import store as documents
from agent_service.sheets import Cell, workbook
from agent_service.training import store
from agent_service.training.statistics import TaskTally, tally
from agent_service.training.store import Filter
from protocol.facts.document import DocumentKind
from protocol.i18n import Catalogue
from protocol.rules.rounding import percent
from protocol.rules.training_progress import hms
from protocol.wire.training import StatisticsRow

_COLUMNS = (
    "row",
    "statistics_task",
    "participants",
    "not_done",
    "done",
    "done_percent",
    "total_trained",
)
_HEADING = "terminal.document_column.{}"


def statistics(connection: sqlite3.Connection, wanted: Filter) -> tuple[StatisticsRow, ...]:
    """By task, in the order of their numbers: those that are there, also where nobody was given
    them, and removed ones that somebody was. Withdrawn assignments are in none."""
    tallied = store.tallied(connection, wanted._replace(standing_only=True))
    there = (row.document for row in documents.by_kind(connection, DocumentKind.TRAINING_TASK))
    tasks = dict.fromkeys((*tallied, *(task for task in there if wanted.task in ("", task))))
    rows = [_row(connection, task, tally(tallied.get(task, ()))) for task in tasks]
    return tuple(sorted(rows, key=lambda row: (row.number, row.task)))


def workbook_of(rows: Iterable[StatisticsRow], catalogue: Catalogue) -> bytes:
    """The content of an Excel file, with the columns of the screen."""
    lines: list[Sequence[Cell]] = [[catalogue.text(_HEADING.format(column)) for column in _COLUMNS]]
    for place, row in enumerate(rows, 1):
        lines.append(
            (
                place,
                row.name,
                row.participants,
                row.not_done,
                row.done,
                row.done_percent,
                hms(row.trained_s),
            )
        )
    return workbook(lines)


def _row(connection: sqlite3.Connection, task: str, found: TaskTally) -> StatisticsRow:
    head = documents.head(connection, task)
    number, name = (0, "") if head is None else (head.number, head.name)
    done_percent = percent(found.done, found.participants)
    return StatisticsRow(
        task,
        number,
        name,
        found.participants,
        found.not_done,
        found.done,
        done_percent,
        found.trained_s,
    )
