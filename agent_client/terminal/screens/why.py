"""Why a day's figure is what it is: the strips, every stretch that is not plainly in, what was
decided about it, and the sums."""

from dataclasses import dataclass
from datetime import date, timedelta

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.why_account import plan_rows, presence_rows, rule_rows, sum_rows
from agent_client.terminal.why_rows import Row, exception_rows, stretch_rows
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.plan_list import PlanList
from agent_client.terminal.widgets.why_head import WhyHead
from agent_client.terminal.wording import Wording
from protocol.wire.adherence import AdherenceDay

_SCROLLBAR = 4
_NAME_CELLS = 24


class WhySheet(Sheet[None]):
    """One person's day. ← and → go to other days, as far as the present one."""

    CSS_PATH = "why.tcss"
    AUTO_FOCUS = "PlanList"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("left", "shift_day(-1)", priority=True),
        Binding("right", "shift_day(1)", priority=True),
        ("e", "ask"),
        ("w", "withdraw"),
    ]

    @dataclass
    class Asked(Message):
        """An exception of the highlighted stretch is wanted."""

        row: Row | None

    @dataclass
    class Withdrawn(Message):
        """The highlighted exception is to be taken back."""

        row: Row | None

    @dataclass
    class Decided(Message):
        """The highlighted exception is to be decided."""

        row: Row | None

    @dataclass
    class DayWanted(Message):
        """Another day is to be shown."""

    def __init__(self, agent: str, name: str, day: date, today: date) -> None:
        super().__init__()
        self.agent = agent
        """Whose day it is."""
        self.name_known = name
        self.day = day
        self.today = today
        """The last day that there is."""
        self.page: AdherenceDay | None = None
        self._refusal: str | None = None
        self._view: View | None = None
        self._listed: object = None
        self._rows: tuple[Row, ...] = ()

    def compose_parts(self) -> ComposeResult:
        """Head, lines, and the highlighted line in full."""
        yield SheetTitle("why.title")
        yield WhyHead()
        yield PlanList(id="why-list")
        yield _Detail()

    def take(self, page: AdherenceDay) -> None:
        """The day as it was told; one of another day comes too late."""
        if page.day == self.day:
            self.page, self._refusal = page, None
            self._show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told: what is shown stays, and why is said."""
        self._refusal = why
        self._show_again()

    def action_shift_day(self, days: int) -> None:
        """Another day; never one that is still to come."""
        wanted = self.day + timedelta(days=days)
        if wanted <= self.today:
            self.day, self.page, self._refusal = wanted, None, None
            self.post_message(self.DayWanted())
            self._show_again()

    def action_ask(self) -> None:
        """Ask for an exception of the highlighted stretch."""
        self.post_message(self.Asked(self._row()))

    def action_withdraw(self) -> None:
        """Take the highlighted exception back."""
        self.post_message(self.Withdrawn(self._row()))

    def action_decide(self) -> None:
        """Decide the highlighted exception."""
        self.post_message(self.Decided(self._row()))

    def show(self, view: View) -> None:
        """The lines are made again where they may differ; the highlight stays on its line."""
        self._view = view
        width = self.size.width - _SCROLLBAR
        listed = (self.page, view.words.language, width)
        if listed != self._listed and width > 0:
            self._listed = listed
            self._list(view.words, width)
        for title in self.query(SheetTitle):
            title.rest = self._whose(view.words)
        for head in self.query(WhyHead):
            head.page, head.refusal = self.page, self._refusal
        self._show_detail()
        super().show(view)

    def on_resize(self) -> None:
        """The columns depend on the width."""
        self._show_again()

    @on(OptionList.OptionHighlighted)
    def highlighted(self) -> None:
        """Below stands what the cursor is on."""
        if self._view is not None:
            self._show_detail()
            super().show(self._view)

    def _show_again(self) -> None:
        if self._view is not None:
            self.show(self._view)

    def _whose(self, words: Wording) -> Content:
        name = cut(shown(self.name_known), _NAME_CELLS)
        weekday = words.text(f"weekday.{self.day.isoweekday()}")
        return Content.assemble(
            f"{shown(self.agent)} {name}".rstrip(), "  ", (f"{weekday} {self.day}", "bold")
        )

    def _row(self) -> Row | None:
        for options in self.query(PlanList):
            place = options.highlighted
            if place is not None:
                chosen = options.get_option_at_index(place).id
                return next((row for row in self._rows if row.id == chosen), None)
        return None

    def _list(self, words: Wording, width: int) -> None:
        for options in self.query(PlanList):
            before = self._row()
            self._rows = _rows(words, self.page, width) if self.page is not None else ()
            options.set_options(
                Option(row.line, id=row.id, disabled=row.heading) for row in self._rows
            )
            open_rows = [place for place, row in enumerate(self._rows) if not row.heading]
            kept = [place for place in open_rows if before and self._rows[place].id == before.id]
            options.highlighted = next(iter([*kept, *open_rows]), None)
            options.keep_in_sight()

    def _show_detail(self) -> None:
        for detail in self.query(_Detail):
            detail.row = self._row()


class OwnWhy(WhySheet):
    """One's own day: nobody decides about themselves."""

    HINTS = (
        ("←→", "why.other_days"),
        ("e", "why.ask"),
        ("w", "why.withdraw"),
        ("Esc", "dialog.close"),
    )


class LedWhy(WhySheet):
    """The day of somebody whom the person leads."""

    HINTS = (
        ("←→", "why.other_days"),
        ("e", "why.propose"),
        ("b", "why.decide"),
        ("w", "why.withdraw"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [("b", "decide")]  # noqa: RUF012 - Textual's own form


def _rows(words: Wording, page: AdherenceDay, width: int) -> tuple[Row, ...]:
    return (
        *stretch_rows(words, page, width),
        *exception_rows(words, page, width),
        *sum_rows(words, page),
        *plan_rows(words, page),
        *presence_rows(words, page),
        *rule_rows(words, page),
    )


class _Detail(Line):
    def __init__(self) -> None:
        super().__init__(id="why-detail")
        self.row: Row | None = None

    def paint(self, view: View) -> Content:
        return Content("\n").join(self.row.detail) if self.row is not None else Content("")
