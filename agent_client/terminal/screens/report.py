"""A report: a table of one statistic over some business dates."""

from dataclasses import dataclass, replace

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.report_grid import Grid
from agent_client.terminal.report_span import Span, SpanKind, shifted
from agent_client.terminal.report_table import (
    about,
    by_months,
    figure_named,
    has_months,
    provisional_days,
    report_table,
    unnamed,
    up_to,
)
from agent_client.terminal.screens.report_sheet import GridSheet
from agent_client.terminal.view import View
from agent_client.terminal.widgets.key_bar import KeyBar
from agent_client.terminal.wording import Wording
from protocol.wire.report import SINGLE_CASES, GetReport, Report

REPORTS = (
    "adherence",
    "conformance",
    "attendance",
    "overtime",
    "fatigue",
    "exceptions",
    "agent_exceptions",
    "adjustments",
)
OWN_REPORTS = (
    "adherence",
    "conformance",
    "attendance",
    "overtime",
    "fatigue",
    "agent_exceptions",
)
"""Those of one person, which everybody may have of themselves."""


@dataclass(frozen=True)
class Asked:
    """Which report of whom."""

    name: str
    span: Span
    team: str = ""
    """Empty: all whom the person leads."""
    agent: str = ""
    by_team: bool = False
    """A row a team."""

    def message(self, language: str = "") -> GetReport:
        """What asks the service for it; with a language, also for a workbook."""
        return GetReport(
            0,
            self.name,
            self.span.first,
            self.span.last,
            self.team,
            self.agent,
            bool(language),
            language or "en",
            self.by_team,
        )


class ReportSheet(GridSheet[Report]):
    """← and → move the columns, `,` and `.` go to the span before and after."""

    NAMED = "action.reports"
    HINTS = (
        ("n", "report.choose"),
        (", .", "report.span"),
        ("←→", "report.columns"),
        ("v", "report.by_months"),
        ("g", "report.by_team"),
        ("x", "report.save"),
        ("m", "report.attendance"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("n", "want('choose')"),
        ("x", "want('save')"),
        ("m", "want('attendance')"),
        ("v", "months"),
        ("g", "teams"),
        ("comma", "span(-1)"),
        ("full_stop", "span(1)"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened: `choose`, `save` or `attendance`."""

        what: str

    class Reread(Message):
        """Another report is asked for."""

    class NotMonthly(Message):
        """Columns of months were wanted where there are none."""

    class NotGrouped(Message):
        """Rows of teams were wanted of a list of single cases."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self._monthly = False

    def show(self, view: View) -> None:
        """With the keys that do something in this report."""
        idle = self.idle_keys()
        for keys in self.query(KeyBar):
            keys.hint([hint for hint in self.HINTS if hint[0] not in idle])
        super().show(view)

    def idle_keys(self) -> frozenset[str]:
        """Those that do nothing now."""
        monthly = self.told is not None and has_months(self.told)
        idle = {"v": not monthly, "g": self.asked.name in SINGLE_CASES}
        return frozenset(key for key, nothing in idle.items() if nothing)

    def ask(self, asked: Asked) -> None:
        """Another one."""
        if asked != self.asked:
            self.asked, self._monthly = asked, False
            self.forget()
        self.post_message(self.Reread())

    def action_want(self, what: str) -> None:
        """Open something."""
        self.post_message(self.Wanted(what))

    def action_span(self, steps: int) -> None:
        """The span before or after."""
        try:
            span = shifted(self.asked.span, steps)
        except (OverflowError, ValueError):  # the end of the calendar
            return
        self.ask(replace(self.asked, span=span))

    def action_months(self) -> None:
        """A column a month, or the whole table."""
        if self._view is None or self.told is None:
            return
        if by_months(self._view.words, self.told) is None:
            self.post_message(self.NotMonthly())
        else:
            self._monthly = not self._monthly
            self.show_again()

    def action_teams(self) -> None:
        """A row a team, or a person."""
        if self.asked.name in SINGLE_CASES:
            self.post_message(self.NotGrouped())
        else:
            self.ask(replace(self.asked, by_team=not self.asked.by_team))

    def version(self) -> object:
        """Columns of months or not."""
        return self._monthly

    def grid(self, view: View, told: Report) -> Grid:
        """The table."""
        zone = view.status.zone if view.status is not None else "UTC"
        monthly = by_months(view.words, told) if self._monthly else None
        return monthly or report_table(view.words, told, zone)

    def nothing(self, view: View) -> str:
        """No rows."""
        return view.words.text("report.none")

    def beside(self, view: View) -> Content:
        """Which one, of when and of whom."""
        words = view.words
        name = words.text(f"report_name.{self.asked.name}")
        parts = [said_span(words, self.asked.span), said_whose(words, self.asked)]
        if self.asked.by_team:
            parts.append(words.text("report.by_team"))
        if self._monthly and self.told is not None:
            parts.append(figure_named(words, self.told))
        return Content.assemble((name, "bold"), "  ", "  ·  ".join(parts))

    def foot(self, view: View, told: Report) -> Content:
        """What is left out of the sums, and by which rules they are made."""
        words, lines = view.words, []
        if told.provisional:
            lines.append(Content.styled(words.text("report.provisional"), "bold $warning"))
        row = self.cursor
        if row is not None and not self._monthly:
            days = provisional_days(told, told.rows[row])
            if days:
                key = "report.row_up_to" if up_to(told, told.rows[row]) else "report.row_unknown"
                whose, best = about(told, told.rows[row]), up_to(told, told.rows[row])
                lines.append(Content(words.text(key, whose=whose, count=days, best=best)))
        if told.left_off:
            lines.append(Content(words.text("listing.left_off", count=told.left_off)))
        if told.rule_versions:
            versions = words.text("comma").join(map(shown, told.rule_versions))
            lines.append(Content.styled(words.text("report.rules", versions=versions), "$quiet"))
        return Content("\n").join(lines)


class OwnReportSheet(ReportSheet):
    """The same figures of oneself alone: nobody else, no teams, and nothing to sign."""

    NAMED = "action.own_month"

    def idle_keys(self) -> frozenset[str]:
        """Also those that are about others."""
        return super().idle_keys() | {"g", "m"}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Likewise."""
        return action != "teams" and parameters != ("attendance",)

    def grid(self, view: View, told: Report) -> Grid:
        """The figures, to be seen at once."""
        return super().grid(view, unnamed(told))


def said_span(words: Wording, span: Span) -> str:
    """`2026-11`, or the first day and the last."""
    if span.kind is SpanKind.MONTH and span.months == 1:
        return f"{span.first:%Y-%m}"
    return words.text("report.from_to", first=span.first, last=span.last)


def said_whose(words: Wording, asked: Asked) -> str:
    """One person, a team, or all whom one leads."""
    if asked.agent:
        return words.text("report.of_agent", agent=shown(asked.agent))
    if asked.team:
        return words.text("report.of_team", team=shown(asked.team))
    return words.text("report.of_all")
