"""The columns of the floor: what each says, and which fit into a width."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rich.cells import cell_len

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import whole_seconds, zone_of
from agent_client.terminal.codes import label
from agent_client.terminal.floor_need import Need, outlook, rest_is_due, second_of
from agent_client.terminal.look import SYMBOLS
from agent_client.terminal.wording import Wording, duration
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderOutcome
from protocol.facts.shift import Activity
from protocol.rules.lines import Line, line_named
from protocol.rules.rounding import percent
from protocol.wire.sync import FloorRow, Link

GAP = 1
TICK = "✓"
OTHERWISE = "≠"
"""Somebody does what is not planned."""
_UNTIL = len(" –00:00")


@dataclass(frozen=True)
class Cell:
    """What one column says of one agent."""

    text: str
    tone: str = ""
    """`state` in the state's colour, `quiet`, `alarm`, or plain."""


@dataclass(frozen=True)
class Moment:
    """What a cell depends on beside its row."""

    words: Wording
    now: datetime | None
    ticked: Container[str] = ()
    today: date | None = None
    """The site's date, to which counts of calls belong."""
    lines: Sequence[Line] = ()
    """The site's lines of business, by which calls are named."""
    zone: str = ""
    """The site's; empty while nobody knows it."""


Say = Callable[[FloorRow, Moment], Cell]


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
    timed: bool = False
    """Whether it changes although the row does not."""


@dataclass(frozen=True)
class Placed:
    """A column with its width in cells."""

    column: Column
    width: int


def _needs_help(row: FloorRow, moment: Moment) -> bool:
    return outlook(row).at(second_of(moment.now)) is not Need.NONE


def _mark(row: FloorRow, moment: Moment) -> Cell:
    otherwise = OTHERWISE if row.adhering is False else " "
    sign = "!" if _needs_help(row, moment) else otherwise
    return Cell(sign + (TICK if row.agent in moment.ticked else " "), "alarm")


def _number(row: FloorRow, _: Moment) -> Cell:
    return Cell(shown(row.agent))


def _name(row: FloorRow, _: Moment) -> Cell:
    return Cell(shown(row.name))


def _team(row: FloorRow, _: Moment) -> Cell:
    return Cell(shown(row.team), "quiet")


def _state(row: FloorRow, moment: Moment) -> Cell:
    return Cell(f"{SYMBOLS[row.state]} {moment.words.state(row.state)}", "state")


def _reason(row: FloorRow, moment: Moment) -> Cell:
    if row.state is State.OFFLINE:
        last = moment.words.state(row.last_known)
        return Cell(moment.words.text("floor.was", state=last), "quiet")
    parts = [moment.words.reason(row.reason)] if row.reason is not None else []
    parts += [moment.words.text(f"floor.{name}") for name in _MARKS if getattr(row, name)]
    parts += [moment.words.text("floor.rest_due")] if rest_is_due(row) else []
    return Cell(" · ".join(parts))


def _lasts(row: FloorRow, moment: Moment) -> Cell:
    if row.state is State.LOGGED_OFF:
        return Cell("")
    tone = "alarm" if _needs_help(row, moment) else ""
    return Cell(duration(whole_seconds(row.since, moment.now)), tone)


def _call(row: FloorRow, moment: Moment) -> Cell:
    if row.call is None:
        return Cell("")
    way = "out" if row.call.direction == "outbound" else "in"
    words, line = moment.words, line_named(moment.lines, row.call.line)
    name = label(line, words.language) if line is not None else shown(row.call.line)
    return Cell(f"{words.text(f'floor.{way}')} {shown(row.call.peer)} {name}".rstrip())


def _next(row: FloorRow, moment: Moment) -> Cell:
    return Cell(moment.words.next_state(row.next_state) if row.next_state is not None else "")


def _link(row: FloorRow, moment: Moment) -> Cell:
    if row.link is None:
        return Cell("")
    online = row.link is Link.ONLINE
    return Cell(moment.words.text(f"floor.link_{row.link}"), "quiet" if online else "alarm")


def _phone(row: FloorRow, moment: Moment) -> Cell:
    if row.phone is None or row.link is Link.OFFLINE:  # nobody knows any more
        return Cell("")
    text = moment.words.text("floor.phone_up" if row.phone else "floor.phone_down")
    return Cell(text, "quiet" if row.phone else "alarm")


def asked_of(row: FloorRow, words: Wording) -> str:
    """What was asked of somebody last, and what became of it; empty where nothing was."""
    if row.order is None:
        return ""
    what = words.text(f"floor.asked.{row.order}")
    return words.text("floor.asked_of", what=what, outcome=_outcome(row, words))


def _outcome(row: FloorRow, words: Wording) -> str:
    return words.text(f"floor.outcome.{row.order_outcome or 'waiting'}")


def _reason_or_outcome(row: FloorRow, moment: Moment) -> Cell:
    """Where there is no room for what was asked: what became of it, and the reason where there is
    one and all went well."""
    reason = _reason(row, moment)
    if row.order is None or (reason.text and row.order_outcome in _WELL):
        return reason
    return Cell(f"→ {_outcome(row, moment.words)}")


def _answered(row: FloorRow, moment: Moment) -> Cell:
    if row.state is State.LOGGED_OFF:
        return Cell("")
    return Cell(str(row.calls_answered if _counts(row, moment) else 0))


