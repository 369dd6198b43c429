"""Who has which training and how far they are, and statistics of it."""

import uuid
from pathlib import Path

from textual import on, work

from agent_client.terminal.cells import shown
from agent_client.terminal.documents_app import DocumentsApp
from agent_client.terminal.person_app import READ_EVERY
from agent_client.terminal.screens.report_save import SaveForm
from agent_client.terminal.screens.training_centre import CentreSheet
from agent_client.terminal.screens.training_narrow import NarrowForm
from agent_client.terminal.screens.training_statistics import StatisticsSheet
from agent_client.terminal.screens.training_withdraw import WithdrawTrainingForm
from protocol.facts.document import DocumentKind, TrainingTask
from protocol.wire.documents import DocumentRow
from protocol.wire.relayed import RelayedAnswer
from protocol.wire.training import (
    Assigned,
    AssignmentRow,
    Assignments,
    AssignmentsDone,
    GetTrainees,
    PushTraining,
    RecallTraining,
    Redraw,
    Trainees,
    TrainingStatistics,
)

_NAMED = 6
"""People who are named; more are counted."""


class TrainingCentreApp(DocumentsApp):
    """What assignments are asked about, and what is done to them."""

    def taken(self, answer: RelayedAnswer) -> None:
        """A task is given to people, or taken back from them."""
        super().taken(answer)
        if isinstance(answer, Assigned):
            self._tell_assigned(answer)
        elif isinstance(answer, AssignmentsDone):
            self._tell_done("withdrawn", answer)

    def _tick(self) -> None:
        """People read on while a lead looks."""
        super()._tick()
        if self._ticks % READ_EVERY == 0:
            self._read_centre()

    def open_centre(self) -> None:
        """Everybody whom the person may give training."""
        self._open(CentreSheet(), lambda _: None)
        self._read_centre()

    def open_statistics(self) -> None:
        """Of all that was ever assigned, to be narrowed."""
        self._open(StatisticsSheet(), lambda _: None)
        self._read_statistics()

    async def trainees(self) -> Trainees | None:
        """Whom the person may give training; null where that can't be had, which is said."""
        answer = await self.told(GetTrainees(0), self.complain)
        return answer if isinstance(answer, Trainees) else None

    @work(group="training-redraw", exclusive=True)
    async def redraw(self, row: DocumentRow) -> None:
        """Other contents of a task for those who have not begun."""
        wanted = Redraw(0, uuid.uuid4().hex, row.document)
        answer = await self.told(wanted, self.complain)
        if isinstance(answer, AssignmentsDone):
            self._tell_done("redrawn", answer)

    @work(group="training-centre", exclusive=True)
    async def _read_centre(self) -> None:
        """An answer to what was asked before comes too late."""
        sheet = self.open_screen(CentreSheet)
        if sheet is None:
            return
        asked = sheet.question()
        answer = await self.told(asked, sheet.refuse)
        if isinstance(answer, Assignments) and sheet.question() == asked:
            sheet.take(answer)

    @on(CentreSheet.Reread)
    def _other_assignments(self) -> None:
        self._read_centre()

    @on(CentreSheet.Wanted)
    def _wanted_of_centre(self, event: CentreSheet.Wanted) -> None:
        """Of what is completed or withdrawn there is nothing to be done any more."""
        sheet = self.open_screen(CentreSheet)
        if sheet is None:
            return
        rows = tuple(row for row in sheet.meant() if row.done_ms is None and not row.withdrawn)
        names = sheet.told.names if sheet.told is not None else {}
        if not rows:
            self.complain(self._words.text("centre.choose_open"))
        elif event.what == "withdraw":
            self._open(WithdrawTrainingForm(rows, names), lambda _: None)
        elif event.what == "push":
            self._push(rows)
        else:
            self._recall(rows)

    @work(group="training-push")
    async def _push(self, rows: tuple[AssignmentRow, ...]) -> None:
        wanted = PushTraining(0, tuple(row.assignment for row in rows))
        answer = await self.told(wanted, self.complain)
        if isinstance(answer, AssignmentsDone):
            self._tell_done("pushed", answer)

    @work(group="training-recall")
    async def _recall(self, rows: tuple[AssignmentRow, ...]) -> None:
        agents = tuple(dict.fromkeys(row.agent for row in rows))
        answer = await self.told(RecallTraining(0, agents), self.complain)
        if isinstance(answer, AssignmentsDone):
            self._tell_done("recalled", answer)

    def _tell_assigned(self, answer: Assigned) -> None:
        words = self._words
        said = words.text("training_done.assigned", count=len(answer.assigned))
        if answer.passed_over:
            who = self._numbers(answer.passed_over)
            said = f"{said} {words.text('training_done.passed_over', who=who)}"
        self.say(said)
        self._read_centre()

    def _tell_done(self, what: str, answer: AssignmentsDone) -> None:
        """What it was done to; where that is not all, the others stay ticked."""
        said = self._words.text(f"training_done.{what}", count=len(answer.done))
        if answer.kept:
            left = self._words.text(f"training_left.{what}", count=answer.kept)
            self.complain(f"{said} {left}")
        else:
            self.say(said)
        sheet = self.open_screen(CentreSheet)
        if sheet is not None:
            done = set(answer.done)
            ticked = sheet.ticked.items()
            sheet.untick(*(name for name, row in ticked if {name, row.agent} & done))
        self._read_centre()

    def _numbers(self, numbers: tuple[str, ...]) -> str:
        """Staff numbers, as many as there is room for."""
        said = self._words.text("comma").join(map(shown, numbers[:_NAMED]))
        more = len(numbers) - _NAMED
        return said if more <= 0 else self._words.text("ask.more", names=said, count=more)

    @work(group="training-statistics", exclusive=True)
    async def _read_statistics(self) -> None:
        """An answer to what was asked before comes too late."""
        sheet, status = self.open_screen(StatisticsSheet), self._known.status
        if sheet is None or status is None:
            return
        narrowed = sheet.narrowed
        answer = await self.told(narrowed.message(status.zone), sheet.refuse)
        if isinstance(answer, TrainingStatistics) and sheet.narrowed == narrowed:
            sheet.take(answer)

    @on(StatisticsSheet.Reread)
    def _other_statistics(self) -> None:
        self._read_statistics()

    @on(StatisticsSheet.Wanted)
    def _wanted_of_statistics(self, event: StatisticsSheet.Wanted) -> None:
        sheet, status = self.open_screen(StatisticsSheet), self._known.status
        if sheet is None or status is None:
            return
        if event.what == "narrow":
            self._narrow_statistics(sheet)
        else:
            asks = sheet.narrowed.message(status.zone, self._words.language)
            self._open(SaveForm(sheet.narrowed.file_name, asks, Path.home()), lambda _: None)

    @work(group="training-narrow", exclusive=True)
    async def _narrow_statistics(self, sheet: StatisticsSheet) -> None:
        """With the tasks and people that there are."""
        today, people = self.present_day(), await self.trainees()
        rows = await self.all_documents(DocumentKind.TRAINING_TASK)
        if today is None or people is None or rows is None:
            return
        tasks = {row.document: row.body.name for row in rows if isinstance(row.body, TrainingTask)}
        form = NarrowForm(sheet.narrowed, tasks, people.people, today, self.day_words())
        self._open(form, lambda _: None)

    @on(NarrowForm.Chosen)
    def _narrowed(self, event: NarrowForm.Chosen) -> None:
        sheet = self.open_screen(StatisticsSheet)
        if sheet is not None:
            sheet.narrow(event.narrowed)
