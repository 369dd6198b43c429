"""My tasks: what there is to study, how far it has come, and by when it is due."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import on
from textual.message import Message
from textual.widgets import OptionList

from agent_client.terminal.reading_rows import OwnTasks, Part, late, task_rows
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from agent_client.terminal.widgets.key_bar import KeyBar


class OwnTrainingSheet(Listing[OwnTasks, Part]):
    """Enter goes on with what is highlighted."""

    NAMED = "action.own_training"
    NOTHING = "training.none"
    HINTS = (("⏎", "training.study"), ("o", "training.also_done"), ("Esc", "dialog.close"))
    TURNING = (("n", "training.next_page"), ("p", "training.page_before"))
    """Its keys where there are several pages."""
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        ("o", "every"),
        ("n", "turn(1)"),
        ("p", "turn(-1)"),
    ]

    class Reread(Message):
        """Others are to be listed."""

    @dataclass
    class StudyWanted(Message):
        """This is to be read."""

        part: Part | None

    def __init__(self) -> None:
        super().__init__()
        self.every = False
        """Also those that are over."""
        self.page = 1

    def rows(self, view: View, told: OwnTasks, width: int) -> Iterable[Listed[Part]]:
        """Task by task."""
        return task_rows(view, told, width)

    def summary(self, view: View, told: OwnTasks) -> str:
        """How many are open, and how many of them too late; which page."""
        words = view.words
        count = sum(row.done_ms is None and not row.withdrawn for row in told.rows)
        parts = [words.text("training.open", count=count)]
        if too_late := sum(late(view, row) for row in told.rows):
            parts.append(words.text("training.late", count=too_late))
        if told.pages > 1:
            parts.append(words.text("training.page", page=told.page, of=told.pages))
        return " · ".join(parts)

    def show_around(self, view: View) -> None:
        """The keys, too: what there is one page of is not turned."""
        super().show_around(view)
        several = self.told is not None and self.told.pages > 1
        for bar in self.query(KeyBar):
            bar.hint((*self.HINTS[:-1], *self.TURNING, self.HINTS[-1]) if several else self.HINTS)

    def action_every(self) -> None:
        """With those that are over, or without."""
        self.every, self.page = not self.every, 1
        self.post_message(self.Reread())

    def action_turn(self, pages: int) -> None:
        """To the next page, or the one before."""
        last = self.told.pages if self.told is not None else 1
        page = min(max(1, self.page + pages), last)
        if page != self.page:
            self.page = page
            self.post_message(self.Reread())

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """A content, or of a task what comes next."""
        event.stop()
        self.post_message(self.StudyWanted(self.chosen()))
