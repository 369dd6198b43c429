"""Facts about exams, and the words of them. The service's own: an answer is one as soon as the
server has it, and by the server's clock.
"""

from enum import StrEnum

import msgspec

from protocol.facts.base import Fact, Instant, Int64


class QuestionType(StrEnum):
    """What is asked for: one option, several, yes or no, a text, an essay."""

    SINGLE = "single"
    MULTI = "multi"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    ESSAY = "essay"


class MultiMode(StrEnum):
    """What a question with several right options gives for some of them."""

    ALL_OR_NOTHING = "all_or_nothing"
    HALF_IF_MISSING = "half_if_missing"
    PER_OPTION = "per_option"


class SittingKind(StrEnum):
    """What counts, and what is for practice."""

    FORMAL = "formal"
    MOCK = "mock"


class PaperItem(msgspec.Struct, frozen=True):
    """One question of a paper, in the version that was chosen."""

    question: str
    version: Int64
    half_points: Int64
    """Twice the points that it gives in this paper."""


class Wanted(msgspec.Struct, frozen=True):
    """So many questions of one kind."""

    category: str
    type: QuestionType
    difficulty: str
    count: Int64


class Generation(msgspec.Struct, frozen=True):
    """What questions were drawn by: the same wishes and seed draw the same from the same bank."""

    seed: str
    wanted: tuple[Wanted, ...]


class ExamIssued(Fact, frozen=True, tag="exam.issued"):
    """A version of a paper was given to people, to be sat inside the window [start, end)."""

    issue: str
    paper: str
    version: Int64
    agents: tuple[str, ...]
    start_ms: Instant
    end_ms: Instant
    duration_s: Int64
    sitting: SittingKind
    seed: str
    """Of the order of questions and options."""
    actor: str
    retake_of: str = ""
    """The issue that it repeats for those who did not pass; empty: none."""


class ExamWithdrawn(Fact, frozen=True, tag="exam.withdrawn"):
    """Taken back before anybody began."""

    issue: str
    actor: str
    text: str


class ExamVoided(Fact, frozen=True, tag="exam.voided"):
    """It counts for nobody."""

    issue: str
    actor: str
    text: str


class SittingStarted(Fact, frozen=True, tag="exam.started"):
    """A candidate began."""

    sitting: str
    issue: str
    agent: str
    started_ms: Instant
    deadline_ms: Instant


class SittingResumed(Fact, frozen=True, tag="exam.resumed"):
    """On this or another desk; answers from the one before are not taken any more."""

    sitting: str
    desk: str
    turn: Int64
    """1 for the desk that it began on, then 2, 3 …"""


class AnswerSaved(Fact, frozen=True, tag="exam.answer_saved"):
    """What a candidate has answered to one question, in place of what was answered before."""

    sitting: str
    question: str
    answer: tuple[str, ...]
    """Names of options as the paper has them, before any shuffling; or one text."""
    number: Int64
    """The candidate's own count of what was saved: an older one never replaces a newer one."""
    saved_ms: Instant


class TimeExtended(Fact, frozen=True, tag="exam.time_extended"):
    """A supervisor gave more time for a confirmed outage."""

    sitting: str
    seconds: Int64
    actor: str
    text: str
    extension: str = ""
    """Its own name: what is asked for twice is given once."""


class FocusLeft(Fact, frozen=True, tag="exam.focus_left"):
    """The candidate looked at something else. Noted, and never held against anybody."""

    sitting: str
    times: Int64


class SubmittedBy(StrEnum):
    """Who handed it in."""

    CANDIDATE = "candidate"
    SERVER = "server"
    """The time was over."""


class SittingSubmitted(Fact, frozen=True, tag="exam.submitted"):
    """It is over."""

    sitting: str
    submitted_ms: Instant
    by: SubmittedBy


class ResultSeen(Fact, frozen=True, tag="exam.result_seen"):
    """The candidate has looked at the result, as it was."""

    sitting: str


class EssayMarked(Fact, frozen=True, tag="exam.essay_marked"):
    """A marker's points for one essay; a later one of the same marker replaces it."""

    sitting: str
    question: str
    half_points: Int64
    actor: str
    text: str = ""


class KeyCorrected(Fact, frozen=True, tag="exam.key_corrected"):
    """Another key for a question of an issue: all its sittings are counted anew."""

    issue: str
    question: str
    key: tuple[str, ...]
    actor: str
    text: str
