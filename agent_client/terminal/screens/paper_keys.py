"""The standard answers of a paper; of one that was issued, keys can be corrected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList

from agent_client.terminal.cells import shown, shown_lines
from agent_client.terminal.exam_words import LETTERS, points
from agent_client.terminal.paper_lines import Asked
from agent_client.terminal.screens.listing import Listed, Listing
from agent_client.terminal.view import View
from protocol.facts.exam import PaperItem, QuestionType
from protocol.wire.exams import ExamRow

Keyed = tuple[PaperItem, Asked]


class PaperKeysSheet(Listing[Sequence[Keyed], Keyed]):
    """A line a question with its key."""

    NAMED = "paper_keys.title"
    NOTHING = "paper_keys.none"
    HINTS: ClassVar[Sequence[tuple[str, str]]] = (("Esc", "dialog.close"),)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._called = name

    def rows(self, view: View, told: Sequence[Keyed], width: int) -> Iterable[Listed[Keyed]]:
        """In the order of the paper."""
        comma = view.words.text("comma")
        for place, (item, asked) in enumerate(told, 1):
            question = asked.question
            essay = question.type is QuestionType.ESSAY
            key = view.words.text("question_type.essay") if essay else comma.join(question.key)
            line = Content.assemble(
                (f"{place:>3}  ", "bold"),
                (f"{shown(key)}  ", "bold $success"),
                (f"{points(item.half_points)}  ", "$quiet"),
                shown(question.text),
            )
            letters = zip(LETTERS, question.options, strict=False)
            detail = [Content(shown_lines(question.text))]
            detail += [Content(f"{letter} {shown(text)}") for letter, text in letters]
            yield Listed(item.question, line, tuple(detail), (item, asked))

    def summary(self, view: View, told: Sequence[Keyed]) -> str:
        """Which paper, and its points."""
        total = points(sum(item.half_points for item, _ in told))
        said = view.words.text("sitting.total", points=total)
        return f"{shown(self._called)}  ·  {said}"


class IssueKeysSheet(PaperKeysSheet):
    """Of an exam that was issued: Enter corrects a key."""

    HINTS = (("⏎", "paper_keys.correct"), ("Esc", "dialog.close"))

    @dataclass
    class CorrectWanted(Message):
        """Another key is to stand for this question."""

        issue: str
        keyed: Keyed

    def __init__(self, exam: ExamRow) -> None:
        super().__init__(exam.name)
        self._issue = exam.issue

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter."""
        event.stop()
        keyed = self.chosen()
        if keyed is not None:
            self.post_message(self.CorrectWanted(self._issue, keyed))
