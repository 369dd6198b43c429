"""Breaks: choosing one, the place in the queue, and the lead's look at it."""

from textual import on, work

from agent_client.terminal.cells import shown
from agent_client.terminal.plan_app import PlanApp
from agent_client.terminal.screens.break_chooser import BreakChoice, BreakChooser
from agent_client.terminal.screens.break_queue import BreakQueueSheet
from agent_client.terminal.screens.floor import FloorScreen
from protocol.facts.agent import State
from protocol.rules.agent_state import Choice
from protocol.wire import desk
from protocol.wire.breaks import AskBreak, BreakQueue, GetBreakQueue, LetGo, WithdrawBreak
from protocol.wire.desk import Status
from protocol.wire.errors import Refused

_READ_EVERY = 5
"""Seconds between two readings of the queue that is open."""


class BreakApp(PlanApp):
    """Every `do_…` is the deed of an action in the table of keys."""

    def do_break(self) -> None:
        """Choose a reason, then stop taking calls, or stand in the queue for that."""

        def take(choice: BreakChoice) -> None:
            self._ask(lambda id: desk.Break(id, choice.reason, choice.after_call))

        self._open(self._chooser(after_call=False), take)

    def do_break_next(self) -> None:
        """Choose a break for after the call. What was asked for then is meant then, also when the
        call ends while somebody chooses: it does not cut after-call work short."""
        self._open(self._chooser(after_call=True), self._break_next)

    def do_leave_queue(self) -> None:
        """Give the place in the queue up."""
        self._leave_queue()

    def do_break_queue(self) -> None:
        """The queue of the team of whoever is under the cursor, else of the first on the floor."""
        team = self._page.team() if isinstance(self._page, FloorScreen) else ""
        self._open(BreakQueueSheet(team), lambda _: None)
        self._read_break_queue()

    async def _take(self, status: Status) -> None:
        """A turn that comes rings once, where no call would be disturbed."""
        had = _has_turn(self._known.status)
        await super()._take(status)
        if self._bell and _has_turn(status) and not had and status.call is None:
            self.bell()

    def _tick(self) -> None:
        super()._tick()
        if self._break_sheet is not None and self._ticks % _READ_EVERY == 0:
            self._read_break_queue()

    def _chooser(self, *, after_call: bool) -> BreakChooser:
        status = self._known.status
        queue = None if status is None else status.break_queue
        last = None if status is None else status.last_call
        return BreakChooser(
            after_call=after_call, queue=queue, call="" if last is None else last.id
        )

    @property
    def _break_sheet(self) -> BreakQueueSheet | None:
        sheets = (each for each in self.screen_stack if isinstance(each, BreakQueueSheet))
        return next(sheets, None)

    @work(group="ask")
    async def _break_next(self, chosen: BreakChoice) -> None:
        status = self._known.status
        reason = chosen.reason
        if status is not None and status.state in (State.READY, State.NOT_READY):
            await self._answer(lambda id: desk.Break(id, reason, chosen.after_call))
            return
        if chosen.after_call:
            try:
                await self._service(AskBreak(0, reason, chosen.after_call))
            except Refused as refusal:
                self.complain(self._words.refusal(refusal))
                return
        await self._answer(lambda id: desk.Next(id, Choice(State.NOT_READY, reason)))

    @work(group="break-queue-left")
    async def _leave_queue(self) -> None:
        try:
            await self._service(WithdrawBreak(0))
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
        else:
            self.say(self._words.text("break_queue.left"))

    @work(group="break-queue", exclusive=True)
    async def _read_break_queue(self) -> None:
        """What is shown stays where asking fails, and why is said."""
        sheet = self._break_sheet
        if sheet is None:
            return
        try:
            told = await self._service(GetBreakQueue(0, sheet.team))
        except Refused as refusal:
            sheet.refuse(self._words.refusal(refusal))
        else:
            assert isinstance(told, BreakQueue)
            sheet.take(told)

    @on(BreakQueueSheet.LetGo)
    @work(group="break-queue-let-go", exclusive=True)
    async def _let_go(self, event: BreakQueueSheet.LetGo) -> None:
        waiting = event.waiting
        if waiting is None:
            self.complain(self._words.text("break_queue.choose"))
            return
        try:
            told = await self._service(LetGo(0, waiting.agent))
        except Refused as refusal:
            self.complain(self._words.refusal(refusal))
            self._read_break_queue()
            return
        assert isinstance(told, BreakQueue)
        if (sheet := self._break_sheet) is not None:
            sheet.take(told)
        who = shown(waiting.name or waiting.agent)
        self.say(self._words.text("break_queue.let_gone", who=who))


def _has_turn(status: Status | None) -> bool:
    queue = status.break_queue if status is not None else None
    return queue is not None and queue.granted
