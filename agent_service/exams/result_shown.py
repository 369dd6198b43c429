"""What may be shown of a result, to whom and from when on. Pure.

Before the window has ended for everybody, a candidate is told neither a key nor what a question
that has one was given: with a mock exam, which may be sat again and again, that would be as good.
"""

from collections.abc import Iterable

from agent_service.exams.results import Graded
from agent_service.exams.row import StoredIssue
from agent_service.exams.sheet import in_order, texts
from agent_service.exams.sitting import GRACE_MS, Sat
from protocol.facts.exam import QuestionType
from protocol.rules.permissions import teaches
from protocol.rules.rounding import rounded
from protocol.wire.exams import ResultQuestion, ResultState
from protocol.wire.session import Person


def keys_from_ms(issue: StoredIssue, ends_ms: Iterable[int]) -> int:
    """When the window ends; later, while somebody has been given more time, or while a formal exam
    with the same paper, such as the retake, has another end."""
    return max((issue.end_ms, *ends_ms))


def keys_shown(actor: Person, issue: StoredIssue, from_ms: int, now_ms: int) -> bool:
    """Once no answer can come any more; to whoever teaches, and is no candidate, at any time."""
    if teaches(actor) and actor.number not in issue.candidates():
        return True
    return now_ms > from_ms + GRACE_MS


def result_questions(
    sat: Sat, found: Graded, actor: Person, *, with_keys: bool
) -> tuple[ResultQuestion, ...]:
    """In the candidate's order. Before all essays are marked, nobody but the candidate reads them
    beside the name."""
    hidden = actor.number != sat.row.agent and found.state is ResultState.AWAITING_MARKING
    names = [each.question for each in sat.paper.questions]
    answered = dict(zip(names, found.answered, strict=True))
    scores = dict(zip(names, found.result.scores, strict=True))
    marked, shown = sat.row.marked(), []
    for question, order in in_order(sat.paper, sat.issue, sat.row.agent):
        name, is_essay = question.question, question.body.type is QuestionType.ESSAY
        score = scores[name] if is_essay or with_keys else None
        marks = marked.get(name, {}) if score is not None else {}
        shown.append(
            ResultQuestion(
                name,
                question.body.type,
                question.body.text,
                texts(question, order),
                order,
                question.half_points,
                () if is_essay and hidden else answered[name].answer,
                None if score is None else rounded(score),
                answered[name].key if with_keys else (),
                "\n".join(mark.text for mark in marks.values() if mark.text),
            )
        )
    return tuple(shown)
