"""Whether an exam is to be begun: what it means is said first."""

from collections.abc import Sequence

from agent_client.terminal.cells import shown
from agent_client.terminal.exam_words import minutes
from agent_client.terminal.screens.either import Either
from agent_client.terminal.wording import Wording
from protocol.wire.exams import ExamRow


class ExamBegin(Either):
    """Answers with whether to begin."""

    CHOICES = ("exam_begin.not_now", "exam_begin.begin")

    def __init__(self, row: ExamRow, ends: str) -> None:
        """`ends`: when the window closes, as the site's clock shows it."""
        super().__init__()
        self._row = row
        self._ends = ends

    def says(self, words: Wording) -> Sequence[str]:
        """How long, whether it counts, and what is noted."""
        row = self._row
        return (
            words.text("exam_begin.question", name=shown(row.name)),
            words.text("exam_begin.duration", minutes=minutes(row.duration_s), ends=self._ends),
            words.text(f"exam_begin.{row.sitting}"),
            words.text("exam_begin.kept"),
            words.text("exam_begin.line"),
            words.text("exam_begin.focus"),
        )


class ExamSubmit(Either):
    """Answers with whether to hand in."""

    CHOICES = ("exam_submit.not_now", "exam_submit.submit")

    def __init__(self, unanswered: int, marked: int, left: str) -> None:
        """`left`: the time that remains."""
        super().__init__()
        self._unanswered = unanswered
        self._marked = marked
        self._left = left

    def says(self, words: Wording) -> Sequence[str]:
        """What is still empty, and that there is no way back."""
        empty = words.text("exam_submit.unanswered", count=self._unanswered)
        said = [words.text("exam_submit.question")]
        said.append(empty if self._unanswered else words.text("exam_submit.all_answered"))
        if self._marked:
            said.append(words.text("exam_submit.marked", count=self._marked))
        said += [words.text("exam_submit.left", time=self._left), words.text("exam_submit.final")]
        return said
