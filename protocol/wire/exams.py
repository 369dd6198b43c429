"""Exams: papers, issues, sittings, marking and results.

No message to a candidate holds a key before the window has ended: `SheetQuestion` has none, and
`Result` has them only with `keys_shown`.
"""

from enum import StrEnum

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.exam import Generation, PaperItem, QuestionType, SittingKind, Wanted
from protocol.wire.session import FromSeat, FromService

MAX_ANSWER = 20_000
"""Characters of an essay."""
SAVE_EVERY_S = 10
SUBMIT_GRACE_S = 5
MAX_EXTRA_S = 4 * 3600


class GeneratePaper(FromSeat, frozen=True):
    """Questions drawn by category, type and difficulty from those that are enabled. Answered by
    `Generated`; nothing is stored. An empty `seed`: a new one. Refused with
    `too_few_questions` (`category`, `type`, `difficulty`, `count`, `there`), `not_permitted`."""

    id: Int64
    wanted: tuple[Wanted, ...]
    seed: str = ""


class Generated(FromService, frozen=True):
    """The draw, with its seed."""

    re: Int64
    items: tuple[PaperItem, ...]
    generation: Generation


class IssueState(StrEnum):
    """Where an issue is."""

    PLANNED = "planned"
    OPEN = "open"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class IssueExam(FromSeat, frozen=True):
    """A paper for people and teams, inside the window. Answered by `ExamStands`. Refused with
    `unknown_document`, `document_disabled` (the paper, or a question in it), `bad_window`,
    `unknown_agent`, `unknown_team`, `nobody_chosen`, `not_permitted`, `bad_document` (too long to
    be sent); a retake with `unknown_exam` and `exam_over` (withdrawn, voided)."""

    id: Int64
    key: str
    paper: str
    agents: tuple[str, ...]
    teams: tuple[str, ...]
    start_ms: Instant
    end_ms: Instant
    duration_s: Int64
    sitting: SittingKind = SittingKind.FORMAL
    retake_of: str = ""
    """For those of that issue who did not pass, or, once it is over, never began: `agents` and
    `teams` are empty then."""


class WithdrawExam(FromSeat, frozen=True):
    """Answered by `ExamStands`. Refused with `exam_begun` once somebody has: then it is voided;
    with `unknown_exam`, `exam_over` (voided), `bad_text`, `not_permitted`."""

    id: Int64
    issue: str
    text: str


class VoidExam(FromSeat, frozen=True):
    """It counts for nobody. Answered by `ExamStands`. Refused with `unknown_exam`, `exam_over`
    (withdrawn), `own_case` for whoever is one of the candidates, `bad_text`, `not_permitted`."""

    id: Int64
    issue: str
    text: str


class ExamRow(msgspec.Struct, frozen=True):
    """An issue as it stands; for a candidate with what concerns them."""

    issue: str
    paper: str
    version: Int64
    name: str
    state: IssueState
    sitting: SittingKind
    start_ms: Instant
    end_ms: Instant
    duration_s: Int64
    actor: str
    issued_ms: Instant
    agents: tuple[str, ...]
    """For a candidate the own number alone."""
    begun: Int64 = 0
    submitted: Int64 = 0
    waiting: Int64 = 0
    """Sittings with essays that wait for a marker."""
    retake_of: str = ""
    own_sitting: str = ""
    """The asker's last one; empty: not begun, or a mock exam that can be begun again."""
    own_submitted: bool = False
    candidates: Int64 = 0
    """How many it was given to; `agents` may be left out of a long list."""


class ExamStands(FromService, frozen=True):
    """As it stands now."""

    re: Int64
    row: ExamRow


class GetExams(FromSeat, frozen=True):
    """The exam centre: those issued to oneself (`own`), or all. A page of 50, the newest first.
    Answered by `Exams`."""

    id: Int64
    own: bool = True
    open_only: bool = False
    page: Int64 = 1


class Exams(FromService, frozen=True):
    """One page."""

    re: Int64
    rows: tuple[ExamRow, ...]
    page: Int64
    pages: Int64
    total: Int64
    names: dict[str, str]


