"""Exams for those who teach: issuing, sittings, marking, keys, statistics."""

from collections.abc import Callable
from pathlib import Path

from textual import on, work

from agent_client.terminal.cells import shown
from agent_client.terminal.exam_papers_app import ExamPapersApp
from agent_client.terminal.person_app import READ_EVERY
from agent_client.terminal.screens.exam_forms import (
    CorrectKeyForm,
    ExtendForm,
    MarkForm,
    VoidExamForm,
    WithdrawExamForm,
)
from agent_client.terminal.screens.exam_issues import IssuesSheet
from agent_client.terminal.screens.exam_lists import PapersSheet, QuestionsSheet
from agent_client.terminal.screens.exam_menu import ExamMenu
from agent_client.terminal.screens.exam_result import ExamResultSheet
from agent_client.terminal.screens.exam_sittings import SittingsSheet
from agent_client.terminal.screens.exam_statistics import ExamStatisticsSheet
from agent_client.terminal.screens.paper_keys import IssueKeysSheet
from agent_client.terminal.screens.report_save import SaveForm
from protocol.facts.document import Paper
from protocol.wire.documents import DocumentStands, GetDocument
from protocol.wire.exams import (
    Essays,
    ExamResult,
    ExamRow,
    Exams,
    ExamStands,
    ExamStatistics,
    GetEssays,
    GetExamStatistics,
    GetResult,
    GetSittings,
    ResultState,
    Sittings,
    SittingStands,
)
from protocol.wire.relayed import RelayedAnswer


