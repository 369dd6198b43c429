"""The week grid: a row a person, a column a day, and what an edit of it is about."""

from collections import deque
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.roster_coverage import Coverage, by_day
from agent_client.terminal.roster_edit import Edit, Unkept
from agent_client.terminal.roster_selection import Selection
from agent_client.terminal.roster_week import DAYS, Place, Week, draft_days, monday_of
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_grid import WAITING, RosterGrid, Shown
from agent_client.terminal.widgets.roster_lines import (
    RosterDays,
    RosterDetail,
    RosterHeads,
    RosterStrip,
)
from protocol.wire.roster import DraftRoster, Roster, RosterChecked, Severity


class Question(StrEnum):
    """What a key of the grid asks before anything is sent."""

    PATTERN = "pattern"
    TIMES = "times"
    ROTATION = "rotation"
    CHECK = "check"
    PUBLISH = "publish"
    TEAM = "team"
    SWAP = "swap"


class RosterSheet(Sheet[None]):
    """Shows what the service has on its disk: an edit shows once it is kept there."""

    CSS_PATH = "roster.tcss"
    AUTO_FOCUS = "RosterGrid"
    HINTS = (
        ("⏎", "roster.pattern"),
        ("e", "roster.times"),
        ("-", "roster.off_key"),
        ("␣", "roster.tick"),
        ("r", "roster.rotation"),
        ("x", "roster.swap"),
        ("u", "roster.undo"),
        ("[ ]", "roster.weeks"),
        ("c", "roster.check"),
        ("p", "roster.publish"),
        ("g", "roster.other_team"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("enter", "ask('pattern')"),
        Binding("e", "ask('times')"),
        Binding("r", "ask('rotation')"),
        Binding("x", "ask('swap')"),
        Binding("c", "ask('check')"),
        Binding("p", "ask('publish')"),
        Binding("g", "ask('team')"),
        Binding("n", "list_unkept"),
        Binding("minus", "draft('-')"),
        Binding("u,backspace", "draft('')"),
        Binding("space", "tick"),
        Binding("left_square_bracket", "shift_week(-1)"),
        Binding("right_square_bracket", "shift_week(1)"),
    ]

    @dataclass
    class Wanted(Message):
        """Another week, or another team's, is to be shown."""

    @dataclass
    class Edited(Message):
        """This is to be kept."""

        sheet: "RosterSheet"
        edit: Edit

    @dataclass
    class UnkeptWanted(Message):
        """What was not kept is to be listed."""

        sheet: "RosterSheet"

    @dataclass
    class Asked(Message):
        """A key that asks first."""

        question: Question

    def __init__(self, today: date, team: str) -> None:
        super().__init__()
        self.today = today
        self.team = team
        """Whose roster; empty: all whom the person leads."""
        self.week = Week(monday_of(today))
        self.selection = Selection(today)
        self.checked: RosterChecked | None = None
        """What would come of publishing the week; null before it was told."""
        self.edits: deque[Edit] = deque()
        """What is not sent yet."""
        self.sending = False
        self.unkept: list[Unkept] = []
        """What was refused and not mended yet."""
        self.typed = 0
        """How many keys were pressed on the grid."""
        self._coverage: Coverage = {}
        self._refusal: str | None = None
        self._view: View | None = None
        self._grid = RosterGrid(self.selection)

    def compose_parts(self) -> ComposeResult:
        """Days above the grid; heads, half hours and the cell under the cursor below it."""
        yield SheetTitle("action.roster")
        yield RosterDays(self._grid)
        yield self._grid
        yield _Instead()
        yield RosterHeads(self._grid)
        yield RosterStrip(self._grid, self.selection)
        yield RosterDetail(self.selection)

    def take(self, roster: Roster) -> None:
        """The week as the service has it."""
        self._refusal = None
        self.week = Week(self.week.monday, roster)
        self.selection.keep_within(self.week)
        self._show_again()
        self._grid.show_selection()

    def take_check(self, checked: RosterChecked | None) -> None:
        """Findings and coverage; null where there are none to be had."""
        self.checked = checked
        zone = self.week.roster.zone if self.week.roster is not None else "UTC"
        self._coverage = by_day(checked.coverage, zone) if checked is not None else {}
        self._show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told: what is shown stays, and why is said."""
        self._refusal = why
        self._show_again()

    def open_team(self, team: str) -> None:
        """Another team's roster."""
        self.team = team
        self.week = Week(self.week.monday)
        self._open_week(self.week.monday)

    def go_to(self, agent: str, day: date) -> None:
        """The cursor goes to a cell, also of another week."""
        self.selection.untick()
        self.selection.go_to(agent, day)
        if monday_of(day) != self.week.monday:
            self._open_week(monday_of(day))
        self._grid.show_selection()
        self._show_again()

    def places(self) -> tuple[Place, ...]:
        """What an edit is about."""
        return self.selection.places(self.week)

    def action_ask(self, question: str) -> None:
        """A key that opens a question."""
        self.post_message(self.Asked(Question(question)))

    def action_draft(self, pattern: str) -> None:
        """A day off, or no draft, for all that is meant."""
        self.draft(pattern)

    def draft(self, pattern: str) -> None:
        """A pattern for all that is meant; an empty one drops what is drafted."""
        if places := self.places():
            self.keep(DraftRoster(0, draft_days(places, pattern)))

    def keep(self, draft: DraftRoster) -> None:
        """Have an edit kept."""
        self.post_message(self.Edited(self, Edit(self.week, draft, self.typed)))

    def action_list_unkept(self) -> None:
        """What was not kept, and why."""
        self.post_message(self.UnkeptWanted(self))

    def action_tick(self) -> None:
        """Mark the cell, or take the mark away."""
        self.selection.tick()
        self._moved()

    def action_shift_week(self, weeks: int) -> None:
        """The week before or after."""
        self._open_week(self.week.monday + timedelta(days=weeks * DAYS))

    def action_close(self) -> None:
        """First nothing is ticked any more, then the sheet is left."""
        if self.selection.untick():
            self._moved()
        else:
            self.dismiss(None)

    def show(self, view: View) -> None:
        """Everything follows what the service told last."""
        self._view = view
        week, coverage = self.week, self._coverage
        zone = week.roster.zone if week.roster is not None else "UTC"
        self._grid.show(Shown(view.words, week, self.selection, self._severities()))
        for days in self.query(RosterDays):
            days.week, days.today = week, self.today
        for heads in self.query(RosterHeads):
            heads.week, heads.coverage = week, coverage
            heads.display = bool(coverage)
        for strip in self.query(RosterStrip):
            strip.coverage, strip.zone = coverage, zone
            strip.display = bool(coverage)
        for detail in self.query(RosterDetail):
            detail.week = week
            detail.findings = self.checked.findings if self.checked is not None else ()
        for instead in self.query(_Instead):
            instead.refusal, instead.told = self._refusal, week.roster is not None
            instead.display = not week.agents
        for title in self.query(SheetTitle):
            title.rest = self._title(view)
        super().show(view)

    def on_resize(self) -> None:
        """What stands around the grid follows its columns."""
        self.call_after_refresh(self._show_again)

    @on(RosterGrid.Moved)
    def _moved(self) -> None:
        self._grid.show_selection()
        self._show_again()

    def _open_week(self, monday: date) -> None:
        self.week = Week(monday, people=self.week.people)
        self.selection.keep_within(self.week)
        self.checked, self._coverage = None, {}
        self.post_message(self.Wanted())
        self._show_again()

    def _severities(self) -> dict[Place, Severity]:
        """The gravest are told first."""
        found: dict[Place, Severity] = {}
        for each in self.checked.findings if self.checked is not None else ():
            found.setdefault((each.agent, each.day), each.severity)
        return found

    def _title(self, view: View) -> Content:
        words, week = view.words, self.week
        team = shown(self.team) or words.text("roster.whole")
        parts = [f"{week.monday:%Y-%m-%d} – {week.last_day:%m-%d}"]
        if self.unkept:
            parts.append(words.text("roster.unkept", count=len(self.unkept)))
        if week.undecided:
            parts.append(f"{WAITING} {words.text('roster.undecided', count=week.undecided)}")
        parts.append(team)
        if week.drafts:
            parts.append(words.text("roster.drafts", count=week.drafts))
        if self.sending:
            parts.append(words.text("roster.sending"))
        elif self._refusal is not None and week.agents:
            parts.append(f"! {self._refusal}")
        return Content(" · ".join(parts))

    def _show_again(self) -> None:
        if self._view is not None:
            self.show(self._view)


class _Instead(Line):
    """In the place of rows, why there are none."""

    def __init__(self) -> None:
        super().__init__(id="roster-instead")
        self.refusal: str | None = None
        self.told = False

    def paint(self, view: View) -> Content:
        words = view.words
        return Content(self.refusal or words.text("roster.empty" if self.told else "roster.asking"))
