"""What the reader of a training is made of: title and page number, the clock, the page."""

from typing import Protocol

from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.marked_text import laid_out
from agent_client.terminal.plan_words import length
from agent_client.terminal.reading_figures import item_of, row_of, task_seconds
from agent_client.terminal.reading_pages import Pages
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, between, progress
from protocol.rules.training_progress import hms
from protocol.wire.desk_training import DeskTraining
from protocol.wire.training import AssignmentRow

_BAR_CELLS = 12


class Reading(Protocol):
    """What is being read, and where."""

    assignment: str
    content: str
    named: str
    pages: Pages
    section: int
    in_front: bool


class ReadTitle(Line):
    """What it is, and which page of how many."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading

    def paint(self, view: View) -> Content:
        """The name, and at the end of the line the page."""
        reading = self._reading
        at = view.words.text("reader.page", page=reading.section + 1, of=len(reading.pages))
        item = item_of(row_of(view.training, reading.assignment), reading.content)
        done = f"✓ {view.words.text('training.item_done')}  " if item and item.done else ""
        name = Content.styled(shown(reading.named), "bold")
        return between(name, Content(f"  {done}{at}"), self.size.width)


class ReadClock(Line):
    """The credited time of the task and its least, and whether it runs; why, where it does not."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading

    def paint(self, view: View) -> Content:
        """`━━━━──────── 00:01:24 of 00:07:00 · counts`."""
        told, row = view.training, row_of(view.training, self._reading.assignment)
        if told is None or row is None:
            return Content("")
        state = self._state(view, told)
        bar, figures = _figures(view, told, row)
        line = Content.assemble(figures, " · ", state)
        room = self.size.width - line.cell_length
        return Content.assemble(bar, line) if bar.cell_length <= room else line

    def _state(self, view: View, told: DeskTraining) -> Content:
        words = view.words
        if view.seat_gone:
            return _stopped(words.text("reader.stopped.gone"))
        if told.running:
            return Content.styled(words.text("reader.runs"), "$success")
        if (told.assignment, told.content) != (self._reading.assignment, self._reading.content):
            return Content.styled(words.text("reader.stopped.opening"), "$quiet")
        if not self._reading.in_front:
            return _stopped(words.text("reader.stopped.behind"))
        return _stopped(words.text("reader.stopped.idle", length=length(words, told.own.idle_s)))


class PageText(Line):
    """The section, laid out for the width. It is laid out anew only for another one."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        self._made_of: tuple[int, int, str] | None = None
        self._made = Content("")
        self._height = 0

    def paint(self, view: View) -> Content:
        """Line by line."""
        reading, width = self._reading, self.size.width
        made_of = (reading.section, width, view.words.language)
        if made_of != self._made_of and width:
            lines = laid_out(view.words, reading.pages.tree(reading.section), width)
            self._made_of, self._height = made_of, len(lines)
            self._made = Content("\n").join(lines)
        return self._made

    @property
    def settled(self) -> bool:
        """Whether the page that is read is laid out: else nobody knows where it ends."""
        if self._made_of is None or self._made_of[:2] != (self._reading.section, self.size.width):
            return False
        return self.size.height >= self._height


def _figures(view: View, told: DeskTraining, row: AssignmentRow) -> tuple[Content, Content]:
    seconds = task_seconds(told, row, view.now)
    if not row.min_seconds:
        return Content(""), Content.styled(hms(seconds), "bold")
    heavy, light = progress(seconds / row.min_seconds, _BAR_CELLS)
    text = view.words.text("reader.of", done=hms(seconds), least=hms(row.min_seconds))
    return Content(f"{heavy}{light} "), Content.styled(text, "bold")


def _stopped(why: str) -> Content:
    return Content.styled(f"! {why}", "bold $warning")