class ExaminingApp(ExamPapersApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    _marked_issue = ""
    """The exam whose essays are being marked."""

    def do_examining(self) -> None:
        """What there is to do for the exams of others."""
        opened: dict[str, Callable[[], None]] = {
            "questions": lambda: self.open_documents(QuestionsSheet()),
            "papers": lambda: self.open_documents(PapersSheet()),
            "issues": self._open_issues,
            "statistics": self._open_statistics,
        }
        self._open(ExamMenu(), lambda name: opened[name]())

    def taken(self, answer: RelayedAnswer) -> None:
        """An exam is issued or changed, a sitting has more time, an essay is marked."""
        super().taken(answer)
        match answer:
            case ExamStands():
                self.say(self._words.text("issues.kept", name=shown(answer.row.name)))
                self._read_issues()
            case SittingStands():
                self.say(self._words.text("exam_extend.done"))
                self._read_sittings()
            case Essays():
                self._mark_next(answer)
            case _:
                return

    def _tick(self) -> None:
        """People go on while somebody looks."""
        super()._tick()
        if self._ticks % READ_EVERY == 0:
            self._read_issues()
            self._read_sittings()

    def _open_issues(self) -> None:
        self._open(IssuesSheet(), lambda _: None)
        self._read_issues()

    @work(group="exam-issues", exclusive=True)
    async def _read_issues(self) -> None:
        sheet = self.open_screen(IssuesSheet)
        if sheet is None:
            return
        asked = sheet.question()
        answer = await self.told(asked, sheet.refuse)
        if isinstance(answer, Exams) and sheet.question() == asked:
            sheet.take(answer)

    @on(IssuesSheet.Reread)
    def _other_issues(self) -> None:
        self._read_issues()

    @on(IssuesSheet.Wanted)
    def _wanted_of_issue(self, event: IssuesSheet.Wanted) -> None:
        row = event.row
        deeds: dict[str, Callable[[], object]] = {
            "sittings": lambda: self._open_sittings(row),
            "mark": lambda: self._mark(row),
            "keys": lambda: self._open_keys(row),
            "retake": lambda: self.issue(row.paper, row.name, row),
            "withdraw": lambda: self._open(WithdrawExamForm(row), lambda _: None),
            "void": lambda: self._open(VoidExamForm(row), lambda _: None),
        }
        deeds[event.what]()

    # sittings

    def _open_sittings(self, row: ExamRow) -> None:
        self._open(SittingsSheet(row), lambda _: None)
        self._read_sittings()

    @work(group="exam-sittings", exclusive=True)
    async def _read_sittings(self) -> None:
        sheet = self.open_screen(SittingsSheet)
        if sheet is not None:
            answer = await self.told(GetSittings(0, sheet.exam.issue), sheet.refuse)
            if isinstance(answer, Sittings):
                sheet.take(answer)

    @on(SittingsSheet.ExtendWanted)
    def _extend(self, event: SittingsSheet.ExtendWanted) -> None:
        sheet, row = self.open_screen(SittingsSheet), event.row
        if sheet is None or sheet.told is None:
            return
        if row.state is not ResultState.RUNNING:
            self.complain(self._words.text("exam_extend.over"))
        else:
            who = sheet.told.names.get(row.agent, row.agent)
            self._open(ExtendForm(row, who), lambda _: None)

    @on(SittingsSheet.ResultWanted)
    @work(group="exam-result", exclusive=True)
    async def _open_candidates_result(self, event: SittingsSheet.ResultWanted) -> None:
        if event.row.state is ResultState.RUNNING:
            self.complain(self._words.text("sittings.still_runs"))
            return
        sheet = ExamResultSheet()
        self._open(sheet, lambda _: None)
        answer = await self.told(GetResult(0, event.row.sitting), sheet.refuse)
        if isinstance(answer, ExamResult):
            sheet.take(answer)

    # marking

    @work(group="exam-marking", exclusive=True)
    async def _mark(self, row: ExamRow) -> None:
        """One essay after another, of nobody who is named."""
        self._marked_issue = row.issue
        answer = await self.told(GetEssays(0, row.issue), self.complain)
        if isinstance(answer, Essays):
            self._mark_next(answer)

    def _mark_next(self, told: Essays) -> None:
        waiting = [each for each in told.rows if each.marked is None]
        if waiting:
            form = MarkForm(self._marked_issue, waiting[0], len(waiting))
            self._open(form, lambda _: None)
        else:
            self.say(self._words.text("exam_mark.done"))
            self._read_issues()

    # keys

    @work(group="exam-keys", exclusive=True)
    async def _open_keys(self, row: ExamRow) -> None:
        """As the paper was when it was issued."""
        wanted = GetDocument(0, row.paper, row.version)
        answer = await self.told(wanted, self.complain)
        if not isinstance(answer, DocumentStands) or not isinstance(answer.row.body, Paper):
            return
        keyed = await self.asked_in(answer.row.body.items, ())
        if keyed is not None:
            sheet = IssueKeysSheet(row)
            await self.push_screen(sheet)
            sheet.take(keyed)

    @on(IssueKeysSheet.CorrectWanted)
    def _correct_key(self, event: IssueKeysSheet.CorrectWanted) -> None:
        item, asked = event.keyed
        if not asked.question.key:
            self.complain(self._words.text("exam_key.essay"))
        else:
            form = CorrectKeyForm(event.issue, item.question, asked.question)
            self._open(form, lambda _: None)

    # statistics

    def _open_statistics(self) -> None:
        self._open(ExamStatisticsSheet(), lambda _: None)
        self._read_exam_statistics()

    @work(group="exam-statistics", exclusive=True)
    async def _read_exam_statistics(self) -> None:
        sheet = self.open_screen(ExamStatisticsSheet)
        if sheet is not None:
            answer = await self.told(GetExamStatistics(0), sheet.refuse)
            if isinstance(answer, ExamStatistics):
                sheet.take(answer)

    @on(ExamStatisticsSheet.SaveWanted)
    def _save_statistics(self) -> None:
        asks = GetExamStatistics(0, file=True, language=self._words.language)
        today = self.present_day()
        if today is not None:
            self._open(SaveForm(f"exams-{today}", asks, Path.home()), lambda _: None)
