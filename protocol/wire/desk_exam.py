"""Terminal ↔ seat: sitting an exam. The seat keeps each answer on its disk before the screen shows
it as kept, and sends it to the service, again if need be."""

from protocol.facts.base import Instant, Int64
from protocol.wire.desk_base import Answering, Request
from protocol.wire.exams import OwnExams, Sheet, SittingRow


class WatchExams(Request, frozen=True):
    """`Done`, then `DeskExams` at once and on every change."""


class BeginExam(Request, frozen=True):
    """Begin or go on: the state becomes EXAM first, and stays so if the service refuses then.
    Answered by `Done`; the sheet comes with `DeskExams`. Refused with `wrong_state` from ringing to
    the end of after-call work, with `outside_window` and as `StartSitting`. With the service away
    only what was begun at this desk can be gone on with: else `service_unreachable`."""

    issue: str


class AnswerQuestion(Request, frozen=True):
    """What is answered to one question, by the names of its options. `Done` once it is on this
    disk. Refused with `exam_over`, `unknown_question`, `bad_answer`."""

    question: str
    answer: tuple[str, ...]


class LeaveFocus(Request, frozen=True):
    """Something else was looked at."""


class HandIn(Request, frozen=True):
    """Submit, with what the service does not have yet. Refused with `service_unreachable` (the
    answers are kept, and the server hands in what it has at the deadline), as `SubmitSitting`, and
    with `exam_over` where nothing is open."""


class DeskExams(Answering, frozen=True):
    """What there is to sit, and the sitting at this desk."""

    own: OwnExams
    sheet: Sheet | None = None
    """The answers in it are those on this disk."""
    unsaved: Int64 = 0
    """Answers that the service has not confirmed; of a sitting that is over, those it lacks."""
    deadline_ms: Instant | None = None
    """As the service told last: it may have been extended."""
    over: SittingRow | None = None
    """The sitting that ended at this desk last, until another begins …"""
    ended: str = ""
    """… or, where the service told no result of it, the code of why it ended here."""
