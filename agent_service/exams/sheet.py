"""What a candidate gets to see of a paper. No key can be in it: nothing of a question is taken
over but its text, its options, and what the candidate answered. Pure."""

from agent_service.exams.papers import ExamPaper, ExamQuestion
from agent_service.exams.row import Kept, StoredIssue, StoredSitting
from agent_service.exams.shuffling import shuffled
from protocol.wire.exams import Sheet, SheetQuestion


def in_order(
    paper: ExamPaper, issue: StoredIssue, agent: str
) -> tuple[tuple[ExamQuestion, tuple[str, ...]], ...]:
    """The questions as somebody gets them, each with the names of its options as shown."""
    if not paper.body.shuffled:
        return tuple((each, each.names) for each in paper.questions)
    by_name = {each.question: each for each in paper.questions}
    order = shuffled(tuple(by_name), issue.seed, agent)
    return tuple(
        (by_name[name], shuffled(by_name[name].names, issue.seed, agent, name)) for name in order
    )


def texts(question: ExamQuestion, names: tuple[str, ...]) -> tuple[str, ...]:
    """The options behind the names."""
    options = dict(zip(question.names, question.body.options, strict=True))
    return tuple(options[name] for name in names)


def sheet(
    re: int, paper: ExamPaper, issue: StoredIssue, sitting: StoredSitting, now_ms: int
) -> Sheet:
    """The paper in the candidate's own order, with what is answered."""
    kept = sitting.kept()
    questions = tuple(
        _question(each, names, kept.get(each.question))
        for each, names in in_order(paper, issue, sitting.agent)
    )
    return Sheet(
        re,
        sitting.sitting,
        sitting.turn,
        paper.body.name,
        issue.kind,
        questions,
        paper.half_points,
        now_ms,
        sitting.deadline_ms,
        sitting.number,
    )


def _question(asked: ExamQuestion, names: tuple[str, ...], kept: Kept | None) -> SheetQuestion:
    return SheetQuestion(
        asked.question,
        asked.body.type,
        asked.body.text,
        asked.half_points,
        texts(asked, names),
        names,
        () if kept is None else kept.answer,
        0 if kept is None else kept.number,
    )
