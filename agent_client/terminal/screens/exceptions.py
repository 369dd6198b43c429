"""The queue of exceptions: what people ask for or the system proposes, to be decided by their
lead, many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.exception_rows import details, line
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from protocol.wire.exceptions import ExceptionRow, Exceptions

_SCROLLBAR = 4
_DAYS_BACK = 60
_DECIDING = (
    ("␣", "roster.tick"),
    ("a", "queue.approve"),
    ("r", "queue.reject"),
    ("⏎", "queue.open"),
    ("f", "queue.filter"),
)
"""Keys of whoever leads."""


@dataclass(frozen=True)
class Filter:
    """Which exceptions are listed."""

    first_day: date
    last_day: date
    open_only: bool = True


class Question(StrEnum):
    """What a key of the queue asks before anything is sent."""

    APPROVE = "approve"
    REJECT = "reject"
    FILTER = "filter"
    SHARES = "shares"
    INCIDENT = "incident"


def recent(today: date) -> Filter:
    """What is open, of two months."""
    return Filter(today - timedelta(days=_DAYS_BACK), today)


class ExceptionsSheet(Sheet[None]):
    """Space ticks; a decision is about all that is ticked, else about the highlighted one."""

    CSS_PATH = "exceptions.tcss"
    AUTO_FOCUS = "OptionList"
    HINTS: ClassVar[Sequence[tuple[str, str]]] = (*_DECIDING, ("Esc", "dialog.close"))
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("space", "tick"),
        Binding("a", "ask('approve')"),
        Binding("r", "ask('reject')"),
        Binding("f", "ask('filter')"),
    ]

    @dataclass
    class Asked(Message):
        """A key that asks first."""

        question: Question

    @dataclass
    class Opened(Message):
        """That day is to be explained."""

        row: ExceptionRow
        name: str

    def __init__(self, wanted: Filter, zone: str) -> None:
        super().__init__()
        self.wanted = wanted
        """Which exceptions are listed."""
        self.told: Exceptions | None = None
        """What the service told; null before."""
        self._zone = zone
        self._ticked: dict[str, None] = {}
        self._refusal: str | None = None
        self._view: View | None = None
        self._listed: object = None

    def compose_parts(self) -> ComposeResult:
        """Which are listed, the list, the highlighted one in full."""
        yield SheetTitle("action.exceptions")
        yield OptionList(markup=False, compact=True, id="queue-list")
        yield _Instead()
        yield _Detail()

    @property
    def names(self) -> Mapping[str, str]:
        """Of the people in it, by staff number."""
        return self.told.names if self.told is not None else {}

    def take(self, told: Exceptions) -> None:
        """The queue as the service has it. What is not in it is not ticked any more."""
        self.told, self._refusal = told, None
        there = {row.exception for row in told.rows}
        self._ticked = {each: None for each in self._ticked if each in there}
        self._show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told: what is shown stays, and why is said."""
        self._refusal = why
        self._show_again()

    def meant(self) -> tuple[ExceptionRow, ...]:
        """What a decision is about."""
        rows = self.told.rows if self.told is not None else ()
        ticked = tuple(row for row in rows if row.exception in self._ticked)
        at_cursor = self._row()
        return ticked or ((at_cursor,) if at_cursor is not None else ())

    def untick(self, exceptions: frozenset[str]) -> None:
        """These are decided."""
        self._ticked = {each: None for each in self._ticked if each not in exceptions}
        self._show_again()

    def action_ask(self, question: str) -> None:
        """A key that opens a question."""
        self.post_message(self.Asked(Question(question)))

    def action_tick(self) -> None:
        """Mark the highlighted one, or take the mark away; then one down."""
        row = self._row()
        if row is None:
            return
        if row.exception in self._ticked:
            del self._ticked[row.exception]
        else:
            self._ticked[row.exception] = None
        self._show_again()
        self.query_one(OptionList).action_cursor_down()

    def action_close(self) -> None:
        """First nothing is ticked any more, then the sheet is left."""
        if self._ticked:
            self._ticked = {}
            self._show_again()
        else:
            self.dismiss(None)

    def show(self, view: View) -> None:
        """The lines are made again where they may differ; the highlight stays on its line."""
        self._view = view
        width = self.size.width - _SCROLLBAR
        listed = (self.told, tuple(self._ticked), view.words.language, width)
        if listed != self._listed and width > 0:
            self._listed = listed
            self._list(view, width)
        for title in self.query(SheetTitle):
            title.rest = self._title(view)
        for instead in self.query(_Instead):
            instead.refusal, instead.told = self._refusal, self.told
            instead.open_only = self.wanted.open_only
            instead.display = self.told is None or not self.told.rows
        self._show_detail()
        super().show(view)

    def on_resize(self) -> None:
        """The columns depend on the width."""
        self._show_again()

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Below stands the one that the cursor is on."""
        if self._view is not None:
            self._show_detail()
            super().show(self._view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click explains the day."""
        event.stop()
        if (row := self._row()) is not None:
            self.post_message(self.Opened(row, self.names.get(row.agent, "")))

    def _row(self) -> ExceptionRow | None:
        for options in self.query("#queue-list").results(OptionList):
            place = options.highlighted
            if place is not None and self.told is not None:
                return self.told.rows[place]
        return None

    def _list(self, view: View, width: int) -> None:
        rows = self.told.rows if self.told is not None else ()
        for options in self.query("#queue-list").results(OptionList):
            before = options.highlighted or 0
            kept = options.get_option_at_index(before).id if options.option_count else None
            options.set_options(self._option(view, row, width) for row in rows)
            ids = [row.exception for row in rows]
            place = ids.index(kept) if kept in ids else min(before, len(ids) - 1)
            options.highlighted = place if ids else None
            options.display = bool(ids)

    def _option(self, view: View, row: ExceptionRow, width: int) -> Option:
        ticked = row.exception in self._ticked
        text = line(view.words, row, self.names, self._zone, ticked, width)
        return Option(text, id=row.exception)

    def _title(self, view: View) -> Content:
        words, wanted = view.words, self.wanted
        parts = [
            words.text("queue.open_only" if wanted.open_only else "queue.all"),
            f"{wanted.first_day:%m-%d} – {wanted.last_day:%m-%d}",
        ]
        if self.told is not None:
            parts.append(words.text("queue.count", count=len(self.told.rows)))
            if self.told.left_off:
                parts.append(words.text("queue.left_off", count=self.told.left_off))
        if self._ticked:
            parts.append(words.text("roster.ticked", count=len(self._ticked)))
        if self._refusal is not None and self.told is not None:
            parts.append(f"! {self._refusal}")
        return Content(" · ".join(parts))

    def _show_detail(self) -> None:
        for detail in self.query(_Detail):
            row = self._row()
            detail.display = row is not None
            detail.row, detail.names, detail.zone = row, self.names, self._zone

    def _show_again(self) -> None:
        if self._view is not None:
            self.show(self._view)


class SiteExceptions(ExceptionsSheet):
    """For who has the whole site: what each lead has decided, and faults of the organisation."""

    HINTS = (
        *_DECIDING,
        ("s", "queue.shares"),
        ("n", "queue.incident"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("s", "ask('shares')"),
        Binding("n", "ask('incident')"),
    ]


class _Instead(Line):
    """In the place of lines, why there are none."""

    def __init__(self) -> None:
        super().__init__(id="queue-instead")
        self.refusal: str | None = None
        self.told: Exceptions | None = None
        self.open_only = True

    def paint(self, view: View) -> Content:
        if self.told is None:
            return Content(self.refusal or view.words.text("queue.asking"))
        return Content(view.words.text("queue.none_open" if self.open_only else "queue.none"))


class _Detail(Line):
    def __init__(self) -> None:
        super().__init__(id="queue-detail")
        self.row: ExceptionRow | None = None
        self.names: Mapping[str, str] = {}
        self.zone = "UTC"

    def paint(self, view: View) -> Content:
        if self.row is None:
            return Content("")
        return Content("\n").join(details(view.words, self.row, self.names, self.zone))
