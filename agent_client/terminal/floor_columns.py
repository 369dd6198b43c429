"""The columns of the floor: what each says, and which fit into a width."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import whole_seconds
from agent_client.terminal.floor_order import Need, need
from agent_client.terminal.look import SYMBOLS
from agent_client.terminal.wording import Wording, duration
from protocol.facts.agent import Reason, State
from protocol.wire.sync import FloorRow, Link

GAP = 1


@dataclass(frozen=True)
class Cell:
    """What one column says of one agent."""

    text: str
    tone: str = ""
    """`state` in the state's colour, `quiet`, `alarm`, or plain."""


Say = Callable[[FloorRow, Wording, datetime | None], Cell]


@dataclass(frozen=True)
class Column:
    """One column. Its heading is `terminal.column.<name>`."""

    name: str
    say: Say
    least: int
    """Cells below which it is left out."""
    most: int
    """Cells beyond which it gains nothing."""
    right: bool = False
    """Whether it is aligned to the right."""


@dataclass(frozen=True)
class Placed:
    """A column with its width in cells."""

    column: Column
    width: int


def _mark(row: FloorRow, _: Wording, now: datetime | None) -> Cell:
    return Cell("!" if need(row, now) is not Need.NONE else " ", "alarm")


def _number(row: FloorRow, _: Wording, __: datetime | None) -> Cell:
    return Cell(shown(row.agent))


def _name(row: FloorRow, _: Wording, __: datetime | None) -> Cell:
    return Cell(shown(row.name))


def _team(row: FloorRow, _: Wording, __: datetime | None) -> Cell:
    return Cell(shown(row.team), "quiet")


def _state(row: FloorRow, words: Wording, _: datetime | None) -> Cell:
    return Cell(f"{SYMBOLS[row.state]} {words.state(row.state)}", "state")


def _reason(row: FloorRow, words: Wording, _: datetime | None) -> Cell:
    if row.state is State.OFFLINE:
        return Cell(words.text("floor.was", state=words.state(row.last_known)), "quiet")
    return Cell(words.reason(row.reason) if row.reason is not None else "")


def _lasts(row: FloorRow, _: Wording, now: datetime | None) -> Cell:
    if row.state is State.LOGGED_OFF:
        return Cell("")
    tone = "alarm" if need(row, now) is not Need.NONE else ""
    return Cell(duration(whole_seconds(row.since, now)), tone)


def _call(row: FloorRow, words: Wording, _: datetime | None) -> Cell:
    if row.call is None:
        return Cell("")
    direction = words.text(f"floor.{'out' if row.call.direction == 'outbound' else 'in'}")
    return Cell(f"{direction} {shown(row.call.peer)}")


def _next(row: FloorRow, words: Wording, _: datetime | None) -> Cell:
    return Cell(words.next_state(row.next_state) if row.next_state is not None else "")


def _link(row: FloorRow, words: Wording, _: datetime | None) -> Cell:
    if row.link is None:
        return Cell("")
    online = row.link is Link.ONLINE
    return Cell(words.text(f"floor.link_{row.link}"), "quiet" if online else "alarm")


def _phone(row: FloorRow, words: Wording, _: datetime | None) -> Cell:
    if row.phone is None or row.link is Link.OFFLINE:  # nobody knows any more
        return Cell("")
    text = words.text("floor.phone_up" if row.phone else "floor.phone_down")
    return Cell(text, "quiet" if row.phone else "alarm")


def _answered(row: FloorRow, _: Wording, __: datetime | None) -> Cell:
    return Cell("" if row.state is State.LOGGED_OFF else str(row.calls_answered))


def columns(words: Wording) -> tuple[Column, ...]:
    """All columns from left to right, as wide as their words in this language."""
    states = 2 + _widest(words.state(state) for state in State)
    reasons = _widest(words.reason(reason) for reason in Reason)

    def worded(name: str, say: Say, *texts: str) -> Column:
        width = _widest([words.text(f"column.{name}"), *(words.text(text) for text in texts)])
        return Column(name, say, width, width)

    return (
        Column("mark", _mark, 1, 1),
        Column("number", _number, 6, 8),
        Column("name", _name, 12, 18),
        Column("team", _team, 8, 14),
        Column("state", _state, states, states),
        Column("reason", _reason, min(reasons, 12), reasons),
        Column("lasts", _lasts, 8, 8, right=True),
        Column("call", _call, 16, 18),
        Column("next", _next, 10, 12),
        worded("link", _link, "floor.link_online", "floor.link_offline"),
        worded("phone", _phone, "floor.phone_up", "floor.phone_down"),
        Column("answered", _answered, 5, max(5, cell_len(words.text("column.answered"))), True),
    )


_ESSENTIAL = ("mark", "state", "lasts", "reason", "number", "name", "call", "answered", "next")
_USEFUL = ("team", "phone", "link")
"""The order in which columns get room; the useful ones when the essential ones have enough."""


def place(width: int, available: Sequence[Column]) -> list[Placed]:
    """The columns that fit into a width, from left to right."""
    by_name = {column.name: column for column in available}
    widths: dict[str, int] = {}
    left = width + GAP
    for names in (_ESSENTIAL, _USEFUL):
        left = _add([by_name[name] for name in names], widths, left)
        if not widths.keys() >= set(names):
            break
    return [Placed(column, widths[column.name]) for column in available if column.name in widths]


def _add(group: Sequence[Column], widths: dict[str, int], left: int) -> int:
    """Give each column of a group its least width, then more. Returns the cells that are left."""
    for column in group:
        if column.least + GAP > left:
            break
        widths[column.name] = column.least
        left -= column.least + GAP
    for column in group:
        if column.name in widths:
            more = min(column.most - column.least, left)
            widths[column.name] += more
            left -= more
    return left


def _widest(texts: Iterable[str]) -> int:
    return max(cell_len(text) for text in texts)
