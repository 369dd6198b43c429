"""How far the reading of a task has come, from what the seat told last."""

from datetime import datetime

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.site_time import moment
from agent_client.terminal.wording import Wording
from protocol.wire.desk_training import DeskTraining
from protocol.wire.training import AssignmentRow, ItemRow

NAME_CELLS = 32


def row_of(told: DeskTraining | None, assignment: str) -> AssignmentRow | None:
    """An assignment that is open; null where it is not among them."""
    rows = told.own.open if told is not None else ()
    return next((row for row in rows if row.assignment == assignment), None)


def item_of(row: AssignmentRow | None, content: str) -> ItemRow | None:
    """A content of it."""
    items = row.items if row is not None else ()
    return next((item for item in items if item.content == content), None)


def next_item(row: AssignmentRow) -> ItemRow | None:
    """What to read next: the first that is not done, else the first."""
    return next((item for item in row.items if not item.done), next(iter(row.items), None))


def task_seconds(told: DeskTraining, row: AssignmentRow, now: datetime | None) -> int:
    """Credited for the whole task up to now."""
    if told.assignment != row.assignment:
        return row.trained_s
    item = item_of(row, told.content)
    known_s = item.credited_s if item is not None else 0
    return row.trained_s - known_s + max(known_s, told.credited_s) + _running_s(told, now)


def item_seconds(told: DeskTraining, row: AssignmentRow, item: ItemRow) -> int:
    """Credited for one content, as it was told."""
    here = (told.assignment, told.content) == (row.assignment, item.content)
    return max(item.credited_s, told.credited_s) if here else item.credited_s


def _running_s(told: DeskTraining, now: datetime | None) -> int:
    if not told.running or told.since_ms is None or now is None:
        return 0
    return max(0, int(now.timestamp() * 1000) - told.since_ms) // 1000


def task_named(row: AssignmentRow | None) -> str:
    """The name of a task, in the room of a line."""
    return cut(shown(row.name), NAME_CELLS) if row is not None else ""


def waiting_line(words: Wording, told: DeskTraining | None, now: datetime | None, zone: str) -> str:
    """How many tasks wait, and when the next one is due; empty for none."""
    rows = told.own.open if told is not None else ()
    if not rows:
        return ""
    due_ms = min((row.due_ms for row in rows if row.due_ms is not None), default=None)
    if due_ms is None:
        return words.text("training.waits", count=len(rows))
    at = moment(words, at_site(due_ms, zone), now, zone)
    key = "training.waits_due"
    if now is not None and due_ms <= now.timestamp() * 1000:
        key = "training.waits_late"
    return words.text(key, count=len(rows), at=at)