class SheetQuestion(msgspec.Struct, frozen=True):
    """A question as a candidate sees it."""

    question: str
    type: QuestionType
    text: str
    half_points: Int64
    options: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What each option is called in the paper, in the order in which they are shown here."""
    answer: tuple[str, ...] = ()
    """What was saved, by those names."""
    number: Int64 = 0
    """The candidate's own count of it; 0: never answered. One that was taken back has one, too."""


class StartSitting(FromSeat, frozen=True):
    """Begin, or go on at this desk: the desk before is not listened to any more. A mock exam can
    be begun any number of times. Answered by `Sheet`. Refused with `unknown_exam`,
    `outside_window`, `exam_over` (submitted, withdrawn, voided), `not_permitted`."""

    id: Int64
    issue: str


class Sheet(FromService, frozen=True):
    """The paper, in the candidate's own order."""

    re: Int64
    sitting: str
    turn: Int64
    """Goes with every answer: that of the desk before is refused."""
    name: str
    kind: SittingKind
    questions: tuple[SheetQuestion, ...]
    half_points: Int64
    """Of all."""
    now_ms: Instant
    deadline_ms: Instant
    number: Int64
    """Of the last answer that is saved; the next one has a higher one."""


class SavedAnswer(msgspec.Struct, frozen=True):
    """One answer with its number."""

    question: str
    answer: tuple[str, ...]
    number: Int64


class SaveAnswers(FromSeat, frozen=True):
    """Answered by `AnswersSaved` once they are on the disk. Refused with `exam_over` after the
    deadline, `not_your_turn`, `unknown_sitting`, `bad_answer`."""

    id: Int64
    sitting: str
    turn: Int64
    answers: tuple[SavedAnswer, ...]
    focus_left: Int64 = 0
    """How often something else was looked at, so far."""


class AnswersSaved(FromService, frozen=True):
    """What is saved, and how long there is (it may have been extended)."""

    re: Int64
    number: Int64
    now_ms: Instant
    deadline_ms: Instant


class SubmitSitting(FromSeat, frozen=True):
    """Hand it in, with the last answers. Answered by `SittingStands`. Taken up to
    `SUBMIT_GRACE_S` after the deadline, as of the deadline."""

    id: Int64
    sitting: str
    turn: Int64
    answers: tuple[SavedAnswer, ...] = ()


class ExtendTime(FromSeat, frozen=True):
    """More time for a confirmed outage; while the sitting is open. Answered by `SittingStands`.
    Refused with `exam_over`, `own_case`, `not_permitted`, `bad_text`."""

    id: Int64
    key: str
    sitting: str
    seconds: Int64
    text: str


class ResultState(StrEnum):
    """Where a result is."""

    RUNNING = "running"
    AWAITING_MARKING = "awaiting_marking"
    FINAL = "final"
    VOIDED = "voided"


class SittingRow(msgspec.Struct, frozen=True):
    """One sitting in a list."""

    sitting: str
    issue: str
    agent: str
    """Empty for a marker of essays, who marks without names."""
    state: ResultState
    started_ms: Instant
    deadline_ms: Instant
    submitted_ms: Instant | None = None
    score: float | None = None
    """Points, in halves; null before all is marked."""
    most: float = 0.0
    percent: float | None = None
    passed: bool | None = None
    focus_left: Int64 = 0
    extended_s: Int64 = 0


class SittingStands(FromService, frozen=True):
    """As it stands now."""

    re: Int64
    row: SittingRow


class GetSittings(FromSeat, frozen=True):
    """The sittings of an issue; by who issued it and whoever teaches. Answered by `Sittings`."""

    id: Int64
    issue: str


class Sittings(FromService, frozen=True):
    """By the time of their beginning."""

    re: Int64
    rows: tuple[SittingRow, ...]
    names: dict[str, str]


class EssayRow(msgspec.Struct, frozen=True):
    """An essay to mark; nobody says whose."""

    essay: str
    """A name for this essay alone."""
    question: str
    text: str
    answer: str
    half_points: Int64
    marked: Int64 | None = None
    """Half points by the asker; null: not yet."""
    markers: Int64 = 0


