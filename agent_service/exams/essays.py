"""Essays without the names of who wrote them: each has a name of its own, which comes of the
issue's seed, and they stand in the order of those names. Pure."""

import hmac
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from agent_service.exams.marks import settled
from agent_service.exams.papers import ExamPaper, ExamQuestion
from agent_service.exams.results import is_answer
from agent_service.exams.row import Kept, Mark, StoredIssue, StoredSitting
from protocol.wire.exams import EssayRow

_LENGTH = 32
_NOTHING = Kept(0, ())


class Essay(NamedTuple):
    """What somebody wrote, and what its markers gave."""

    name: str
    agent: str
    question: ExamQuestion
    answer: tuple[str, ...]
    marks: dict[str, Mark]
    """By marker."""

    @property
    def waits(self) -> bool:
        """Whether it needs a marker, or another one."""
        given = [mark.half_points for mark in self.marks.values()]
        return settled(given, self.question.half_points) is None

    def waits_for(self, marker: str) -> bool:
        """Whether this marker can be the one."""
        return self.waits and marker != self.agent and marker not in self.marks

    def told(self, marker: str) -> EssayRow:
        """As a marker is told of it."""
        own = self.marks.get(marker)
        return EssayRow(
            self.name,
            self.question.question,
            self.question.body.text,
            "\n".join(self.answer),
            self.question.half_points,
            None if own is None else own.half_points,
            len(self.marks),
        )


def essay_name(issue: StoredIssue, sitting: str, question: str) -> str:
    """Nobody finds the sitting by it who doesn't have the seed."""
    said = f"essay\0{sitting}\0{question}"
    return hmac.digest(issue.seed.encode(), said.encode(), sha256).hex()[:_LENGTH]


def essays(paper: ExamPaper, issue: StoredIssue, sittings: Iterable[StoredSitting]) -> list[Essay]:
    """Those that were handed in with something in them: by question, then by their names."""
    place = {each.question: number for number, each in enumerate(paper.questions)}
    found = (
        essay
        for sitting in sittings
        if sitting.submitted_ms is not None
        for essay in _of(paper, issue, sitting)
    )
    return sorted(found, key=lambda each: (place[each.question.question], each.name))


def _of(paper: ExamPaper, issue: StoredIssue, sitting: StoredSitting) -> Iterator[Essay]:
    asked = paper.essays
    if not asked:
        return
    kept, marked = sitting.kept(), sitting.marked()
    for each in asked:
        answer = kept.get(each.question, _NOTHING).answer
        if is_answer(answer):
            name = essay_name(issue, sitting.sitting, each.question)
            marks = dict(marked.get(each.question, {}))
            yield Essay(name, sitting.agent, each, answer, marks)
