"""A team's queue for breaks, for its lead: who waits, in which order, and why nobody goes."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.break_rows import heading, line
from agent_client.terminal.cells import shown
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from protocol.wire.breaks import BreakQueue, WaitingAgent

_SCROLLBAR = 4


class BreakQueueSheet(Sheet[None]):
    """The lead may let somebody go before the others; nobody's state changes by that."""

    CSS_PATH = "break_queue.tcss"
    AUTO_FOCUS = "OptionList"
    BINDINGS = [("l", "let_go")]  # noqa: RUF012 - Textual's own form
    HINTS = (("l", "break_queue.let_go"), ("Esc", "dialog.close"))

    @dataclass
    class LetGo(Message):
        """Whoever is highlighted is to go now."""

        waiting: WaitingAgent | None

    def __init__(self, team: str) -> None:
        super().__init__()
        self.team = team
        """Empty: that of whoever asks."""
        self._queue: BreakQueue | None = None
        self._refusal: str | None = None
        self._view: View | None = None
        self._listed: object = None

    def compose_parts(self) -> ComposeResult:
        """Who is away and why it goes no faster; then who waits."""
        yield SheetTitle("break_queue.title")
        yield _Head()
        yield OptionList(markup=False, compact=True, id="break-queue-list")
        yield _Instead()

    def take(self, queue: BreakQueue) -> None:
        """The queue as the service has it."""
        self._queue, self._refusal = queue, None
        self._show_again()

    def refuse(self, why: str) -> None:
        """Nothing was told."""
        self._refusal = why
        self._show_again()

    def action_let_go(self) -> None:
        """Let whoever is highlighted go now."""
        self.post_message(self.LetGo(self._waiting()))

    def show(self, view: View) -> None:
        """The lines are made again where they may differ; the highlight stays on its agent."""
        self._view = view
        width = self.size.width - _SCROLLBAR
        zone = view.status.zone if view.status is not None else "UTC"
        listed = (self._queue, view.words.language, width, zone)
        if listed != self._listed and width > 0:
            self._listed = listed
            self._list(view, zone, width)
        for title in self.query(SheetTitle):
            title.rest = self._whose(view)
        for head in self.query(_Head):
            head.queue = self._queue
            head.display = self._queue is not None
        for instead in self.query(_Instead):
            instead.refusal, instead.known = self._refusal, self._queue is not None
            instead.display = bool(self._refusal) or not self._rows()
        super().show(view)

    def on_resize(self) -> None:
        """The columns depend on the width."""
        self._show_again()

    def _show_again(self) -> None:
        if self._view is not None:
            self.show(self._view)

    def _rows(self) -> tuple[WaitingAgent, ...]:
        return self._queue.waiting if self._queue is not None else ()

    def _waiting(self) -> WaitingAgent | None:
        for options in self.query("#break-queue-list").results(OptionList):
            place = options.highlighted
            if place is not None and place < len(self._rows()):
                return self._rows()[place]
        return None

    def _list(self, view: View, zone: str, width: int) -> None:
        for options in self.query("#break-queue-list").results(OptionList):
            at = options.highlighted
            before = options.get_option_at_index(at).id if at is not None else None
            options.set_options(
                Option(line(view.words, number, each, zone, width), id=f"agent-{each.agent}")
                for number, each in enumerate(self._rows(), 1)
            )
            names = [f"agent-{each.agent}" for each in self._rows()]
            first = 0 if names else None
            options.highlighted = names.index(before) if before in names else first
            options.display = bool(names)

    def _whose(self, view: View) -> Content:
        team = self._queue.team if self._queue is not None else self.team
        if not team:
            return Content(view.words.text("break_queue.no_team") if self._queue else "")
        return Content(view.words.text("break_queue.team", team=shown(team)))


class _Head(Line):
    def __init__(self) -> None:
        super().__init__(id="break-queue-head")
        self.queue: BreakQueue | None = None

    def paint(self, view: View) -> Content:
        return Content("") if self.queue is None else heading(view.words, self.queue)


class _Instead(Line):
    def __init__(self) -> None:
        super().__init__(id="break-queue-instead")
        self.refusal: str | None = None
        self.known = False

    def paint(self, view: View) -> Content:
        key = "break_queue.nobody" if self.known else "break_queue.asking"
        return Content(self.refusal or view.words.text(key))
