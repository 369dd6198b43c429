"""Sitting an exam: one question at a time, by keyboard. The seat keeps what is answered."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import Input, OptionList, TextArea

from agent_client.terminal.exam_words import CHOICES, LETTERS, said_options
from agent_client.terminal.screens.page import Sheet
from agent_client.terminal.screens.sitting_overview import SittingOverview
from agent_client.terminal.view import View
from agent_client.terminal.widgets.banner import Banner
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.key_bar import KeyBar
from agent_client.terminal.widgets.notice import Notice
from agent_client.terminal.widgets.order_notice import OrderNotice
from agent_client.terminal.widgets.sitting_parts import (
    AnswerChoices,
    EssayArea,
    Overview,
    QuestionHead,
    QuestionText,
    SittingBand,
    toggled,
)
from agent_client.terminal.widgets.top_bar import TopBar
from protocol.facts.exam import QuestionType
from protocol.wire.exams import MAX_ANSWER, SheetQuestion
from protocol.wire.exams import Sheet as ExamSheet

_CHOOSE = (("A…", "sitting.choose"),)
_TYPE = (("Esc", "sitting.out_of_field"),)
_WRITE = (("⏎", "sitting.write"),)
_MOVE = (("PgUp PgDn", "sitting.move"),)
_KEYS = (("m", "sitting.mark"), ("o", "sitting.overview"), ("s", "sitting.submit"))


class SittingSheet(Sheet[None]):
    """Escape leaves it; the time goes on, and it can be gone on with from the exam centre."""

    CSS_PATH = "sitting.tcss"
    AUTO_FOCUS = ""
    HINTS = (*_CHOOSE, *_MOVE, *_KEYS, ("Esc", "sitting.leave"))
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("pagedown", "move(1)", priority=True),
        Binding("pageup", "move(-1)", priority=True),
        ("right", "move(1)"),
        ("left", "move(-1)"),
        *((letter, f"choose({place})") for place, letter in enumerate("abcdefghij")),
        *((str(place + 1), f"choose({place})") for place in range(9)),
        ("space", "choose_highlighted"),
        ("enter", "write"),
        ("m", "mark"),
        ("o", "overview"),
        ("s", "submit"),
    ]

    @dataclass
    class Answered(Message):
        """What is answered to a question: chosen at once, or as typed so far."""

        sitting: str
        question: str
        answer: tuple[str, ...]
        typed: bool

    @dataclass
    class OverviewWanted(Message):
        """All questions at a glance."""

        overview: SittingOverview

    class SubmitWanted(Message):
        """It is to be handed in."""

    class Left(Message):
        """The candidate leaves the screen, and the exam goes on."""

    def __init__(self, paper: ExamSheet) -> None:
        super().__init__()
        self.paper: ExamSheet | None = paper
        self.place = next(
            (place for place, each in enumerate(paper.questions) if not each.answer), 0
        )
        self.marked: set[str] = set()
        """Questions to come back to."""
        self.unkept = 0
        """Answers that the seat has not confirmed."""
        self._shown = ""
        self._view: View | None = None

    @property
    def sitting(self) -> str:
        """Which sitting it is."""
        return self.paper.sitting if self.paper is not None else ""

    @property
    def question(self) -> SheetQuestion | None:
        """The one on the screen."""
        questions = self.paper.questions if self.paper is not None else ()
        return questions[self.place] if self.place < len(questions) else None

    @property
    def unanswered(self) -> int:
        """Questions without an answer."""
        questions = self.paper.questions if self.paper is not None else ()
        return sum(not each.answer for each in questions)

    def compose(self) -> ComposeResult:
        """The time in place of the state, which is an exam: no call comes."""
        yield TopBar()
        yield Banner()
        yield SittingBand(self)
        yield from self.compose_parts()
        with Vertical(classes="foot"):
            yield OrderNotice()
            yield Notice()
            yield KeyBar(self.HINTS)

    def compose_parts(self) -> ComposeResult:
        """Question, answer, overview."""
        yield QuestionHead(self)
        with VerticalScroll(id="sitting-question", can_focus=False):
            yield QuestionText(self)
        with Vertical(id="sitting-answer"):
            yield AnswerChoices()
            yield Field(id="sitting-text", max_length=MAX_ANSWER)
            yield EssayArea(id="sitting-essay")
        yield Overview(self)

    def show(self, view: View) -> None:
        """The present moment: the paper is as the seat tells it."""
        self._view = view
        told = view.exams.sheet if view.exams is not None else None
        if told is not None and self.paper is not None and told.sitting == self.paper.sitting:
            self.paper = told
        for band in self.query(SittingBand):
            band.show(view)
        self._show_answer(view)
        for bar in self.query(KeyBar):
            bar.hint(self._hints())
        super().show(view)

    def show_again(self) -> None:
        """Paint what may differ."""
        if self._view is not None:
            self.show(self._view)

    def _show_answer(self, view: View) -> None:
        question = self.question
        if question is None:
            return
        for choices in self.query(AnswerChoices):
            choices.display = question.type in CHOICES
            if question.type in CHOICES:
                choices.offer(view, question)
        for field in self.query("#sitting-text").results(Input):
            field.display = question.type is QuestionType.FILL_IN
            field.placeholder = view.words.text("sitting.fill_in")
        for area in self.query(EssayArea):
            area.display = question.type is QuestionType.ESSAY
        if self._shown != question.question and self.query(EssayArea):
            self._shown = question.question
            self._put(question)

    def _put(self, question: SheetQuestion) -> None:
        """Another question is on the screen: what was answered to it, and where keys go."""
        text = question.answer[0] if question.answer else ""
        field, area = self.query_one("#sitting-text", Input), self.query_one(EssayArea)
        with self.prevent(Input.Changed, TextArea.Changed):
            field.value = text if question.type is QuestionType.FILL_IN else ""
            area.text = text if question.type is QuestionType.ESSAY else ""
        self.query_one("#sitting-question").scroll_home(animate=False)
        self._focus_answer(question)

    def _focus_answer(self, question: SheetQuestion) -> None:
        if question.type in CHOICES:
            self.query_one(AnswerChoices).focus()
        elif question.type is QuestionType.FILL_IN:
            self.query_one("#sitting-text").focus()
        else:
            self.query_one(EssayArea).focus()

    @property
    def _typing(self) -> bool:
        return isinstance(self.focused, Input | TextArea)

    def _hints(self) -> tuple[tuple[str, str], ...]:
        if self._typing:
            return (*_TYPE, *_MOVE)
        question = self.question
        first = _CHOOSE if question is not None and question.type in CHOICES else _WRITE
        return (*first, *_MOVE, *_KEYS, ("Esc", "sitting.leave"))

    def action_move(self, by: int) -> None:
        """To the next question, or the one before."""
        self.go_to(self.place + by)

    def go_to(self, place: int) -> None:
        """To a question."""
        last = len(self.paper.questions) - 1 if self.paper is not None else 0
        self.place = min(max(0, place), last)
        self.show_again()

    def action_choose(self, place: int) -> None:
        """Choose an option, or take it back."""
        question = self.question
        if question is None or question.type not in CHOICES or self._view is None:
            return
        known = said_options(self._view.words, question.type, question.options, question.names)
        if place < min(len(known), len(LETTERS)):
            self.query_one(AnswerChoices).highlighted = place
            name, _ = known[place]
            self._answer(question, toggled(question, name))

    def action_choose_highlighted(self) -> None:
        """The option under the highlight."""
        highlighted = self.query_one(AnswerChoices).highlighted
        if highlighted is not None:
            self.action_choose(highlighted)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        event.stop()
        self.action_choose(event.option_index)

    @on(Input.Changed, "#sitting-text")
    def typed(self, event: Input.Changed) -> None:
        """What stands in the field so far."""
        event.stop()
        self._typed(event.value)

    @on(TextArea.Changed)
    def written(self, event: TextArea.Changed) -> None:
        """The essay so far."""
        event.stop()
        self._typed(event.text_area.text)

    @on(Input.Submitted, "#sitting-text")
    def on_to_next(self, event: Input.Submitted) -> None:
        """Enter in the field goes on."""
        event.stop()
        self.action_move(1)

    def action_write(self) -> None:
        """Back into the field."""
        if self.question is not None:
            self._focus_answer(self.question)
            self.show_again()

    def action_mark(self) -> None:
        """To come back to later, or not."""
        if self.question is not None:
            self.marked ^= {self.question.question}
            self.show_again()

    def action_overview(self) -> None:
        """All at a glance."""
        if self.paper is not None:
            marked = frozenset(self.marked)
            overview = SittingOverview(self.paper.questions, marked, self.place)
            self.post_message(self.OverviewWanted(overview))

    def action_submit(self) -> None:
        """Hand it in."""
        self.post_message(self.SubmitWanted())

    def action_close(self) -> None:
        """Out of the field, else out of the screen."""
        if self._typing:
            self.set_focus(None)
            self.show_again()
        else:
            self.post_message(self.Left())

    def _typed(self, text: str) -> None:
        question = self.question
        if question is not None and question.question == self._shown:
            self._answer(question, (text,) if text.strip() else (), typed=True)

    def _answer(
        self, question: SheetQuestion, answer: tuple[str, ...], *, typed: bool = False
    ) -> None:
        self.post_message(self.Answered(self.sitting, question.question, answer, typed))
