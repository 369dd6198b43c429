"""Issues and sittings as they stand, folded from their facts: pure. Nothing that is computed from
answers and keys is kept."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.exam import (
    AnswerSaved,
    EssayMarked,
    ExamIssued,
    ExamVoided,
    ExamWithdrawn,
    FocusLeft,
    KeyCorrected,
    ResultSeen,
    SittingKind,
    SittingResumed,
    SittingStarted,
    SittingSubmitted,
    TimeExtended,
)

Texts = tuple[str, ...]
_SECOND_MS = 1_000
_texts = msgspec.json.Decoder(Texts)
_keys = msgspec.json.Decoder(dict[str, Texts])


class IssueStanding(StrEnum):
    """What became of an issue, beside the time."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class StoredIssue(msgspec.Struct, frozen=True, gc=False):
    """One issue, its fields in the order of the table's columns."""

    issue: str
    paper: str
    version: int
    start_ms: int
    end_ms: int
    duration_s: int
    kind: SittingKind
    seed: str
    actor: str
    issued_ms: int
    retake_of: str
    agents: str
    """Staff numbers, as JSON."""
    standing: IssueStanding = IssueStanding.GIVEN
    begun: int = 0
    """Sittings."""
    corrected: str = "{}"
    """By question, the key that is in force in place of the paper's; as JSON."""
    corrected_at: int = 0
    """The entry that corrected one last; 0: none."""
    began: int = 0
    """The entry by which it was given …"""
    position: int = 0
    """… and the last one that changed this row."""

    def candidates(self) -> Texts:
        """Whom it was given to, by staff number."""
        return _texts.decode(self.agents)

    def keys(self) -> dict[str, Texts]:
        """By question, the key that is in force in place of the paper's."""
        return _keys.decode(self.corrected)


class Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is answered to one question."""

    number: int
    answer: Texts


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one marker gave for one essay."""

    half_points: int
    text: str


Marks = Mapping[str, Mapping[str, Mark]]
"""By question, by marker."""
_answers = msgspec.json.Decoder(dict[str, Kept])
_marks = msgspec.json.Decoder(dict[str, dict[str, Mark]])
_extensions = msgspec.json.Decoder(list[str])


class StoredSitting(msgspec.Struct, frozen=True, gc=False):
    """One sitting, its fields in the order of the table's columns."""

    sitting: str
    issue: str
    agent: str
    started_ms: int
    deadline_ms: int
    """With all the time that was given."""
    extended_s: int = 0
    extensions: str = "[]"
    """Names of the acts that gave time, as JSON."""
    turn: int = 0
    desk: str = ""
    submitted_ms: int | None = None
    submitted_by: str = ""
    number: int = 0
    """Of the last answer."""
    focus_left: int = 0
    changed: int = 0
    """The entry that submitted or marked it last …"""
    seen: int = 0
    """… and the one by which the candidate had looked at the result last."""
    began: int = 0
    position: int = 0
    marks: str = "{}"
    """As JSON."""
    answers: str = "{}"
    """As JSON."""

    def kept(self) -> dict[str, Kept]:
        """What is answered, by question."""
        return _answers.decode(self.answers)

    def marked(self) -> Marks:
        """By question, by marker."""
        return _marks.decode(self.marks)

    def has_extension(self, name: str) -> bool:
        """Whether this act has given its time."""
        return name in _extensions.decode(self.extensions)


def issued(entry: Entry, fact: ExamIssued) -> StoredIssue:
    """A new issue."""
    return StoredIssue(
        fact.issue,
        fact.paper,
        fact.version,
        fact.start_ms,
        fact.end_ms,
        fact.duration_s,
        fact.sitting,
        fact.seed,
        fact.actor,
        entry.received_ms,
        fact.retake_of,
        _json(fact.agents),
        began=entry.position,
        position=entry.position,
    )


def issue_changed(
    row: StoredIssue,
    entry: Entry,
    fact: ExamWithdrawn | ExamVoided | SittingStarted | KeyCorrected,
) -> StoredIssue:
    """The issue after a fact. What ended it first stands."""
    row = replace(row, position=entry.position)
    match fact:
        case SittingStarted():
            return replace(row, begun=row.begun + 1)
        case KeyCorrected():
            keys = row.keys() | {fact.question: fact.key}
            return replace(row, corrected=_sorted(keys), corrected_at=entry.position)
        case ExamWithdrawn():
            ended = IssueStanding.WITHDRAWN
        case ExamVoided():
            ended = IssueStanding.VOIDED
    return replace(row, standing=ended) if row.standing is IssueStanding.GIVEN else row


def started(entry: Entry, fact: SittingStarted) -> StoredSitting:
    """A new sitting."""
    return StoredSitting(
        fact.sitting,
        fact.issue,
        fact.agent,
        fact.started_ms,
        fact.deadline_ms,
        began=entry.position,
        position=entry.position,
    )


Changing = (
    SittingResumed
    | AnswerSaved
    | TimeExtended
    | FocusLeft
    | SittingSubmitted
    | ResultSeen
    | EssayMarked
)


def sitting_changed(row: StoredSitting, entry: Entry, fact: Changing) -> StoredSitting:
    """The sitting after a fact."""
    row = replace(row, position=entry.position)
    match fact:
        case SittingResumed():
            return replace(row, turn=fact.turn, desk=fact.desk)
        case AnswerSaved():
            return _answered(row, fact)
        case TimeExtended():
            return _extended(row, fact)
        case FocusLeft():
            return replace(row, focus_left=max(row.focus_left, fact.times))
        case SittingSubmitted():
            return _submitted(row, entry, fact)
        case ResultSeen():
            return replace(row, seen=entry.position)
        case EssayMarked():
            return _marked(row, entry, fact)


def _answered(row: StoredSitting, fact: AnswerSaved) -> StoredSitting:
    answers = row.kept()
    before = answers.get(fact.question)
    if before is not None and before.number >= fact.number:
        return row
    answers[fact.question] = Kept(fact.number, fact.answer)
    return replace(row, answers=_sorted(answers), number=max(row.number, fact.number))


def _extended(row: StoredSitting, fact: TimeExtended) -> StoredSitting:
    if fact.extension and row.has_extension(fact.extension):
        return row
    return replace(
        row,
        deadline_ms=row.deadline_ms + fact.seconds * _SECOND_MS,
        extended_s=row.extended_s + fact.seconds,
        extensions=_json([*_extensions.decode(row.extensions), fact.extension]),
    )


def _submitted(row: StoredSitting, entry: Entry, fact: SittingSubmitted) -> StoredSitting:
    """It is handed in once."""
    if row.submitted_ms is not None:
        return row
    return replace(
        row,
        submitted_ms=fact.submitted_ms,
        submitted_by=fact.by.value,
        changed=entry.position,
    )


def _marked(row: StoredSitting, entry: Entry, fact: EssayMarked) -> StoredSitting:
    marks = {question: dict(given) for question, given in row.marked().items()}
    given = marks.setdefault(fact.question, {})
    given[fact.actor] = Mark(fact.half_points, fact.text)
    marks[fact.question] = dict(sorted(given.items()))
    return replace(row, marks=_sorted(marks), changed=entry.position)


def _sorted(named: Mapping[str, object]) -> str:
    """The same for the same values, in whatever order they came."""
    return _json(dict(sorted(named.items())))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
