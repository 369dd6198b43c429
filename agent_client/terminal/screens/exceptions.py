"""The queue of exceptions: what people ask for or the system proposes, to be decided by their
lead, many at once; with corrections of plans, and incidents, that wait for a second person."""

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

from agent_client.terminal.queue_rows import Case, cases, details, identity, line
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from protocol.wire.exceptions import Exceptions
from protocol.wire.incidents import IncidentRow
from protocol.wire.plan_corrections import PlanCorrectionRow

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
    WITHDRAW = "withdraw"


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

        agent: str
        name: str
        day: date

    def __init__(self, wanted: Filter, zone: str) -> None:
        super().__init__()
        self.wanted = wanted
        """Which exceptions are listed."""
        self.told: Exceptions | None = None
        """What the service told; null before."""
        self.zone = zone
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
        there = {identity(case) for case in cases(told)}
        self._ticked = {each: None for each in self._ticked if each in there}
        self._show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told: what is shown stays, and why is said."""
        self._refusal = why
        self._show_again()

    def meant(self) -> tuple[Case, ...]:
        """What a decision is about."""
        ticked = tuple(case for case in cases(self.told) if identity(case) in self._ticked)
        at_cursor = self.at_cursor()
        return ticked or ((at_cursor,) if at_cursor is not None else ())

    def untick(self, decided: frozenset[str]) -> None:
        """These are decided."""
        self._ticked = {each: None for each in self._ticked if each not in decided}
        self._show_again()

    def action_ask(self, question: str) -> None:
        """A key that opens a question."""
        self.post_message(self.Asked(Question(question)))

    def action_tick(self) -> None:
        """Mark the highlighted one, or take the mark away; then one down."""
        case = self.at_cursor()
        if case is None:
            return
        name = identity(case)
        if name in self._ticked:
            del self._ticked[name]
        else:
            self._ticked[name] = None
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
        rows, ticked = cases(self.told), tuple(self._ticked)
        listed = (rows, self.names, ticked, view.words.language, width)
        if listed != self._listed and width > 0:
            self._listed = listed
            self._list(view, width)
        for title in self.query(SheetTitle):
            title.rest = self._title(view)
        for instead in self.query(_Instead):
            instead.refusal, instead.told = self._refusal, self.told
            instead.open_only = self.wanted.open_only
            instead.display = not cases(self.told)
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
        """Enter or a click explains the day; of an incident there is no one person's."""
        event.stop()
        case = self.at_cursor()
        if case is not None and not isinstance(case, IncidentRow):
            first = case.days[0] if isinstance(case, PlanCorrectionRow) else case
            name = self.names.get(first.agent, "")
            self.post_message(self.Opened(first.agent, name, first.day))

    def at_cursor(self) -> Case | None:
        """The highlighted one; null where the list is empty."""
        for options in self.query("#queue-list").results(OptionList):
            if options.highlighted is not None:
                return cases(self.told)[options.highlighted]
        return None

    def _list(self, view: View, width: int) -> None:
        rows = cases(self.told)
        for options in self.query("#queue-list").results(OptionList):
            before = options.highlighted or 0
            kept = options.get_option_at_index(before).id if options.option_count else None
            options.set_options(self._option(view, row, width) for row in rows)
            ids = [identity(row) for row in rows]
            place = ids.index(kept) if kept in ids else min(before, len(ids) - 1)
            options.highlighted = place if ids else None
            options.display = bool(ids)

    def _option(self, view: View, case: Case, width: int) -> Option:
        name = identity(case)
        text = line(view.words, case, self.names, self.zone, name in self._ticked, width)
        return Option(text, id=name)

    def _title(self, view: View) -> Content:
        words, wanted = view.words, self.wanted
        parts = [
            words.text("queue.open_only" if wanted.open_only else "queue.all"),
            f"{wanted.first_day:%m-%d} – {wanted.last_day:%m-%d}",
        ]
        if self.told is not None:
            parts.append(words.text("queue.count", count=len(cases(self.told))))
            if self.told.left_off:
                parts.append(words.text("queue.left_off", count=self.told.left_off))
        if self._ticked:
            parts.append(words.text("roster.ticked", count=len(self._ticked)))
        if self._refusal is not None and self.told is not None:
            parts.append(f"! {self._refusal}")
        return Content(" · ".join(parts))

    def _show_detail(self) -> None:
        for detail in self.query(_Detail):
            case = self.at_cursor()
            detail.display = case is not None
            detail.case, detail.names, detail.zone = case, self.names, self.zone

    def _show_again(self) -> None:
        if self._view is not None:
            self.show(self._view)


class SiteExceptions(ExceptionsSheet):
    """For who has the whole site: what each lead has decided, and faults of the organisation."""

    HINTS = (
        *_DECIDING,
        ("s", "queue.shares"),
        ("n", "queue.incident"),
        ("w", "queue.withdraw"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("s", "ask('shares')"),
        Binding("n", "ask('incident')"),
        Binding("w", "ask('withdraw')"),
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
        self.case: Case | None = None
        self.names: Mapping[str, str] = {}
        self.zone = "UTC"

    def paint(self, view: View) -> Content:
        if self.case is None:
            return Content("")
        return Content("\n").join(details(view.words, self.case, self.names, self.zone))
