"""How exams went: by paper with the spread of its results, and question by question."""

from collections.abc import Iterable

from textual.content import Content
from textual.message import Message

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.listing import Listed, Listing, heading
from agent_client.terminal.view import View
from protocol.wire.exams import AnswerStatistics, ExamStatistics, PaperStatistics

_BLOCKS = "·▁▂▃▄▅▆▇█"

About = PaperStatistics | AnswerStatistics


class ExamStatisticsSheet(Listing[ExamStatistics, About]):
    """Enter is not needed: the highlighted row stands in full below, a paper with its chart."""

    NAMED = "examining.statistics"
    NOTHING = "exam_statistics.none"
    HINTS = (("x", "report.save"), ("Esc", "dialog.close"))
    BINDINGS = [("x", "save")]  # noqa: RUF012 - Textual's own form

    class SaveWanted(Message):
        """As a workbook."""

    def rows(self, view: View, told: ExamStatistics, width: int) -> Iterable[Listed[About]]:
        """Papers, then their questions."""
        words = view.words
        if told.papers:
            yield heading("papers", words.text("exam_statistics.papers"))
        for paper in told.papers:
            average = words.text("exam_statistics.average", percent=_percent(paper.average_percent))
            spread = "".join(_blocks(paper.tenths))
            line = Content.assemble((shown(paper.name), "bold"), f"  {average}  ", (spread, "$key"))
            yield Listed(f"i-{paper.issue}", line, _paper(view, paper), paper)
        if told.questions:
            yield heading("questions", words.text("exam_statistics.questions"))
        for each in told.questions:
            said = words.text(
                "exam_statistics.answers",
                answered=each.answered,
                wrong=each.wrong,
                wrong_percent=_percent(each.wrong_percent),
                right=each.right,
                right_percent=_percent(each.right_percent),
            )
            line = Content.assemble((f"{said}  ", "$quiet"), shown(each.text))
            detail = (
                Content.styled(shown(each.paper), "bold"),
                Content(shown(each.text)),
                Content(said),
            )
            yield Listed(f"q-{each.paper}-{each.question}", line, detail, each)

    def summary(self, view: View, told: ExamStatistics) -> str:
        """What is counted."""
        return view.words.text("exam_statistics.counted")

    def action_save(self) -> None:
        """Save it."""
        self.post_message(self.SaveWanted())


def _paper(view: View, paper: PaperStatistics) -> tuple[Content, ...]:
    """Its figures, and a bar for each tenth that has results."""
    words = view.words
    said = words.text(
        "exam_statistics.paper",
        candidates=paper.candidates,
        submitted=paper.submitted,
        passed=paper.passed,
        waiting=paper.waiting,
        lowest=_percent(paper.lowest_percent),
        highest=_percent(paper.highest_percent),
    )
    return (Content(said), *_chart(paper.tenths))


def _chart(tenths: tuple[int, ...]) -> list[Content]:
    """In two lines: how high each tenth is, and how many it has."""
    if not any(tenths):
        return []
    bars = "".join(f"{block * 4} " for block in _blocks(tenths))
    counts = "".join(f"{count:^5}" for count in tenths)
    scale = "".join(f"{10 * place:<5}" for place in range(len(tenths)))
    return [
        Content.styled(bars, "$key"),
        Content(counts),
        Content.styled(f"{scale}%", "$quiet"),
    ]


def _blocks(tenths: tuple[int, ...]) -> list[str]:
    most = max(tenths, default=0) or 1
    return [_BLOCKS[-(-count * (len(_BLOCKS) - 1) // most)] for count in tenths]


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:g} %"
