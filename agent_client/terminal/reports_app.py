"""Reports, and the month of attendance."""

import asyncio
from pathlib import Path

from textual import on, work

from agent_client.terminal.form_app import FormApp
from agent_client.terminal.report_file import save
from agent_client.terminal.report_span import month_around
from agent_client.terminal.screens.attendance import AttendanceSheet
from agent_client.terminal.screens.attendance_days import DaysSheet
from agent_client.terminal.screens.attendance_record import PresenceForm, SubstituteForm
from agent_client.terminal.screens.attendance_sign import LockForm, SignForm
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.report import REPORTS, Asked, OwnReportSheet, ReportSheet
from agent_client.terminal.screens.report_choose import ReportForm
from agent_client.terminal.screens.report_save import SaveForm, file_name
from agent_client.terminal.screens.report_team import TeamForm
from protocol.wire.attendance import AttendanceMonth, AttendanceRecorded, GetAttendance
from protocol.wire.errors import Refused
from protocol.wire.exams import ExamStatistics
from protocol.wire.relayed import RelayedAnswer
from protocol.wire.report import Report
from protocol.wire.session import Role
from protocol.wire.training import TrainingStatistics

_LOCKING = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN})


class ReportsApp(FormApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_reports(self) -> None:
        """This month's adherence of all whom the person leads."""
        today = self.present_day()
        if today is not None:
            self._open_report(ReportSheet(Asked(REPORTS[0], month_around(today))))

    def do_own_month(self) -> None:
        """This month's adherence of whoever sits at the desk."""
        status, today = self._known.status, self.present_day()
        if status is not None and today is not None:
            asked = Asked(REPORTS[0], month_around(today), agent=status.agent)
            self._open_report(OwnReportSheet(asked))

    def _open_report(self, sheet: ReportSheet) -> None:
        self._open(sheet, lambda _: None)
        self._read_report()

    def taken(self, answer: RelayedAnswer) -> None:
        """Something of attendance is recorded."""
        super().taken(answer)
        if isinstance(answer, AttendanceRecorded):
            self.say(self._words.text("attendance_month.kept"))
            self._read_attendance()

    @work(group="report", exclusive=True)
    async def _read_report(self) -> None:
        """An answer to what was asked before comes too late."""
        sheet = self.open_screen(ReportSheet)
        if sheet is None:
            return
        asked = sheet.asked
        answer = await self.told(asked.message(), sheet.refuse)
        if isinstance(answer, Report) and sheet.asked == asked:
            sheet.take(answer)

    @on(ReportSheet.Reread)
    def _other_report(self) -> None:
        self._read_report()

    @on(ReportSheet.NotMonthly)
    def _not_monthly(self) -> None:
        self.complain(self._words.text("report.one_month"))

    @on(ReportSheet.NotGrouped)
    def _not_grouped(self) -> None:
        self.complain(self._words.text("report.single_cases"))

    @on(ReportSheet.Wanted)
    def _open_of_report(self, event: ReportSheet.Wanted) -> None:
        sheet, today = self.open_screen(ReportSheet), self.present_day()
        if sheet is None or today is None:
            return
        if event.what == "choose":
            own = isinstance(sheet, OwnReportSheet)
            form = ReportForm(sheet.asked, today, self.day_words(), own=own)
            self._open(form, lambda _: None)
        elif event.what == "save":
            asks = sheet.asked.message(self._words.language)
            self._open(SaveForm(file_name(sheet.asked), asks, Path.home()), lambda _: None)
        else:
            team = self._page.team() if isinstance(self._page, FloorScreen) else ""
            self._open(AttendanceSheet(today, team), lambda _: None)
            self._read_attendance()

    @on(ReportForm.Chosen)
    def _choose_report(self, event: ReportForm.Chosen) -> None:
        sheet = self.open_screen(ReportSheet)
        if sheet is not None:
            sheet.ask(event.asked)

    @on(SaveForm.NamedFile)
    @work(group="form", exclusive=True)
    async def _save_report(self, event: SaveForm.NamedFile) -> None:
        """Written beside the screen's work, since a disk may be slow."""
        form = self.open_screen(SaveForm)
        if form is None:
            return
        try:
            answer = await self._service(event.message)
            assert isinstance(answer, Report | TrainingStatistics | ExamStatistics)
            await asyncio.to_thread(save, answer.workbook, event.path)
        except Refused as refusal:
            form.refuse(refusal)
            return
        if form.is_current:
            form.dismiss(None)
        self.say(self._words.text("report.saved", file=str(event.path)))

    @work(group="attendance", exclusive=True)
    async def _read_attendance(self) -> None:
        sheet = self.open_screen(AttendanceSheet)
        if sheet is None:
            return
        month, team = sheet.month, sheet.team
        answer = await self.told(GetAttendance(0, month, team), sheet.refuse)
        if isinstance(answer, AttendanceMonth) and (sheet.month, sheet.team) == (month, team):
            sheet.take(answer)
            days = self.open_screen(DaysSheet)
            if days is not None:
                days.take(answer)

    @on(AttendanceSheet.Reread)
    def _other_month(self) -> None:
        self._read_attendance()

    @on(TeamForm.Chosen)
    def _other_team(self, event: TeamForm.Chosen) -> None:
        sheet = self.open_screen(AttendanceSheet)
        if sheet is not None:
            sheet.choose_team(event.team)

    @on(AttendanceSheet.Wanted)
    def _open_of_month(self, event: AttendanceSheet.Wanted) -> None:
        sheet = self.open_screen(AttendanceSheet)
        if sheet is None:
            return
        if event.what == "team":
            self._open(TeamForm(sheet.month, sheet.team), lambda _: None)
        elif event.what == "lock":
            self._open_lock(sheet)
        elif sheet.told is None:
            self.complain(self._words.text("listing.asking"))
        elif event.what == "sign":
            self._open(SignForm(sheet.told), lambda _: None)
        else:
            self._open_days(sheet, sheet.told)

    def _open_lock(self, sheet: AttendanceSheet) -> None:
        status = self._known.status
        if status is None or _LOCKING.isdisjoint(status.roles):
            self.complain(self._words.text("attendance_month.who_locks"))
        else:
            self._open(LockForm(sheet.month), lambda _: None)

    def _open_days(self, sheet: AttendanceSheet, told: AttendanceMonth) -> None:
        person = sheet.person()
        if person is not None:
            days = DaysSheet(person.agent)
            self._open(days, lambda _: None)
            days.take(told)

    @on(DaysSheet.Wanted)
    def _record(self, event: DaysSheet.Wanted) -> None:
        status, row, now = self._known.status, event.row, self._known.clock.now()
        if status is None or row is None or now is None:
            return
        if event.what == "presence":
            form = PresenceForm(row, status.zone, int(now.timestamp() * 1000))
            self._open(form, lambda _: None)
        elif row.shift_start_ms is None:
            self.complain(self._words.text("attendance_days.needs_shift"))
        else:
            self._open(SubstituteForm(row), lambda _: None)
