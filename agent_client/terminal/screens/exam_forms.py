"""What is done to an exam that was issued: withdrawn, made void, given more time; and an essay
marked. Each says what follows, and keeps why."""

from collections.abc import Sequence

from textual.widget import Widget

from agent_client.terminal.cells import shown, shown_lines
from agent_client.terminal.exam_words import points
from agent_client.terminal.screens.document_form import NumberField
from agent_client.terminal.screens.form import Form
from agent_client.terminal.screens.question_form import letters_in
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    MAX_EXTRA_S,
    CorrectKey,
    EssayRow,
    ExamRow,
    ExtendTime,
    MarkEssay,
    SittingRow,
    VoidExam,
    WithdrawExam,
)
from protocol.wire.orders import MAX_TEXT
from protocol.wire.texts import TextFault, bad_text

_MINUTE = 60


class _ReasonForm(Form):
    def fields(self) -> Sequence[Widget]:
        """The reason."""
        return (self.reason(),)

    def reason(self) -> Widget:
        """The field that sends."""
        return Field(id="text", compact=True, max_length=MAX_TEXT)

    def said(self) -> str:
        """Why. Raises `Refused` without."""
        text = self.value("text")
        if not text:
            raise bad_text(TextFault.EMPTY, MAX_TEXT)
        return text


class WithdrawExamForm(_ReasonForm):
    """While nobody has begun."""

    NAMED = "exam_withdraw.title"

    def __init__(self, row: ExamRow) -> None:
        super().__init__()
        self._row = row

    def says(self, view: View) -> str:
        """Which, and what follows."""
        return f"{shown(self._row.name)}\n{view.words.text('exam_withdraw.follows')}"

    def message(self) -> WithdrawExam:
        """With why."""
        return WithdrawExam(0, self._row.issue, self.said())


class VoidExamForm(_ReasonForm):
    """It counts for nobody then."""

    NAMED = "exam_void.title"

    def __init__(self, row: ExamRow) -> None:
        super().__init__()
        self._row = row

    def says(self, view: View) -> str:
        """Which, how many have sat it, and what follows."""
        follows = view.words.text("exam_void.follows", count=self._row.begun)
        return f"{shown(self._row.name)}\n{follows}"

    def message(self) -> VoidExam:
        """With why."""
        return VoidExam(0, self._row.issue, self.said())


class ExtendForm(_ReasonForm):
    """More time for an outage that is confirmed."""

    NAMED = "exam_extend.title"

    def __init__(self, row: SittingRow, who: str) -> None:
        super().__init__()
        self._row, self._who = row, who

    def fields(self) -> Sequence[Widget]:
        """How much, and why."""
        return (NumberField(10, id="exam-extra"), self.reason())

    def says(self, view: View) -> str:
        """Whose, how much at most, and that it is on record."""
        most = MAX_EXTRA_S // _MINUTE
        return f"{shown(self._who)}\n{view.words.text('exam_extend.follows', most=most)}"

    def message(self) -> ExtendTime:
        """In seconds."""
        seconds = int(self.value("exam-extra") or 0) * _MINUTE
        return ExtendTime(0, "", self._row.sitting, seconds, self.said())


class MarkForm(Form):
    """One essay, of nobody who is named; the next one follows."""

    CSS_PATH = ["dialog.tcss", "form.tcss", "exams.tcss"]  # noqa: RUF012 - Textual's own form
    NAMED = "exam_mark.title"
    HINTS = (
        ("⏎", "exam_mark.keep"),
        ("↑↓", "exam_mark.scroll"),
        ("Esc", "dialog.close"),
    )

    def __init__(self, issue: str, essay: EssayRow, left: int) -> None:
        """`left`: how many wait, this one among them."""
        super().__init__()
        self._issue, self._essay, self._left = issue, essay, left

    def fields(self) -> Sequence[Widget]:
        """Points and what is said of it."""
        marked = self._essay.marked
        text = "" if marked is None else points(marked)
        return (
            Field(text, id="exam-points", compact=True, max_length=6),
            Field(id="exam-remark", compact=True, max_length=MAX_TEXT),
        )

    def says(self, view: View) -> str:
        """Question and answer, whole."""
        words, essay = view.words, self._essay
        head = words.text("exam_mark.head", most=points(essay.half_points), left=self._left)
        answer = shown_lines(essay.answer) or words.text("exam_mark.empty")
        return f"{head}\n{shown_lines(essay.text)}\n\n{answer}"

    def message(self) -> MarkEssay:
        """In half points. Raises `Refused` where they are none."""
        try:
            twice = float(self.value("exam-points").replace(",", ".")) * 2
        except ValueError:
            twice = -1.0
        if not (twice.is_integer() and 0 <= twice <= self._essay.half_points):
            raise Refused(Code.BAD_MARK, most=points(self._essay.half_points))
        remark = self.value("exam-remark")
        return MarkEssay(0, self._issue, self._essay.essay, int(twice), remark)


class CorrectKeyForm(_ReasonForm):
    """Another key: every sitting of the exam is counted anew."""

    NAMED = "exam_key.title"

    def __init__(self, issue: str, question: str, body: Question) -> None:
        super().__init__()
        self._issue, self._question, self._body = issue, question, body

    def fields(self) -> Sequence[Widget]:
        """The key, and why."""
        separator = "" if self._body.type is not QuestionType.FILL_IN else "; "
        key = separator.join(self._body.key)
        return (Field(key, id="question-key", compact=True, max_length=MAX_TEXT), self.reason())

    def says(self, view: View) -> str:
        """Which question, how a key is written, and what follows."""
        words = view.words
        how = words.text(f"exam_key.says_{self._body.type}")
        return f"{shown(self._body.text)}\n{how}\n{words.text('exam_key.follows')}"

    def message(self) -> CorrectKey:
        """With why."""
        typed = self.value("question-key")
        if self._body.type is QuestionType.FILL_IN:
            parts = typed.replace("\uff1b", ";").split(";")
            right = tuple(part.strip() for part in parts if part.strip())
        else:
            right = letters_in(typed)
        return CorrectKey(0, "", self._issue, self._question, right, self.said())
