"""Training: assigning tasks, the training centre, what waits at a desk, and statistics."""

from enum import StrEnum

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.training import AssignCause
from protocol.wire.session import FromSeat, FromService, Person

MAX_POSTPONED = 3
HEARTBEAT_S = 10
"""A seat credits reading in stretches of so long."""


class ItemRow(msgspec.Struct, frozen=True):
    """One content of an assignment."""

    content: str
    version: Int64
    name: str
    credited_s: Int64 = 0
    done: bool = False
    section: Int64 = 0
    """Where the reader was."""


class AssignmentRow(msgspec.Struct, frozen=True):
    """A row of the training centre."""

    assignment: str
    number: Int64
    """Of the task."""
    task: str
    name: str
    type: str
    """The name of the type; empty: the contents were ticked."""
    agent: str
    items: tuple[ItemRow, ...]
    items_done: Int64
    trained_s: Int64
    min_seconds: Int64
    actor: str
    cause: AssignCause
    assigned_ms: Instant
    started_ms: Instant | None = None
    done_ms: Instant | None = None
    due_ms: Instant | None = None
    postponed: Int64 = 0
    withdrawn: bool = False


class GetTrainees(FromSeat, frozen=True):
    """Whom the asker may give tasks and exams, and their teams. Answered by `Trainees`. Refused
    with `not_permitted` for whoever may give nobody any."""

    id: Int64


class Trainees(FromService, frozen=True):
    """By staff number, teams by name."""

    re: Int64
    people: tuple[Person, ...]
    teams: tuple[str, ...]


class Assign(FromSeat, frozen=True):
    """A task for people and teams: what each gets is drawn now. Who has it and has not completed
    it is passed over. Answered by `Assigned`. Refused with `unknown_document`,
    `n_exceeds_content`, `document_disabled`, `unknown_agent`, `unknown_team`, `not_permitted`."""

    id: Int64
    key: str
    task: str
    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    due_ms: Instant | None = None


class Assigned(FromService, frozen=True):
    """How many got it, and who was passed over."""

    re: Int64
    assigned: tuple[str, ...]
    """Staff numbers."""
    passed_over: tuple[str, ...]


class Redraw(FromSeat, frozen=True):
    """Other contents for those who have not begun a task (all of them, or the assignments that
    are named), from the task's present version. Answered by `AssignmentsDone`."""

    id: Int64
    key: str
    task: str = ""
    assignments: tuple[str, ...] = ()


class WithdrawAssignments(FromSeat, frozen=True):
    """Answered by `AssignmentsDone`. Completed ones are kept."""

    id: Int64
    assignments: tuple[str, ...]
    text: str


class PushTraining(FromSeat, frozen=True):
    """A lead wants it done now: it offers itself between calls while the service level holds.
    Answered by `AssignmentsDone`. Refused with `unknown_assignment`, `own_order`,
    `not_permitted`, `agent_signed_out`."""

    id: Int64
    assignments: tuple[str, ...]


class RecallTraining(FromSeat, frozen=True):
    """Back to the line, please: to people, or all of a team, in training. Answered by
    `AssignmentsDone`, with staff numbers."""

    id: Int64
    agents: tuple[str, ...] = ()
    team: str = ""


class AssignmentsDone(FromService, frozen=True):
    """Those that it was done to, and how many it was not."""

    re: Int64
    done: tuple[str, ...]
    kept: Int64 = 0


class GetAssignments(FromSeat, frozen=True):
    """The training centre: one's own (`agent` is the own number), or everybody's whom the asker
    leads (empty). A page of 50, the newest first. Answered by `Assignments`."""

    id: Int64
    agent: str = ""
    task: str = ""
    open_only: bool = False
    search: str = ""
    first_ms: Instant | None = None
    """Assigned within [first, last)."""
    last_ms: Instant | None = None
    page: Int64 = 1


class Assignments(FromService, frozen=True):
    """One page."""

    re: Int64
    rows: tuple[AssignmentRow, ...]
    page: Int64
    pages: Int64
    total: Int64
    names: dict[str, str]


class GetTrainingText(FromSeat, frozen=True):
    """A content of an own assignment, in the version that was drawn. Answered by
    `TrainingText`. Refused with `unknown_assignment`, `not_permitted`."""

    id: Int64
    assignment: str
    content: str


class TrainingText(FromService, frozen=True):
    """What there is to read."""

    re: Int64
    assignment: str
    content: str
    name: str
    text: str
    """Markdown."""


class OfferCause(StrEnum):
    """Why a task offers itself."""

    SCHEDULED = "scheduled"
    PUSHED = "pushed"


class TrainingOffer(msgspec.Struct, frozen=True):
    """A task that offers itself at a desk; never during a call."""

    assignment: str
    cause: OfferCause
    actor: str
    until_ms: Instant
    postponed: Int64
    """How often it was put off; `MAX_POSTPONED` at most."""


class OwnTraining(FromService, frozen=True):
    """Pushed to a signed-in seat at sign-in and on change."""

    open: tuple[AssignmentRow, ...] = ()
    """What is not completed; the next one due first."""
    offer: TrainingOffer | None = None
    recalled_by: str = ""
    """Somebody asks the person back to the line; `system`: because callers wait."""
    recalled_ms: Instant | None = None
    idle_s: Int64 = 180
    """Reading is not credited for longer without a sign of the reader."""


class StatisticsRow(msgspec.Struct, frozen=True):
    """Of one task."""

    task: str
    number: Int64
    name: str
    participants: Int64
    not_done: Int64
    done: Int64
    done_percent: float | None
    trained_s: Int64


class GetTrainingStatistics(FromSeat, frozen=True):
    """Assignments within [first, last) by task. Answered by `TrainingStatistics`. Refused with
    `not_permitted`: whoever teaches, and managers."""

    id: Int64
    first_ms: Instant | None = None
    last_ms: Instant | None = None
    task: str = ""
    agents: tuple[str, ...] = ()
    file: bool = False
    """An Excel workbook too."""
    language: str = "en"


class TrainingStatistics(FromService, frozen=True):
    """A row a task, by number."""

    re: Int64
    rows: tuple[StatisticsRow, ...]
    workbook: str = ""
    """Base64."""