def _missed(row: FloorRow, moment: Moment) -> Cell:
    count = row.calls_missed if _counts(row, moment) else 0
    return Cell(str(count) if count else "", "alarm")


def _counts(row: FloorRow, moment: Moment) -> bool:
    """Whether the row's counts are of the present day; a day without calls has no row."""
    return None in (row.day, moment.today) or row.day == moment.today


def _asked(row: FloorRow, moment: Moment) -> Cell:
    waits = row.order is not None and row.order_outcome is None
    return Cell(asked_of(row, moment.words), "" if waits else "quiet")


def _planned(row: FloorRow, moment: Moment) -> Cell:
    """Nothing stands before it where nobody knows whether the person goes with it."""
    if row.planned is None:
        return Cell("")
    sign = {True: "=", False: OTHERWISE, None: " "}[row.adhering]
    tone = "alarm" if row.adhering is False else ""
    return Cell(sign + moment.words.term(f"activity.{row.planned}", row.planned), tone)


def _planned_until(row: FloorRow, moment: Moment) -> Cell:
    """Where there is room: also how long it is planned."""
    cell = _planned(row, moment)
    if row.planned_until is None or not moment.zone:
        return cell
    until = row.planned_until.astimezone(zone_of(moment.zone))
    return Cell(f"{cell.text} –{until:%H:%M}", cell.tone)


def _share(row: FloorRow, _: Moment) -> Cell:
    """Percent; both ends where some of it is unknown."""
    counted_s = row.counted_s or 0
    low, high = percent(row.in_s or 0, counted_s), percent(row.in_high_s or 0, counted_s)
    if low is None or high is None:
        return Cell("")
    ends = f"{low:.0f}", f"{high:.0f}"
    return Cell("–".join(dict.fromkeys(ends)))


def columns(words: Wording) -> tuple[Column, ...]:
    """All columns from left to right, as wide as their words in this language."""
    states = 2 + _widest(words.state(state) for state in State)
    activities = 1 + _widest(words.term(f"activity.{each}", each) for each in Activity)
    reasons = _widest(words.reason(reason) for reason in Reason)

    def worded(name: str, say: Say, *texts: str) -> Column:
        width = _widest([words.text(f"column.{name}"), *(words.text(text) for text in texts)])
        return Column(name, say, width, width)

    return (
        Column("mark", _mark, 2, 2, timed=True),
        Column("number", _number, 6, 8),
        Column("name", _name, 10, 24),
        Column("team", _team, 8, 14),
        Column("state", _state, states, states),
        Column("reason", _reason, min(reasons, 12), reasons),
        Column("lasts", _lasts, 8, 8, right=True, timed=True),
        Column("call", _call, 16, 28),
        Column("next", _next, 10, 12),
        Column("asked", _asked, 18, 20),
        Column("planned", _planned, 9, activities + _UNTIL),
        Column("share", _share, 6, max(6, cell_len(words.text("column.share"))), right=True),
        worded("link", _link, "floor.link_online", "floor.link_offline"),
        worded("phone", _phone, "floor.phone_up", "floor.phone_down"),
        Column("answered", _answered, 5, max(5, cell_len(words.text("column.answered"))), True),
        worded("missed", _missed),
    )


_MARKS = ("locked", "provisional")
"""What else is worth a word beside the reason."""
_WELL = (OrderOutcome.APPLIED, OrderOutcome.SEEN)
_ESSENTIAL = (
    "mark",
    "state",
    "lasts",
    "reason",
    "number",
    "name",
    "call",
    "planned",
    "asked",
    "share",
    "answered",
    "next",
)
_USEFUL = ("missed", "team", "phone", "link")
"""The order in which columns get room; the useful ones when the name has enough. What is left makes
the essential ones wider first."""


def place(width: int, available: Sequence[Column]) -> list[Placed]:
    """The columns that fit into a width, from left to right."""
    by_name = {column.name: column for column in available}
    essential, useful = ([by_name[name] for name in names] for names in (_ESSENTIAL, _USEFUL))
    widths: dict[str, int] = {}
    left = _add(essential, widths, width + GAP)
    left = _widen([by_name["name"]], widths, left)
    if len(widths) == len(essential):
        left = _add(useful, widths, left)
    _widen([by_name["planned"], *essential, *useful], widths, left)
    says = {} if "asked" in widths else {"reason": _reason_or_outcome}
    if widths.get("planned") == by_name["planned"].most:
        says["planned"] = _planned_until
    return [
        Placed(replace(column, say=says.get(column.name, column.say)), widths[column.name])
        for column in available
        if column.name in widths
    ]


def _add(group: Iterable[Column], widths: dict[str, int], left: int) -> int:
    """Give each column its least width, as far as there is room. Returns the cells left."""
    for column in group:
        if column.least + GAP > left:
            break
        widths[column.name] = column.least
        left -= column.least + GAP
    return left


def _widen(group: Iterable[Column], widths: dict[str, int], left: int) -> int:
    """Give each column that is there as much as it can use. Returns the cells left."""
    for column in group:
        if column.name in widths:
            more = min(column.most - widths[column.name], left)
            widths[column.name] += more
            left -= more
    return left


def _widest(texts: Iterable[str]) -> int:
    return max(cell_len(text) for text in texts)