class GetEssays(FromSeat, frozen=True):
    """The essays of an issue, in an order that tells nothing. Answered by `Essays`."""

    id: Int64
    issue: str
    open_only: bool = True


class Essays(FromService, frozen=True):
    """All, or those that wait."""

    re: Int64
    rows: tuple[EssayRow, ...]
    more: Int64 = 0
    """How many others there are, which this answer could not hold."""


class MarkEssay(FromSeat, frozen=True):
    """From 0 to all of its points, in halves. Answered by `Essays` with this one, then
    those that still wait for the asker. Refused with `bad_mark`, `unknown_essay`, `own_case`,
    `not_permitted`, `bad_text`."""

    id: Int64
    issue: str
    essay: str
    half_points: Int64
    text: str = ""


class CorrectKey(FromSeat, frozen=True):
    """Another key for a question of an issue: all sittings are counted anew. Answered by
    `ExamStands`. Refused with `bad_document`, `unknown_question`, `bad_text`, `exam_over` (voided,
    withdrawn), `own_case` for whoever is one of the candidates, `not_permitted`."""

    id: Int64
    key: str
    issue: str
    question: str
    right: tuple[str, ...]
    text: str


class ResultQuestion(msgspec.Struct, frozen=True):
    """A question with what came of it."""

    question: str
    type: QuestionType
    text: str
    options: tuple[str, ...]
    names: tuple[str, ...]
    half_points: Int64
    answer: tuple[str, ...]
    score: float | None
    """Null: an essay that waits for a marker, or, before the key may be shown, anything that is
    scored by it."""
    right: tuple[str, ...] = ()
    """The key in force; empty before `keys_shown`."""
    remark: str = ""
    """Of whoever marked the essay."""


class GetResult(FromSeat, frozen=True):
    """One's own sitting, or one of whoever the asker may see. Answered by `ExamResult`. Refused
    with `unknown_sitting`, `not_permitted`, `sitting_open`."""

    id: Int64
    sitting: str


class ExamResult(FromService, frozen=True):
    """What may be shown of it by now."""

    re: Int64
    row: SittingRow
    name: str
    questions: tuple[ResultQuestion, ...]
    keys_shown: bool
    keys_from_ms: Instant
    """When the window ends, and the last sitting with it: of the issue, and of formal exams with
    the same paper."""


class AnswerStatistics(msgspec.Struct, frozen=True):
    """How one question of a paper was answered."""

    paper: str
    """Its name."""
    question: str
    text: str
    answered: Int64
    wrong: Int64
    wrong_percent: float | None
    right: Int64
    right_percent: float | None


class PaperStatistics(msgspec.Struct, frozen=True):
    """How one issue of a paper went."""

    issue: str
    name: str
    candidates: Int64
    submitted: Int64
    waiting: Int64
    passed: Int64
    average_percent: float | None
    lowest_percent: float | None
    highest_percent: float | None
    tenths: tuple[Int64, ...] = ()
    """How many results are in [0, 10), [10, 20) … [90, 100] percent."""


class GetExamStatistics(FromSeat, frozen=True):
    """Formal sittings with all marked, of issues whose window begins within [first, last).
    Answered by `ExamStatistics`. Refused with `not_permitted`."""

    id: Int64
    first_ms: Instant | None = None
    last_ms: Instant | None = None
    paper: str = ""
    file: bool = False
    language: str = "en"


class ExamStatistics(FromService, frozen=True):
    """By issue, and by question."""

    re: Int64
    papers: tuple[PaperStatistics, ...]
    questions: tuple[AnswerStatistics, ...]
    workbook: str = ""
    """Base64."""
    more: Int64 = 0
    """Questions that this answer, and the file, could not hold: ask for fewer papers."""


class OwnExams(FromService, frozen=True):
    """Pushed to a signed-in seat at sign-in and on change."""

    open: tuple[ExamRow, ...] = ()
    """Those that can be begun or gone on with, and that are to come within a day."""
    told: tuple[SittingRow, ...] = ()
    """Results that are final, and that the person has not looked at."""
    waiting: Int64 = 0
    """Essays that wait for this marker."""
