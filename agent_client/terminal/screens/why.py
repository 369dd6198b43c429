"""Why a day's figure is what it is: the strips, every stretch that is not plainly in, what was
decided about it, and the sums."""

from dataclasses import dataclass
from datetime import date, timedelta

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets.option_list import Option

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.screens.lined import Detail, LinedSheet
from agent_client.terminal.screens.page import SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.why_account import plan_rows, presence_rows, rule_rows, sum_rows
from agent_client.terminal.why_incidents import incident_rows
from agent_client.terminal.why_rows import Row, exception_rows, stretch_rows
from agent_client.terminal.widgets.plan_list import PlanList
from agent_client.terminal.widgets.why_head import WhyHead
from agent_client.terminal.wording import Wording
from protocol.wire.adherence import AdherenceDay

_NAME_CELLS = 24


class WhySheet(LinedSheet):
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
        self._rows: tuple[Row, ...] = ()

    def compose_parts(self) -> ComposeResult:
        """Head, lines, and the highlighted line in full."""
        yield SheetTitle("why.title")
        yield WhyHead()
        yield PlanList(id="why-list")
        yield Detail(id="why-detail")

    def take(self, page: AdherenceDay) -> None:
        """The day as it was told; one of another day comes too late."""
        if page.day == self.day:
            self.page, self._refusal = page, None
            self.show_again()

    def action_shift_day(self, days: int) -> None:
        """Another day; never one that is still to come."""
        wanted = self.day + timedelta(days=days)
        if wanted <= self.today:
            self.day, self.page, self._refusal = wanted, None, None
            self.post_message(self.DayWanted())
            self.show_again()

    def action_ask(self) -> None:
        """Ask for an exception of the highlighted stretch."""
        self.post_message(self.Asked(self._row()))

    def action_withdraw(self) -> None:
        """Take the highlighted exception back."""
        self.post_message(self.Withdrawn(self._row()))

    def action_decide(self) -> None:
        """Decide the highlighted exception."""
        self.post_message(self.Decided(self._row()))

    def made_of(self, view: View) -> object:
        """The day as it was told."""
        return self.page

    def show_around(self, view: View) -> None:
        """Whose day it is, and its figure."""
        for title in self.query(SheetTitle):
            title.rest = self._whose(view.words)
        for head in self.query(WhyHead):
            head.page, head.refusal = self.page, self._refusal

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

    def make_lines(self, view: View, width: int) -> None:
        """A line a stretch, and what was decided, the sums, the plan."""
        for options in self.query(PlanList):
            before = self._row()
            self._rows = _rows(view.words, self.page, width) if self.page is not None else ()
            options.set_options(
                Option(row.line, id=row.id, disabled=row.heading) for row in self._rows
            )
            open_rows = [place for place, row in enumerate(self._rows) if not row.heading]
            kept = [place for place in open_rows if before and self._rows[place].id == before.id]
            options.highlighted = next(iter([*kept, *open_rows]), None)
            options.keep_in_sight()

    def show_detail(self) -> None:
        """The highlighted line in full."""
        row = self._row()
        for detail in self.query(Detail):
            detail.lines = row.detail if row is not None else ()


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
        *incident_rows(words, page, width),
        *sum_rows(words, page),
        *plan_rows(words, page),
        *presence_rows(words, page),
        *rule_rows(words, page),
    )
