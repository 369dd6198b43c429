"""A month of attendance: a row a person, the leader's signature, the lock."""

from dataclasses import dataclass
from datetime import date

from textual import on
from textual.content import Content
from textual.message import Message

from agent_client.terminal.attendance_month import PersonMonth, month_grid, people
from agent_client.terminal.cells import shown
from agent_client.terminal.report_grid import Grid
from agent_client.terminal.report_span import month_around, named_month, shifted
from agent_client.terminal.request_words import said_moment
from agent_client.terminal.screens.report_sheet import GridSheet
from agent_client.terminal.view import View
from agent_client.terminal.widgets.report_grid import ReportGrid
from protocol.wire.attendance import AttendanceMonth


class AttendanceSheet(GridSheet[AttendanceMonth]):
    """`,` and `.` go to the month before and after."""

    NAMED = "attendance_month.title"
    HINTS = (
        ("⏎", "attendance_month.days"),
        (", .", "attendance_month.months"),
        ("←→", "report.columns"),
        ("t", "attendance_month.team"),
        ("s", "attendance_month.sign"),
        ("l", "attendance_month.lock"),
        ("Esc", "dialog.close"),
    )
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("t", "want('team')"),
        ("s", "want('sign')"),
        ("l", "want('lock')"),
        ("comma", "span(-1)"),
        ("full_stop", "span(1)"),
    ]

    @dataclass
    class Wanted(Message):
        """Something is to be opened: `team`, `sign`, `lock` or `days`."""

        what: str

    class Reread(Message):
        """Another month or team is asked for."""

    def __init__(self, day: date, team: str) -> None:
        super().__init__()
        self._span = month_around(day)
        self.team = team
        """Empty: the one that the service takes for the person's."""

    @property
    def month(self) -> str:
        """As the service names it."""
        return named_month(self._span.first)

    def person(self) -> PersonMonth | None:
        """Whose row the cursor is on."""
        if self.told is None or self.cursor is None:
            return None
        return people(self.told.rows)[self.cursor]

    def choose_team(self, team: str) -> None:
        """Another team."""
        self.team = team
        self._ask()

    def action_want(self, what: str) -> None:
        """Open something."""
        self.post_message(self.Wanted(what))

    def action_span(self, steps: int) -> None:
        """The month before or after."""
        self._span = shifted(self._span, steps)
        self._ask()

    @on(ReportGrid.Chosen)
    def chosen(self) -> None:
        """The days of the person that the cursor is on."""
        self.post_message(self.Wanted("days"))

    def grid(self, view: View, told: AttendanceMonth) -> Grid:
        """The table."""
        return month_grid(view.words, told)

    def nothing(self, view: View) -> str:
        """No rows."""
        return view.words.text("attendance_month.none")

    def beside(self, view: View) -> Content:
        """Which month of which team, and whether it is final."""
        told = self.told
        team = told.team if told is not None else self.team
        named = view.words.text("report.of_team", team=shown(team)) if team else ""
        final = told is not None and told.locked
        mark = f"  ■ {view.words.text('attendance_month.locked')}" if final else ""
        return Content.assemble((self.month, "bold"), f"  {named}", (mark, "bold"))

    def foot(self, view: View, told: AttendanceMonth) -> Content:
        """Who has signed it, and whether it is the same since."""
        words = view.words
        lines = [Content(words.text("attendance_month.unsigned"))]
        if told.signed_by and told.signed_ms is not None:
            zone = view.status.zone if view.status is not None else "UTC"
            at = said_moment(view, told.signed_ms, zone)
            who = shown(told.signed_by)
            lines = [Content(f"✓ {words.text('attendance_month.signed', who=who, at=at)}")]
            if told.signed_digest != told.digest:
                changed = words.text("attendance_month.changed")
                lines.append(Content.styled(f"! {changed}", "bold $warning"))
        if told.left_off:
            lines.append(Content(words.text("listing.left_off", count=told.left_off)))
        if told.signed_text:
            remark = shown(told.signed_text)
            lines.append(Content(words.text("attendance_month.remark", text=remark)))
        return Content("\n").join(lines)

    def _ask(self) -> None:
        self.forget()
        self.post_message(self.Reread())
