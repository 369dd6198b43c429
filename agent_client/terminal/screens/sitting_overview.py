"""All questions of the paper at a glance: answered, empty, marked for later."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import shown
from agent_client.terminal.exam_words import points
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from protocol.wire.exams import SheetQuestion

ANSWERED, EMPTY, MARKED = "●", "○", "▸"


class SittingOverview(Sheet[int]):
    """Answers with the place of the question to go to."""

    CSS_PATH = "listing.tcss"
    HINTS = (("⏎", "sitting.go_there"), ("Esc", "dialog.close"))

    def __init__(self, questions: Sequence[SheetQuestion], marked: frozenset[str], at: int) -> None:
        super().__init__()
        self._questions = questions
        self._marked = marked
        self._at = at
        self._language = ""

    def compose_parts(self) -> ComposeResult:
        """A line a question."""
        yield SheetTitle("sitting.overview")
        yield OptionList(markup=False, compact=True, classes="listing")

    def show(self, view: View) -> None:
        """In the reader's language."""
        for title in self.query(SheetTitle):
            title.rest = Content.styled(view.words.text("sitting.legend"), "$quiet")
        for options in self.query(OptionList):
            if self._language != view.words.language:
                self._language = view.words.language
                at = self._at if options.highlighted is None else options.highlighted
                options.set_options(
                    Option(self._line(view, place)) for place in range(len(self._questions))
                )
                options.highlighted = at
        super().show(view)

    @on(OptionList.OptionSelected)
    def go(self, event: OptionList.OptionSelected) -> None:
        """To the question."""
        self.dismiss(event.option_index)

    def _line(self, view: View, place: int) -> Content:
        question = self._questions[place]
        mark = MARKED if question.question in self._marked else " "
        filled = ANSWERED if question.answer else EMPTY
        said = view.words.text("sitting.points", points=points(question.half_points))
        line = Content.assemble(
            (f"{place + 1:>3}", "bold"), f" {filled} {mark}  ", (f"{said}  ", "$quiet")
        )
        return Content.assemble(line, shown(question.text))
