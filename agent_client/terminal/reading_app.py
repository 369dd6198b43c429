"""Studying at the desk: the own tasks, the offer between calls, and the reader."""

import contextlib

from textual import on, work

from agent_client.terminal.form_app import FormApp
from agent_client.terminal.keys import Mode
from agent_client.terminal.reading_figures import (
    item_of,
    next_item,
    row_of,
    task_named,
    task_seconds,
)
from agent_client.terminal.reading_rows import OwnTasks
from agent_client.terminal.reading_signs import KeySigns
from agent_client.terminal.screens.own_training import OwnTrainingSheet
from agent_client.terminal.screens.reader import ReaderSheet
from protocol.rules.reading_time import Sign
from protocol.rules.training_progress import hms
from protocol.wire.desk import Status
from protocol.wire.desk_training import (
    CloseItem,
    FinishItem,
    OpenItem,
    PostponeTraining,
    ReadSign,
    WatchTraining,
)
from protocol.wire.errors import Refused
from protocol.wire.training import (
    AssignmentRow,
    Assignments,
    GetAssignments,
    GetTrainingText,
    ItemRow,
    TrainingText,
)


class ReadingApp(FormApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    _in_front = True
    """Whether the terminal has the keyboard, as far as it says so."""
    _signs: KeySigns | None = None
    """Of the reader that is open."""

    def do_own_training(self) -> None:
        """What there is to study."""
        self._open(OwnTrainingSheet(), lambda _: None)
        self._list_tasks()

    def do_study_now(self) -> None:
        """Take the offer: the state becomes training before anything is shown."""
        told = self._known.training
        offer = told.own.offer if told is not None else None
        row = row_of(told, offer.assignment) if offer is not None else None
        item = next_item(row) if row is not None else None
        if row is None or item is None:
            self.do_own_training()
        else:
            self._open_item(row, item)

    def do_put_off(self) -> None:
        """Not just now. The offer comes back."""
        self._ask(PostponeTraining)

    def training_told(self) -> None:
        """The list follows; what the seat has closed is closed here."""
        super().training_told()
        sheet = self.open_screen(OwnTrainingSheet)
        if sheet is not None and not sheet.every:
            self._list_tasks()
        self._close_if_closed()

    async def _take(self, status: Status) -> None:
        """A seat that answers anew has to be asked for it anew."""
        anew = self._known.gone
        await super()._take(status)
        if anew:
            self._watch_training()

    async def _enter(self, mode: Mode) -> None:
        """A locked screen, and a sign-out, close what is read."""
        reads = self.open_screen(ReaderSheet) is not None
        await super()._enter(mode)
        if reads and self.open_screen(ReaderSheet) is None:
            self._let_go()

    def _tick(self) -> None:
        super()._tick()
        if self._signs is not None and (section := self._signs.due()) is not None:
            self._tell_sign(Sign.INPUT, section)
        self._close_if_closed()

    def on_app_focus(self) -> None:
        """The window is in front again."""
        self._front(True)

    def on_app_blur(self) -> None:
        """Another window is in front: no time counts."""
        self._front(False)

    def _front(self, in_front: bool) -> None:
        self._in_front = in_front
        reader = self.open_screen(ReaderSheet)
        if reader is not None:
            reader.in_front = in_front
            self._tell_sign(Sign.FOCUS if in_front else Sign.BLUR, reader.section)
            self.show()

    def _close_if_closed(self) -> None:
        """As soon as nothing lies over it."""
        reader = self.open_screen(ReaderSheet)
        if reader is None or not reader.closed_by(self._known.training) or not reader.is_current:
            return
        status = self._known.status
        state = self._words.present(status) if status is not None else ""
        if status is not None and status.reason is not None:
            state = f"{state} ({self._words.reason(status.reason)})"
        reader.leave()
        self._signs = None
        self.say(self._words.text("reader.was_closed", state=state))

    @work(group="training", exclusive=True)
    async def _watch_training(self) -> None:
        try:
            await self._known.ask(WatchTraining)
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
        except ConnectionError:
            return  # the next seat is asked again

    @on(OwnTrainingSheet.Reread)
    def _list_tasks(self) -> None:
        """Those that are open are known here; the service is asked for the others."""
        sheet, told = self.open_screen(OwnTrainingSheet), self._known.training
        if sheet is not None and sheet.every:
            self._read_tasks()
        elif sheet is not None and told is not None:
            rows = told.own.open
            sheet.take(OwnTasks(rows, total=len(rows)))

    @work(group="own-training", exclusive=True)
    async def _read_tasks(self) -> None:
        sheet, status = self.open_screen(OwnTrainingSheet), self._known.status
        if sheet is None or status is None:
            return
        answer = await self.told(GetAssignments(0, status.agent, page=sheet.page), sheet.refuse)
        if isinstance(answer, Assignments) and sheet.every:
            here = self._known.training
            rows = tuple(row_of(here, row.assignment) or row for row in answer.rows)
            sheet.page = answer.page
            sheet.take(OwnTasks(rows, True, answer.page, answer.pages, answer.total, answer.names))

    @on(OwnTrainingSheet.StudyWanted)
    def _study(self, event: OwnTrainingSheet.StudyWanted) -> None:
        part = event.part
        item = part.item or next_item(part.row) if part is not None else None
        if part is not None and item is not None:
            self._open_item(part.row, item)

    @work(group="reading", exclusive=True)
    async def _open_item(self, row: AssignmentRow, item: ItemRow) -> None:
        """The text first, so that no state changes for what can't be shown; then the state, then
        the page."""
        wanted = GetTrainingText(0, row.assignment, item.content)
        text = await self.told(wanted, self.complain)
        if not isinstance(text, TrainingText):
            return
        refusal = await self._refusal(lambda id: OpenItem(id, row.assignment, item.content))
        if refusal is not None:
            self.complain(self._words.refusal(refusal))
            return
        reader = ReaderSheet(text, 0 if item.done else item.section)
        reader.in_front = self._in_front
        self._signs = KeySigns(self._monotonic)
        self._open(reader, lambda _: None)
        if not self._in_front:
            self._tell_sign(Sign.BLUR, reader.section)

    @on(ReaderSheet.Used)
    def _used(self, event: ReaderSheet.Used) -> None:
        if self._signs is not None and (section := self._signs.key(event.section)) is not None:
            self._tell_sign(Sign.INPUT, section)

    @work(group="signs")
    async def _tell_sign(self, sign: Sign, section: int) -> None:
        with contextlib.suppress(Refused, ConnectionError):  # the seat says whether time counts
            await self._known.ask(lambda id: ReadSign(id, sign, section))

    @on(ReaderSheet.NotAtEnd)
    def _not_at_end(self) -> None:
        self.say(self._words.text("reader.not_at_end"))

    @on(ReaderSheet.CloseWanted)
    def _leave_reader(self, event: ReaderSheet.CloseWanted) -> None:
        self._tell_last_page()
        event.sheet.leave()
        self._let_go()

    def _tell_last_page(self) -> None:
        """The page is kept, also one that was turned to within the last second."""
        if self._signs is not None and (section := self._signs.last()) is not None:
            self._tell_sign(Sign.INPUT, section)

    @work(group="signs")
    async def _let_go(self) -> None:
        self._signs = None
        with contextlib.suppress(Refused, ConnectionError):  # a seat that is gone has nothing open
            await self._known.ask(CloseItem)

    @on(ReaderSheet.FinishWanted)
    @work(group="reading", exclusive=True)
    async def _finish(self, event: ReaderSheet.FinishWanted) -> None:
        """What is left is said, and the list has the next one under the highlight."""
        reader = event.sheet
        self._tell_last_page()
        said = self._left_after(reader)
        refusal = await self._refusal(FinishItem)
        if refusal is not None:
            self.complain(self._words.refusal(refusal))
            return
        reader.leave()
        self._let_go()
        self.do_own_training()
        self.say(said)

    def _left_after(self, reader: ReaderSheet) -> str:
        """What is to be done once this content is."""
        told, words = self._known.training, self._words
        row = row_of(told, reader.assignment)
        if told is None or row is None:
            return words.text("reader.done")
        this = item_of(row, reader.content)
        items = sum(not item.done for item in row.items if item is not this)
        seconds = max(0, row.min_seconds - task_seconds(told, row, self._known.clock.now()))
        if items:
            key = "reader.items_left"
        else:
            key = "reader.seconds_left" if seconds else "reader.complete"
        return words.text(key, task=task_named(row), items=items, time=hms(seconds))
