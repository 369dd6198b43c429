"""What came of an exam: the score, and question by question what may be shown."""

from collections.abc import Iterable

from textual.content import Content

from agent_client.terminal.cells import shown, shown_lines
from agent_client.terminal.exam_words import LETTERS, points, said_answer, said_options, score_line
from agent_client.terminal.screens.documents import moment
from agent_client.terminal.screens.exam_centre import zone_of_view
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from protocol.facts.exam import QuestionType
from protocol.wire.exams import ExamResult, ResultQuestion

_RIGHT, _WRONG, _PARTLY, _OPEN = "✓", "✗", "◐", "…"


class ExamResultSheet(Listing[ExamResult, ResultQuestion]):
    """A line a question, with the highlighted one in full."""

    NAMED = "exam_result.title"
    NOTHING = "exam_result.none"
    HINTS = (("Esc", "dialog.close"),)

    def rows(self, view: View, told: ExamResult, width: int) -> Iterable[Listed[ResultQuestion]]:
        """In the order of the paper."""
        for place, question in enumerate(told.questions, 1):
            score = "–" if question.score is None else f"{question.score:g}"
            most = points(question.half_points)
            line = Content.assemble(
                (f"{place:>3} {_mark(question)} ", "bold"),
                (f"{score:>4}/{most:<4} ", "$quiet"),
                shown(question.text),
            )
            yield Listed(question.question, line, _detail(view, told, question), question)

    def summary(self, view: View, told: ExamResult) -> str:
        """Name and score."""
        return f"{shown(told.name)}  ·  {score_line(view.words, told.row)}"


def _mark(question: ResultQuestion) -> str:
    if question.score is None:
        return _OPEN
    if question.score * 2 >= question.half_points:
        return _RIGHT
    return _PARTLY if question.score else _WRONG


def _detail(view: View, told: ExamResult, question: ResultQuestion) -> tuple[Content, ...]:
    """What was asked, what was answered, what is right, and what was said of it."""
    words = view.words
    known = (words, question.type, question.names, question.options)
    answered = said_answer(*known, question.answer) or words.text("exam_result.unanswered")
    lines = [Content.styled(words.text("exam_result.answered", answer=answered), "bold")]
    if question.right:
        right = said_answer(*known, question.right)
        lines.append(Content.styled(words.text("exam_result.right", answer=right), "$success"))
    elif question.type is QuestionType.ESSAY and question.score is None:
        lines.append(Content.styled(words.text("exam_result.essay_waits"), "$quiet"))
    elif not told.keys_shown:
        at = moment(told.keys_from_ms, zone_of_view(view))
        lines.append(Content.styled(words.text("exam_result.keys_from", at=at), "$quiet"))
    if question.remark:
        lines.append(Content(words.text("exam_result.remark", text=shown(question.remark))))
    lines.append(Content(shown_lines(question.text)))
    if question.options:
        options = said_options(words, question.type, question.options, question.names)
        letters = zip(LETTERS, options, strict=False)
        lines.append(Content("  ".join(f"{letter} {text}" for letter, (_, text) in letters)))
    return tuple(lines)
