"""What is quietly said beside the plan: a rest that is due, work without a rest, what waits. None
of it is said during a call."""

from collections.abc import Iterator

from textual.content import Content

from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_moment import RESTS, moment, ran_over, works
from agent_client.terminal.plan_post import paged_since_ms, short_line
from agent_client.terminal.plan_words import length
from agent_client.terminal.request_words import said_day, settled
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import ALERT
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.fatigue import Fatigue
from protocol.wire.desk import Status
from protocol.wire.desk_plan import OwnDay
from protocol.wire.handover import AnsweredRequest, OwnNotices

_BEFORE_A_REST = frozenset({State.READY, State.ACW})


def reminders(view: View, own: OwnDay) -> list[Content]:
    """The most urgent first."""
    status, now = view.status, view.now
    if status is None or now is None or status.call is not None:
        return []
    now_ms = int(now.timestamp() * 1000)
    texts = [*_break_due(view, own, status, now_ms), *_fatigue(view, own, status, now_ms)]
    paged = paged_since_ms(view) is not None
    texts += [short_line(view)] if paged else []
    urgent = [Content.styled(f"{ALERT}{text}", "bold $warning") for text in texts]
    waiting = list(waits(view, own))
    waiting += [text for text in (short_line(view),) if text and not paged]
    return urgent + [Content.styled(text, "bold") for text in waiting]


def _break_due(view: View, own: OwnDay, status: Status, now_ms: int) -> Iterator[str]:
    """Nobody is told who has chosen what follows already."""
    now = moment(own.plan, now_ms).now
    if now is None or now.activity not in RESTS:
        return
    if status.state in _BEFORE_A_REST and (status.next_state or "READY") == "READY":
        key = "plan.due_after_call" if ran_over(own.counted, now.start_ms) else "plan.due"
        rest = view.words.term(f"activity.{now.activity}", now.activity)
        yield view.words.text(key, rest=rest, since=f"{at_site(now.start_ms, own.zone):%H:%M}")


def _fatigue(view: View, own: OwnDay, status: Status, now_ms: int) -> Iterator[str]:
    """Only while the run goes on: a rest that has begun needs no reminder."""
    fatigue = own.fatigue
    if fatigue is None or not works(status.state, status.reason):
        return
    key = _reached(fatigue, now_ms)
    if key is not None:
        run_s = fatigue.current_run_s + max(0, now_ms - own.as_of_ms) // 1000
        yield view.words.text(f"plan.run.{key}", length=length(view.words, run_s // 60 * 60))


def _reached(fatigue: Fatigue, now_ms: int) -> str | None:
    marks = (
        ("limit", fatigue.limit_at_ms),
        ("offer", fatigue.offer_at_ms),
        ("warn", fatigue.warn_at_ms),
    )
    return next((key for key, at_ms in marks if at_ms is not None and at_ms <= now_ms), None)


def waits(view: View, own: OwnDay) -> Iterator[str]:
    """What waits for the person's word, or to be read."""
    notices = own.notices if own.notices is not None else OwnNotices(0, 0, 0)
    for key, count in (
        ("handovers", notices.handovers),
        ("requests", notices.requests),
        ("exceptions", notices.exceptions),
    ):
        if count:
            yield view.words.text(f"plan.waits.{key}", count=count)
    if notices.answer is not None:
        yield _answered(view.words, notices.answer, notices.answered - 1)


def _answered(words: Wording, last: AnsweredRequest, more: int) -> str:
    """What became of a request, and how many others were answered."""
    text = words.text(
        "plan.answered",
        what=words.text(f"request_kind.{last.what}"),
        day=said_day(words, last.day),
        standing=settled(words, last.standing, cancelled=last.cancelled),
    )
    return words.text("plan.answered_more", first=text, count=more) if more else text
