"""Documents: what people write and revise. Each version is a fact with its whole text, so that a
figure can name the version that it was made with and anybody can read it again. The service's own.
"""

from enum import StrEnum

import msgspec

from protocol.facts.base import Fact, Int64
from protocol.facts.exam import Generation, MultiMode, PaperItem, QuestionType


class Body(msgspec.Struct, frozen=True, tag_field="what"):
    """What a document says."""


class TrainingType(Body, frozen=True, tag="training_type"):
    """What contents and tasks are sorted by."""

    name: str
    place: Int64 = 0
    """Where it stands in lists: the smallest first."""
    remark: str = ""


class TrainingContent(Body, frozen=True, tag="training_content"):
    """One thing to study."""

    name: str
    type: str
    """Document of a `TrainingType`."""
    text: str
    """Markdown; a heading of the first or second level begins a section, which is a page."""
    keywords: tuple[str, ...] = ()
    place: Int64 = 0
    remark: str = ""


class AssignRule(StrEnum):
    """When a task is assigned by itself."""

    NEW_STAFF = "new_staff"
    """To agents who join the staff."""
    CONTENT_CHANGED = "content_changed"
    """Again to those who have completed it, when a content that they read changes."""
    FINDING = "finding"
    """To an agent about whom an inspector found something; placed by the finding."""


class TrainingTask(Body, frozen=True, tag="training_task"):
    """What somebody has to study, and for how long at least."""

    name: str
    type: str = ""
    """Document of the type that contents are drawn from; empty: those named are it."""
    count: Int64 = 0
    """How many are drawn."""
    contents: tuple[str, ...] = ()
    """Documents that were ticked, in their order; empty: drawn from the type."""
    min_seconds: Int64 = 0
    """The least credited time of the whole task."""
    due_days: Int64 = 0
    """Days that somebody has from the assignment on, where no date is given; 0: as many as they
    like."""
    rules: tuple[AssignRule, ...] = ()
    remark: str = ""


class Difficulty(StrEnum):
    """How hard a question is."""

    SIMPLE = "simple"
    GENERAL = "general"
    HARD = "hard"


class Question(Body, frozen=True, tag="question"):
    """One question, with its key."""

    text: str
    type: QuestionType
    category: str = ""
    difficulty: Difficulty = Difficulty.GENERAL
    half_points: Int64 = 2
    """Twice its points."""
    options: tuple[str, ...] = ()
    """Of a choice; they are named A, B, C … in this order."""
    key: tuple[str, ...] = ()
    """Names of the right options; `T` or `F`; the texts that are right; of an essay none."""
    remark: str = ""


class Paper(Body, frozen=True, tag="paper"):
    """The questions of an exam."""

    name: str
    category: str = ""
    items: tuple[PaperItem, ...] = ()
    mode: MultiMode = MultiMode.ALL_OR_NOTHING
    pass_percent: Int64 = 80
    shuffled: bool = True
    """Whether everybody gets the questions, and the options of each, in an order of their own."""
    generated: Generation | None = None
    """What the items were drawn by; null: chosen by hand."""
    remark: str = ""


AnyBody = TrainingType | TrainingContent | TrainingTask | Question | Paper


class DocumentKind(StrEnum):
    """The tags of the bodies."""

    TRAINING_TYPE = "training_type"
    TRAINING_CONTENT = "training_content"
    TRAINING_TASK = "training_task"
    QUESTION = "question"
    PAPER = "paper"


class DocumentPublished(Fact, frozen=True, tag="document.published"):
    """A version of a document. The first one has the version 1."""

    document: str
    version: Int64
    number: Int64
    """1, 2, 3 … by kind, as people name it; the same for all versions."""
    body: AnyBody
    actor: str
    digest: str = ""
    """SHA-256 of the body, hexadecimal."""


class DocumentEnabled(Fact, frozen=True, tag="document.enabled"):
    """It may be used, or (`enabled` false) may not be for anything that begins from now on."""

    document: str
    enabled: bool
    actor: str


class DocumentRemoved(Fact, frozen=True, tag="document.removed"):
    """It is in no list any more. What was made with it stays."""

    document: str
    actor: str
