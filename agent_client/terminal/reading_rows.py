"""The own training tasks as they are listed: a line a task with its contents below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.request_words import named, said_moment
from agent_client.terminal.screens.listing import Listed, heading
from agent_client.terminal.view import View
from agent_client.terminal.wording import UNKNOWN_TIME
from protocol.rules.training_progress import hms
from protocol.wire.training import AssignmentRow, ItemRow

DONE, OPEN, LATE = "✓", "·", "!"
_GAP = "  "
_NAME_LEAST = 16
_ITEM_NAME = 60
_ITEM_CELLS = 34
"""What stands beside the name of a content."""
_FIRST_DROPPED = ("actor", "ended", "started", "type")
"""Columns that yield where there is no room; below the list is all of it."""


@dataclass(frozen=True)
class OwnTasks:
    """What the list is made of."""

    rows: tuple[AssignmentRow, ...]
    every: bool = False
    """Also those that are completed or withdrawn, a page of them."""
    page: int = 1
    pages: int = 1
    total: int = 0
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A task, or one content of it."""

    row: AssignmentRow
    item: ItemRow | None = None


def task_rows(view: View, told: OwnTasks, width: int) -> Iterator[Listed[Part]]:
    """A heading with the names of the columns, then task by task."""
    if not told.rows:
        return
    cells = [_cells(view, row, told) for row in told.rows]
    names = _columns(view, cells, width)
    widths = {name: _width(view, name, cells) for name in names}
    rest = width - sum(widths.values()) - len(_GAP) * len(names)
    heads = {name: view.words.text(f"training_column.{name}") for name in ("name", *names)}
    yield heading("columns", f"  {_line(heads, widths, rest - 2)}")
    for row, values in zip(told.rows, cells, strict=True):
        mark = DONE if row.done_ms is not None else LATE if late(view, row) else OPEN
        style = "bold $warning" if mark == LATE else "$quiet" if row.withdrawn else "bold"
        line = Content.styled(f"{mark} {_line(values, widths, rest - 2)}", style)
        yield Listed(row.assignment, line, tuple(_whole(view, row, told)), Part(row))
        for item in row.items:
            about = tuple(_about(view, row, item))
            id_ = f"{row.assignment}:{item.content}"
            yield Listed(id_, _item(view, item, width), about, Part(row, item))


def late(view: View, row: AssignmentRow) -> bool:
    """Whether its time has passed, and it is not completed."""
    if row.due_ms is None or row.done_ms is not None or row.withdrawn or view.now is None:
        return False
    return row.due_ms <= view.now.timestamp() * 1000


def _cells(view: View, row: AssignmentRow, told: OwnTasks) -> dict[str, str]:
    least = f" / {hms(row.min_seconds)}" if row.min_seconds else ""
    return {
        "name": shown(row.name),
        "type": fit(shown(row.type), 12).rstrip(),
        "items": f"{row.items_done}/{len(row.items)}",
        "time": f"{hms(row.trained_s)}{least}",
        "started": _day(view, row.started_ms),
        "ended": _day(view, row.done_ms),
        "done": _standing(view, row),
        "actor": named(row.actor, told.names),
        "due": _day(view, row.due_ms),
    }


def _columns(view: View, cells: Sequence[Mapping[str, str]], width: int) -> list[str]:
    """Those beside the name that have room."""
    names = [name for name in cells[0] if name != "name"]
    for dropped in ("", *_FIRST_DROPPED):
        names = [name for name in names if name != dropped]
        taken = sum(_width(view, name, cells) + len(_GAP) for name in names)
        if width - taken >= _NAME_LEAST:
            break
    return names


def _width(view: View, name: str, cells: Sequence[Mapping[str, str]]) -> int:
    head = cell_len(view.words.text(f"training_column.{name}"))
    return max(head, *(cell_len(each[name]) for each in cells))


def _line(values: Mapping[str, str], widths: Mapping[str, int], rest: int) -> str:
    others = (fit(values[name], width) for name, width in widths.items())
    return _GAP.join([fit(values["name"], rest), *others])


def _item(view: View, item: ItemRow, width: int) -> Content:
    time = hms(item.credited_s)
    mark = DONE if item.done else OPEN
    page = ""
    if item.section and not item.done:
        page = _GAP + view.words.text("training.at_page", page=item.section + 1)
    name = fit(shown(item.name), max(_NAME_LEAST, min(width - _ITEM_CELLS, _ITEM_NAME)))
    return Content.assemble((f"    {mark} ", "$quiet"), name, _GAP, (f"{time}{page}", "$quiet"))


def _whole(view: View, row: AssignmentRow, told: OwnTasks) -> Iterator[Content]:
    """All columns in full."""
    words, zone = view.words, _zone(view)
    number = words.text("training.number", number=row.number)
    kind = f" · {shown(row.type)}" if row.type else ""
    yield Content.assemble((shown(row.name), "bold"), f"  {number}{kind}")
    time = hms(row.trained_s)
    if row.min_seconds:
        time = words.text("reader.of", done=time, least=hms(row.min_seconds))
    yield Content(
        words.text("training.so_far", done=row.items_done, items=len(row.items), time=time)
    )
    at = said_moment(view, row.assigned_ms, zone)
    yield Content(words.text("training.given", who=named(row.actor, told.names), at=at))
    yield Content(_times(view, row))
    yield Content.styled(words.text(f"training.{_next(row)}"), "$quiet")


def _times(view: View, row: AssignmentRow) -> str:
    zone = _zone(view)
    parts = [
        f"{view.words.text(f'training_column.{name}')} {said_moment(view, ms, zone)}"
        for name, ms in (("started", row.started_ms), ("ended", row.done_ms), ("due", row.due_ms))
        if ms is not None
    ]
    return " · ".join([*parts, _standing(view, row)])


def _next(row: AssignmentRow) -> str:
    if row.withdrawn or row.done_ms is not None:
        return "over_help"
    return "time_help" if row.items_done == len(row.items) else "go_on_help"


def _about(view: View, row: AssignmentRow, item: ItemRow) -> Iterator[Content]:
    words = view.words
    yield Content.styled(shown(item.name), "bold")
    state = words.text("training.item_done" if item.done else "training.item_open")
    yield Content(f"{shown(row.name)} · {state} · {hms(item.credited_s)}")
    yield Content.styled(
        words.text("training.item_again" if item.done else "training.item_help"), "$quiet"
    )


def _standing(view: View, row: AssignmentRow) -> str:
    key = "withdrawn" if row.withdrawn else "open" if row.done_ms is None else "done"
    return view.words.text(f"training_standing.{key}")


def _day(view: View, ms: int | None) -> str:
    return f"{at_site(ms, _zone(view)):%m-%d %H:%M}" if ms is not None else UNKNOWN_TIME


def _zone(view: View) -> str:
    return view.status.zone if view.status is not None else "UTC"
