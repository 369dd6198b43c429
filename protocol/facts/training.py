"""Facts about training. What is assigned is the service's own; what is read, a seat's."""

from enum import StrEnum

import msgspec

from protocol.facts.base import Fact, Instant, Int64


class TrainingItem(msgspec.Struct, frozen=True):
    """A content in the version that was drawn."""

    content: str
    version: Int64


class AssignCause(StrEnum):
    """Why somebody has a task."""

    MANUAL = "manual"
    NEW_STAFF = "new_staff"
    CONTENT_CHANGED = "content_changed"
    FINDING = "finding"


class TrainingAssigned(Fact, frozen=True, tag="training.assigned"):
    """A person has a task, with what was drawn for them."""

    assignment: str
    task: str
    version: Int64
    agent: str
    items: tuple[TrainingItem, ...]
    min_seconds: Int64
    actor: str
    cause: AssignCause = AssignCause.MANUAL
    due_ms: Instant | None = None


class TrainingRedrawn(Fact, frozen=True, tag="training.redrawn"):
    """Other contents, for somebody who has not begun."""

    assignment: str
    version: Int64
    items: tuple[TrainingItem, ...]
    actor: str
    min_seconds: Int64 | None = None
    """As the task has it in that version; null: as before."""


class TrainingWithdrawn(Fact, frozen=True, tag="training.withdrawn"):
    """The person need not do it. What was read stays in the ledger, and in no statistic."""

    assignment: str
    actor: str
    text: str


class TrainingPushed(Fact, frozen=True, tag="training.pushed"):
    """A lead wants it to be done now: it offers itself at the desk between calls."""

    assignment: str
    agent: str
    actor: str
    expires_ms: Instant


class TrainingRecalled(Fact, frozen=True, tag="training.recalled"):
    """Back to the line, please: by a lead, or (`system`) because callers wait. The place is kept,
    and READY stays the agent's own act."""

    agent: str
    actor: str
    expires_ms: Instant


class TrainingOpened(Fact, frozen=True, tag="agent.training_opened"):
    """A content was opened at the desk. The first of an assignment is its start."""

    assignment: str
    content: str


class TrainingRead(Fact, frozen=True, tag="agent.training_read"):
    """Time that is credited, since the last such fact of this opening: ten seconds, or fewer at
    its end."""

    assignment: str
    content: str
    seconds: Int64
    section: Int64 = 0
    """Where the reader is, counted from 0; a content resumes there."""


class TrainingItemDone(Fact, frozen=True, tag="agent.training_item_done"):
    """Opened, read to its end, and confirmed."""

    assignment: str
    content: str


class TrainingPostponed(Fact, frozen=True, tag="agent.training_postponed"):
    """Offered, and put off: three times at most."""

    assignment: str
