"""What stands around a week grid: its days above, heads and half hours below, and the cell under
the cursor in full."""

from collections.abc import Sequence
from datetime import date

from textual.content import Content

from agent_client.terminal.cells import cut, fit, shown
from agent_client.terminal.plan_difference import difference
from agent_client.terminal.roster_coverage import ENOUGH, Coverage, strip, tightest
from agent_client.terminal.roster_selection import Selection
from agent_client.terminal.roster_week import Place, Week
from agent_client.terminal.roster_words import (
    about_day,
    finding_mark,
    finding_text,
    origin,
    who,
    whole,
)
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_grid import MARGIN, WAITING, Columns, RosterGrid
from agent_client.terminal.wording import Wording
from protocol.wire.roster import Finding, Roster

_TODAY = "▸"
_WIDE_STRIP = 140
_LEGEND_GAP = 3


class RosterDays(Line):
    """The days, today marked, and below them what is no ordinary day of its week."""

    def __init__(self, grid: RosterGrid) -> None:
        super().__init__(id="roster-days")
        self._grid = grid
        self.week: Week | None = None
        self.today: date | None = None

    def paint(self, view: View) -> Content:
        if self.week is None:
            return Content("")
        columns = self._grid.columns
        lines = [
            Content(" " * columns.before_days)
            + Content("").join(make(view.words, day, columns.day) for day in self.week.days)
            for make in (self._day, self._holiday)
        ]
        return Content("\n").join(lines)

    def _day(self, words: Wording, day: date, width: int) -> Content:
        today = day == self.today
        text = f"{words.text(f'weekday.{day.isoweekday()}')} {day:%d}"
        style = "bold $key" if today else "bold" if day.isoweekday() < 6 else "$quiet"
        return Content.styled(fit(f"{_TODAY if today else ' '}{text}", width), style)

    def _holiday(self, words: Wording, day: date, width: int) -> Content:
        holiday = self.week.holiday(day) if self.week is not None else None
        if holiday is None:
            return Content(" " * width)
        key = "roster.holiday" if holiday.off else "roster.make_up"
        text = cut(words.text(key, name=shown(holiday.name)), width - 1)
        return Content.styled(fit(text, width), "$warning" if holiday.off else "$key")


class RosterHeads(Line):
    """Of each day with a requirement, planned and required heads at its tightest half hour."""

    def __init__(self, grid: RosterGrid) -> None:
        super().__init__(id="roster-heads")
        self._grid = grid
        self.week: Week | None = None
        self.coverage: Coverage = {}

    def paint(self, view: View) -> Content:
        if self.week is None:
            return Content("")
        columns = self._grid.columns
        parts = [_label(view.words.text("roster.heads"), columns)]
        parts += [self._day(day, columns.day) for day in self.week.days]
        return Content("").join(parts)

    def _day(self, day: date, width: int) -> Content:
        found = tightest(self.coverage.get(day, ()))
        if found is None:
            return Content(" " * width)
        mark = "!" if found.short else ""
        text = fit(f" {found.planned}/{found.required}{mark}", width)
        return Content.styled(text, "bold $warning" if found.short else "$quiet")


class RosterStrip(Line):
    """The half hours of the day under the cursor: how many heads are lacking in which."""

    def __init__(self, grid: RosterGrid, selection: Selection) -> None:
        super().__init__(id="roster-strip")
        self._grid = grid
        self._selection = selection
        self.coverage: Coverage = {}
        self.zone = "UTC"

    def paint(self, view: View) -> Content:
        if self._selection.cursor is None:
            return Content("")
        columns, day = self._grid.columns, self._selection.cursor[1]
        made = strip(self.coverage.get(day, ()), self.zone)
        name = f"{view.words.text(f'weekday.{day.isoweekday()}')} {day:%m-%d}"
        if made is None:
            none = Content.styled(f" {view.words.text('roster.none_required')}", "$quiet")
            return Content.assemble(_label(name, columns), none, "\n")
        size = 2 if self.size.width >= _WIDE_STRIP else 1
        hours = range(made.first_hour, made.first_hour + (len(made.marks) + 1) // 2, 2)
        ruler = "".join(f"{hour:02}".ljust(4 * size) for hour in hours)
        marks = Content("").join(
            Content.styled(mark * size, "$quiet" if mark in (ENOUGH, " ") else "bold $warning")
            for mark in made.marks
        )
        room = self.size.width - columns.before_days - len(made.marks) * size - _LEGEND_GAP - 1
        legend = cut(view.words.text("roster.legend"), room) if room > _LEGEND_GAP else ""
        return Content.assemble(
            _label(name, columns),
            (f" {ruler}\n", "$quiet"),
            _label(view.words.text("roster.lacking"), columns),
            " ",
            marks,
            (f"{' ' * _LEGEND_GAP}{legend}", "$quiet"),
        )


class RosterDetail(Line):
    """The cell under the cursor in full, what of it is only drafted or proposed, and what was
    found."""

    def __init__(self, selection: Selection) -> None:
        super().__init__(id="roster-detail")
        self._selection = selection
        self.week: Week | None = None
        self.findings: Sequence[Finding] = ()

    def paint(self, view: View) -> Content:
        place, week, words = self._selection.cursor, self.week, view.words
        if place is None or week is None or week.roster is None:
            return Content("")
        plan = week.plan(place)
        lines = [
            Content.assemble(
                (about_day(words, week, place), "bold"), f" · {whole(words, week.roster, plan)}"
            )
        ]
        lines += [_otherwise(words, week, week.roster, place), self._found(words)]
        width = self.size.width
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)

    def _found(self, words: Wording) -> Content:
        """How many cells an edit is about, and what is wrong with the one under the cursor."""
        parts = []
        if self._selection.ticked:
            parts.append(words.text("roster.ticked", count=len(self._selection.ticked)))
        parts += [
            f"{finding_mark(each.severity)} {finding_text(words, each)}"
            for each in self.findings
            if (each.agent, each.day) == self._selection.cursor
        ]
        return Content.styled("   ".join(parts), "bold $warning")


def _otherwise(words: Wording, week: Week, roster: Roster, place: Place) -> Content:
    """What is proposed or drafted in place of what is in force; without, where that is from."""
    published = week.published(place)
    proposed, parts = week.proposed(place), []
    if proposed is not None:
        before = published.segments if published is not None else ()
        change = difference(words, before, proposed.segments, roster.zone)
        by = who(week, proposed.actor)
        parts.append(f"{WAITING} {words.text('roster.proposed', change=change, who=by)}")
    if week.is_draft(place):
        parts.append(words.text("roster.drafted", before=whole(words, roster, published)))
    if parts:
        return Content.styled("   ".join(parts), "$warning")
    made = origin(words, published, roster.zone) if published is not None else ""
    return Content.styled(made, "$quiet")


def _label(text: str, columns: Columns) -> Content:
    return Content.styled(" " * MARGIN + fit(cut(text, columns.name - 1), columns.name), "$quiet")
