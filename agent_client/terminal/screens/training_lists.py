"""The lists of training types, contents and tasks."""

from collections.abc import Sequence
from typing import ClassVar

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.documents import (
    AUTHOR,
    CREATED,
    HINTS,
    STATE,
    DocumentColumn,
    DocumentsSheet,
    Shown,
)
from agent_client.terminal.view import View
from protocol.facts.document import DocumentKind, TrainingContent, TrainingTask, TrainingType
from protocol.wire.documents import DocumentOrder, DocumentRow


def _name(_: Shown, row: DocumentRow) -> str:
    return shown(_called(row))


def _called(row: DocumentRow) -> str:
    known = TrainingType | TrainingContent | TrainingTask
    return row.body.name if isinstance(row.body, known) else ""


def _place(_: Shown, row: DocumentRow) -> str:
    known = TrainingType | TrainingContent
    return str(row.body.place) if isinstance(row.body, known) else ""


def _used(_: Shown, row: DocumentRow) -> str:
    return str(row.used)


def _parent(_: Shown, row: DocumentRow) -> str:
    return shown(row.parent)


def _drawn_from(place: Shown, row: DocumentRow) -> str:
    ticked = isinstance(row.body, TrainingTask) and row.body.contents
    return place.words.text("tasks.of_ticked") if ticked else shown(row.parent)


def _count(_: Shown, row: DocumentRow) -> str:
    if not isinstance(row.body, TrainingTask):
        return ""
    return str(len(row.body.contents) or row.body.count)


def _seconds(_: Shown, row: DocumentRow) -> str:
    return str(row.body.min_seconds) if isinstance(row.body, TrainingTask) else ""


def _number(_: Shown, row: DocumentRow) -> str:
    return str(row.number)


_NAME = DocumentColumn("name", _name, 0)
_PLACE = DocumentColumn("place", _place, 46, right=True)


class _TrainingSheet(DocumentsSheet):
    """What the three have in common."""

    def named(self, row: DocumentRow) -> str:
        """Its name."""
        return _called(row)


class TypesSheet(_TrainingSheet):
    """What contents and tasks are sorted by."""

    NAMED = "teaching.types"
    NOTHING = "types.none"
    KIND = DocumentKind.TRAINING_TYPE
    COLUMNS = (_NAME, DocumentColumn("used", _used, 45, right=True), AUTHOR, CREATED, _PLACE, STATE)
    HINTS = tuple(hint for hint in HINTS if hint[0] != "f")

    def says(self, view: View, row: DocumentRow) -> str:
        """The remark."""
        return shown(row.body.remark) if isinstance(row.body, TrainingType) else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """They belong to nothing to filter by."""
        return parameters != ("filter",)


class ContentsSheet(_TrainingSheet):
    """What there is to study; `g` makes a task of those that are ticked."""

    NAMED = "teaching.contents"
    NOTHING = "contents.none"
    KIND = DocumentKind.TRAINING_CONTENT
    COLUMNS = (_NAME, DocumentColumn("type", _parent, 20, most=16), AUTHOR, CREATED, _PLACE, STATE)
    HINTS = (*HINTS[:2], ("g", "contents.make_task"), *HINTS[2:])
    BINDINGS = [("g", "want('make_task')")]  # noqa: RUF012 - Textual's own form

    def says(self, view: View, row: DocumentRow) -> str:
        """Keywords and remark."""
        if not isinstance(row.body, TrainingContent):
            return ""
        comma = view.words.text("comma")
        return "  ·  ".join(
            shown(part) for part in (comma.join(row.body.keywords), row.body.remark) if part
        )


class TasksSheet(_TrainingSheet):
    """What is assigned: `a` to people and teams, `r` draws anew for those who have not begun."""

    NAMED = "teaching.tasks"
    NOTHING = "tasks.none"
    KIND = DocumentKind.TRAINING_TASK
    ORDERS: ClassVar = (DocumentOrder.NUMBER, DocumentOrder.NAME, DocumentOrder.CHANGED)
    COLUMNS = (
        DocumentColumn("task_name", _name, 0),
        DocumentColumn("content_type", _drawn_from, 55, most=16),
        DocumentColumn("content_count", _count, 54, right=True),
        DocumentColumn("least_s", _seconds, 52, right=True),
        AUTHOR,
        CREATED,
        DocumentColumn("task_number", _number, 32, right=True),
        STATE,
    )
    HINTS: ClassVar[Sequence[tuple[str, str]]] = (
        *HINTS[:2],
        ("a", "tasks.assign"),
        ("r", "tasks.redraw"),
        *HINTS[2:],
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("a", "want('assign')"),
        ("r", "want('redraw')"),
    ]

    def says(self, view: View, row: DocumentRow) -> str:
        """Days, rules and remark."""
        if not isinstance(row.body, TrainingTask):
            return ""
        words, body = view.words, row.body
        parts = [words.text("tasks.due_days", days=body.due_days)] if body.due_days else []
        parts += [words.text(f"assign_rule.{rule}") for rule in body.rules]
        return "  ·  ".join([*parts, *([shown(body.remark)] if body.remark else [])])


class LedTasksSheet(TasksSheet):
    """For who leads a team and writes no tasks: Enter assigns."""

    HINTS = (("⏎", "tasks.assign"), ("r", "tasks.redraw"), *HINTS[5:])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing here changes a task."""
        return action != "tick" and parameters not in (("new",), ("remove",), ("enable",))

    def action_want(self, what: str) -> None:
        """Enter assigns."""
        super().action_want("assign" if what == "edit" else what)
