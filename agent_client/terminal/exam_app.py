"""Exams at the desk: the exam centre, sitting one, and what came of it."""

import contextlib

from textual import events, on, work

from agent_client.terminal.cells import shown
from agent_client.terminal.exam_words import remaining, seconds_left
from agent_client.terminal.form_app import FormApp
from agent_client.terminal.keys import Mode
from agent_client.terminal.screens.documents import moment
from agent_client.terminal.screens.exam_begin import ExamBegin, ExamSubmit
from agent_client.terminal.screens.exam_centre import ExamCentreSheet
from agent_client.terminal.screens.exam_result import ExamResultSheet
from agent_client.terminal.screens.sitting import SittingSheet
from agent_client.terminal.seat import MakeRequest
from agent_client.terminal.widgets.sitting_parts import SOON_S, VERY_SOON_S
from protocol.wire.desk import Status
from protocol.wire.desk_exam import AnswerQuestion, BeginExam, HandIn, LeaveFocus, WatchExams
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import ExamResult, ExamRow, Exams, GetResult, IssueState

_AGAIN = frozenset({Code.DISK_FAILED, "asked_in_vain"})
"""With these an answer is kept in mind, and the seat is asked again."""


class ExamApp(FormApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    _unkept: dict[tuple[str, str], tuple[str, ...]]
    """Answers that the seat has not confirmed, by sitting and question: all that would be lost
    with this terminal, and for no longer than a second."""
    _said_exams: set[str]
    """Exams and results of which the person was told."""
    _left_sitting = ""
    """The sitting whose screen the candidate has left."""
    _warned_s: int | None = None
    """Of which time that remains was warned last."""

    def on_mount(self) -> None:
        """Nothing waits to be kept, and nothing was said."""
        self._unkept, self._said_exams = {}, set()

    def do_exams(self) -> None:
        """What was issued to the person; the paper, where one lies open."""
        self._left_sitting = ""
        self._open(ExamCentreSheet(), lambda _: None)
        self._read_exams()
        self._open_paper()

    def exams_told(self) -> None:
        """The paper comes and goes as the seat says; the list follows, and news are said."""
        super().exams_told()
        self._tell_news()
        self._read_exams()
        self._open_paper()
        told, sheet = self._known.exams, self.open_screen(SittingSheet)
        if told is not None and told.sheet is None and sheet is not None:
            self._close_paper(sheet)

    def _tell_news(self) -> None:
        """An exam that can be begun, and a result: each is said once."""
        told = self._known.exams
        if told is None:
            return
        begun = {row.issue for row in told.own.open if row.own_sitting}
        offered = [row for row in told.own.open if row.issue not in begun | self._said_exams]
        results = [row for row in told.own.told if row.sitting not in self._said_exams]
        self._said_exams |= {row.issue for row in offered} | {row.sitting for row in results}
        if self._mode is not Mode.DESK or told.sheet is not None:
            return
        if results:
            self.say(self._words.text("exams.news_result"))
        elif offered:
            self.say(self._words.text("exams.news_open", name=shown(offered[0].name)))

    async def _take(self, status: Status) -> None:
        """A seat that answers anew has to be asked for it anew."""
        anew = self._known.gone
        await super()._take(status)
        if anew:
            self._watch_exams()

    async def _enter(self, mode: Mode) -> None:
        """Behind a locked screen the time goes on: the paper is there again with the desk."""
        await super()._enter(mode)
        self._open_paper()

    def _tick(self) -> None:
        self._warn_of_time()
        super()._tick()
        if self._unkept:
            self._keep_answers()

    @on(events.AppBlur)
    def _looks_elsewhere(self) -> None:
        """Noted, and held against nobody; which is said."""
        told = self._known.exams
        if told is not None and told.sheet is not None:
            self._note_focus()
            self.say(self._words.text("sitting.focus_noted"))

    @work(group="exam-focus")
    async def _note_focus(self) -> None:
        with contextlib.suppress(Refused, ConnectionError):  # what is not noted harms nobody
            await self._known.ask(LeaveFocus)

    @work(group="exams-watched", exclusive=True)
    async def _watch_exams(self) -> None:
        try:
            await self._known.ask(WatchExams)
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
        except ConnectionError:
            return  # the next seat is asked again

    @on(ExamCentreSheet.Reread)
    @work(group="exams", exclusive=True)
    async def _read_exams(self) -> None:
        sheet = self.open_screen(ExamCentreSheet)
        if sheet is None:
            return
        asked = sheet.question()
        answer = await self.told(asked, sheet.refuse)
        if isinstance(answer, Exams) and sheet.question() == asked:
            sheet.take(answer)

    @on(ExamCentreSheet.Chosen)
    def _chosen_exam(self, event: ExamCentreSheet.Chosen) -> None:
        """Begin, go on, or read what came of it."""
        row, zone = event.row, self._zone()
        if row.state is IssueState.PLANNED:
            text = self._words.text("exams.not_yet", at=moment(row.start_ms, zone))
            self.complain(text)
        elif row.state is not IssueState.OPEN or row.own_submitted:
            self._open_result(row)
        elif row.own_sitting:
            self._begin(row)
        else:
            dialog = ExamBegin(row, moment(row.end_ms, zone))
            self._open(dialog, lambda yes: self._begin(row) if yes else None)

    def _open_result(self, row: ExamRow) -> None:
        if row.own_sitting:
            self._read_result(row.own_sitting)
        else:
            self.complain(self._words.text("exams.never_begun"))

    @work(group="exam", exclusive=True)
    async def _begin(self, row: ExamRow) -> None:
        self._left_sitting, self._warned_s = "", None
        refusal = await self._refusal(lambda id: BeginExam(id, row.issue))
        if refusal is not None:
            self.complain(self._refused_exam(refusal))
        else:
            self._open_paper()

    def _refused_exam(self, refusal: Refused) -> str:
        if refusal.code == Code.SERVICE_UNREACHABLE:
            return self._words.text("exams.needs_service")
        if refusal.code == "wrong_state":
            return self._words.text("exams.in_call")
        if refusal.code == Code.OUTSIDE_WINDOW:
            zone = self._zone()
            times = {name: moment(int(ms), zone) for name, ms in refusal.params.items()}
            return self._words.error(refusal.code, times)
        return self._words.refusal(refusal)

    def _open_paper(self) -> None:
        """What lies open at the seat is on the screen, unless the candidate has left it."""
        told = self._known.exams
        paper = told.sheet if told is not None else None
        if paper is None or self._mode is not Mode.DESK or self._known.gone:
            return
        if paper.sitting != self._left_sitting and self.open_screen(SittingSheet) is None:
            self._notice = None  # as that there is an exam
            self._open(SittingSheet(paper), lambda _: None)

    def _close_paper(self, sheet: SittingSheet) -> None:
        """It is over at this desk: what lies over it has no meaning any more."""
        told = self._known.exams
        while sheet in self.screen_stack:
            self.pop_screen()
        self._unkept.clear()
        if told is not None and told.over is not None:
            self._read_result(told.over.sitting)
        elif told is not None and told.ended == Code.EXAM_OVER:
            self.complain(self._words.text("sitting.time_over", count=told.unsaved))
        elif told is not None and told.ended:
            self.complain(self._words.error(told.ended))
        self.show()

    @on(SittingSheet.Left)
    def _leave_paper(self) -> None:
        sheet = self.open_screen(SittingSheet)
        if sheet is not None:
            self._left_sitting = sheet.sitting
            self._keep_answers()
            sheet.dismiss(None)
            self.say(self._words.text("sitting.goes_on"))

    @on(SittingSheet.OverviewWanted)
    def _show_overview(self, event: SittingSheet.OverviewWanted) -> None:
        sheet = self.open_screen(SittingSheet)
        if sheet is not None:
            self._open(event.overview, sheet.go_to)

    @on(SittingSheet.Answered)
    def _answered(self, event: SittingSheet.Answered) -> None:
        """What is chosen is kept at once, what is typed every second."""
        self._unkept[event.sitting, event.question] = event.answer
        self._count_unkept()
        if not event.typed:
            self._keep_answers()

    def _count_unkept(self) -> None:
        sheet = self.open_screen(SittingSheet)
        if sheet is not None:
            sheet.unkept = sum(sitting == sheet.sitting for sitting, _ in self._unkept)
            sheet.show_again()

    @work(group="exam-answers")
    async def _keep_answers(self) -> None:
        """In the order in which they were given."""
        await self._send_answers()

    async def _send_answers(self) -> bool:
        """Whether the seat has all of them."""
        told = self._known.exams
        open_sitting = told.sheet.sitting if told is not None and told.sheet is not None else ""
        for (sitting, question), answer in list(self._unkept.items()):
            if sitting != open_sitting:
                continue
            refusal = await self._refusal(_answer(question, answer))
            if refusal is not None:
                self.complain(self._words.refusal(refusal))
            if refusal is not None and refusal.code in _AGAIN:
                return False
            if self._unkept.get((sitting, question)) == answer:
                del self._unkept[sitting, question]
            self._count_unkept()
        return not self._unkept

    @on(SittingSheet.SubmitWanted)
    def _ask_submit(self) -> None:
        sheet, told = self.open_screen(SittingSheet), self._known.exams
        if sheet is not None and told is not None:
            left = seconds_left(self._known.clock.now(), told.deadline_ms) or 0
            dialog = ExamSubmit(sheet.unanswered, len(sheet.marked), remaining(left))
            self._open(dialog, lambda yes: self._submit() if yes else None)

    @work(group="exam", exclusive=True)
    async def _submit(self) -> None:
        """With all that was typed; where that is not kept yet, nothing is handed in."""
        if not await self._send_answers():
            return
        refusal = await self._refusal(HandIn)
        if refusal is None:
            return
        unreachable = refusal.code == Code.SERVICE_UNREACHABLE
        key = self._words.text("sitting.not_handed_in")
        self.complain(key if unreachable else self._words.refusal(refusal))

    @work(group="exam-result", exclusive=True)
    async def _read_result(self, sitting: str) -> None:
        sheet = ExamResultSheet()
        self._open(sheet, lambda _: None)
        answer = await self.told(GetResult(0, sitting), sheet.refuse)
        if isinstance(answer, ExamResult):
            sheet.take(answer)

    def _warn_of_time(self) -> None:
        """Once at five minutes, once at the last."""
        told = self._known.exams
        if told is None or told.sheet is None:
            return
        left = seconds_left(self._known.clock.now(), told.deadline_ms)
        if left is None or left > SOON_S:
            self._warned_s = None
            return
        mark = VERY_SOON_S if left <= VERY_SOON_S else SOON_S
        if self._warned_s != mark:
            self._warned_s = mark
            self.say(self._words.text(f"sitting.left_{mark}"))

    def _zone(self) -> str:
        status = self._known.status
        return status.zone if status is not None else "UTC"


def _answer(question: str, answer: tuple[str, ...]) -> MakeRequest:
    return lambda id: AnswerQuestion(id, question, answer)
