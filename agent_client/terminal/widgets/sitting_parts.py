"""What the screen of a sitting is made of: title, remaining time, question, choices, overview."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Digits, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import shown, shown_lines
from agent_client.terminal.exam_words import (
    LETTERS,
    points,
    remaining,
    said_options,
    seconds_left,
)
from agent_client.terminal.screens.sitting_overview import ANSWERED, EMPTY, MARKED
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line, between
from agent_client.terminal.widgets.note_area import NoteArea
from protocol.facts.exam import QuestionType
from protocol.wire.exams import MAX_ANSWER, Sheet, SheetQuestion

SOON_S, VERY_SOON_S = 300, 60
_CHOSEN = {True: "■", False: "□"}
_ONE_CHOSEN = {True: "◉", False: "○"}


class Paper(Protocol):
    """What lies open, and where the candidate is."""

    place: int
    marked: set[str]
    unkept: int
    """Answers that the seat has not confirmed."""

    @property
    def paper(self) -> Sheet | None:
        """As the seat told it last."""

    @property
    def question(self) -> SheetQuestion | None:
        """The one on the screen."""


class SittingBand(Horizontal):
    """What is being sat and how it is kept on the left, the time that remains on the right."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self._paper = paper

    def compose(self) -> ComposeResult:
        """The words and the clock."""
        yield SittingWords(self._paper)
        yield Digits(id="sitting-clock")

    def show(self, view: View) -> None:
        """The time goes on; in its last minutes it is in another colour."""
        told = view.exams
        left = seconds_left(view.now, told.deadline_ms if told is not None else None)
        reading = "--:--:--" if left is None else remaining(left)
        for clock in self.query(Digits):
            clock.set_class(left is not None and left <= SOON_S, "-soon")
            if clock.value != reading:
                clock.update(reading)


class SittingWords(Line):
    """Title and points; how long; whether what was answered is kept."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(id="sitting-words")
        self._paper = paper

    def paint(self, view: View) -> Content:
        """Three lines."""
        sheet, words = self._paper.paper, view.words
        if sheet is None:
            return Content("")
        total = words.text("sitting.total", points=points(sheet.half_points))
        kind = words.text(f"exam_kind.{sheet.kind}")
        return Content("\n").join(
            (
                Content.assemble((shown(sheet.name), "bold"), f"  {kind}"),
                Content(f"{total}  ·  {words.text('sitting.remaining')}"),
                self._kept(view),
            )
        )

    def _kept(self, view: View) -> Content:
        words, told = view.words, view.exams
        if view.seat_gone:
            return Content.styled(f"! {words.text('sitting.gone')}", "bold $warning")
        if self._paper.unkept:
            text = words.text("sitting.not_kept", count=self._paper.unkept)
            return Content.styled(text, "bold $warning")
        if told is not None and told.unsaved:
            return Content.styled(words.text("sitting.kept_here", count=told.unsaved), "$warning")
        return Content.styled(f"✓ {words.text('sitting.kept')}", "$success")


class QuestionHead(Line):
    """Which question of how many, of what kind, and for how many points."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self._paper = paper

    def paint(self, view: View) -> Content:
        """One line."""
        sheet, question, words = self._paper.paper, self._paper.question, view.words
        if sheet is None or question is None:
            return Content("")
        at = words.text("sitting.question", n=self._paper.place + 1, of=len(sheet.questions))
        kind = words.text(f"question_type.{question.type}")
        worth = words.text("sitting.points", points=points(question.half_points))
        later = question.question in self._paper.marked
        mark = f"{MARKED} {words.text('sitting.marked')}" if later else ""
        left = Content.assemble((at, "bold"), f"  {kind}  ·  {worth}")
        return between(left, Content.styled(mark, "$key"), self.size.width)


class QuestionText(Line):
    """What is asked."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self._paper = paper

    def paint(self, view: View) -> Content:
        """As it was written."""
        question = self._paper.question
        return Content(shown_lines(question.text) if question is not None else "")


class Overview(Line):
    """How much is answered, and the questions around this one."""

    def __init__(self, paper: Paper) -> None:
        super().__init__()
        self._paper = paper

    def paint(self, view: View) -> Content:
        """The counts, and a mark a question as far as the line goes."""
        sheet = self._paper.paper
        if sheet is None:
            return Content("")
        done = sum(bool(each.answer) for each in sheet.questions)
        counts = view.words.text(
            "sitting.counts",
            answered=done,
            empty=len(sheet.questions) - done,
            marked=len(self._paper.marked),
        )
        room = max(1, (self.size.width - 2) // 5)
        first = max(0, min(self._paper.place - room // 2, len(sheet.questions) - room))
        cells = [
            self._cell(place, each)
            for place, each in list(enumerate(sheet.questions))[first : first + room]
        ]
        return Content("\n").join((Content.styled(counts, "$quiet"), Content.assemble(*cells)))

    def _cell(self, place: int, question: SheetQuestion) -> Content:
        mark = MARKED if question.question in self._paper.marked else " "
        text = f"{place + 1:>3}{ANSWERED if question.answer else EMPTY}{mark}"
        return Content.styled(text, "bold reverse" if place == self._paper.place else "")


class AnswerChoices(OptionList):
    """The options of a question. What is chosen is what the seat says is kept."""

    def __init__(self) -> None:
        super().__init__(markup=False, classes="sitting-choices")
        self._made_of: object = None

    def offer(self, view: View, question: SheetQuestion) -> None:
        """Made again where another question, answer or language is shown."""
        made_of = (question, view.words.language)
        if made_of == self._made_of:
            return
        same = isinstance(self._made_of, tuple) and self._made_of[0].question == question.question
        highlighted = self.highlighted if same else 0
        self._made_of = made_of
        marks = _CHOSEN if question.type is QuestionType.MULTI else _ONE_CHOSEN
        known = said_options(view.words, question.type, question.options, question.names)
        self.set_options(
            Option(
                Content.assemble(
                    (f"{marks[name in question.answer]} {letter}", "bold"), f"  {text}"
                )
            )
            for letter, (name, text) in zip(LETTERS, known, strict=False)
        )
        self.highlighted = highlighted


class EssayArea(NoteArea):
    """A field of several lines for an essay."""

    MOST: ClassVar[int] = MAX_ANSWER


def toggled(question: SheetQuestion, name: str) -> tuple[str, ...]:
    """The answer with an option chosen, or taken back."""
    if name in question.answer:
        return tuple(each for each in question.answer if each != name)
    if question.type is QuestionType.MULTI:
        return _in_order(question.names, (*question.answer, name))
    return (name,)


def _in_order(names: Sequence[str], chosen: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if name in chosen))
