"""What is quietly said beside the plan: a rest that is due, work without a rest, what waits. None
of it is said during a call."""

from collections.abc import Iterator
from dataclasses import dataclass

from agent_client.terminal.clock import at_site
from agent_client.terminal.own_view import OwnView
from agent_client.terminal.plan_moment import RESTS, moment, ran_over, works
from agent_client.terminal.plan_post import paged_since_ms, short_line
from agent_client.terminal.plan_words import length
from agent_client.terminal.reading_figures import waiting_line
from agent_client.terminal.request_words import said_day, settled
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.rules.fatigue import Fatigue
from protocol.wire.desk import Status
from protocol.wire.desk_plan import OwnDay
from protocol.wire.desk_training import DeskTraining
from protocol.wire.handover import AnsweredRequest, OwnNotices

_BEFORE_A_REST = frozenset({State.READY, State.ACW})


@dataclass(frozen=True)
class Reminder:
    """One line."""

    subject: str
    """The same as long as it is the same news, though its figures grow."""
    text: str
    urgent: bool = False


def reminders(
    view: OwnView, own: OwnDay, *, typed: bool = False, training: DeskTraining | None = None
) -> list[Reminder]:
    """The most urgent first. `typed`: commands are typed there, and no keys pressed."""
    status, now = view.status, view.now
    if status is None or now is None or status.call is not None:
        return []
    now_ms = int(now.timestamp() * 1000)
    paged = paged_since_ms(view) is not None
    short = [Reminder("paged", short_line(view), urgent=True)] if paged else []
    how = view.words.text("plan.by.command" if typed else "plan.by.key")
    due = _break_due(view, own, status, now_ms, how)
    urgent = [*due, *_fatigue(view, own, status, now_ms, how)]
    study = waiting_line(view.words, training, now, own.zone)
    if study and not typed:
        study = view.words.text("training.waits_key", text=study)
    waiting = [*waits(view.words, own, typed=typed), study, *([] if paged else [short_line(view)])]
    quiet = [Reminder(text, text) for text in waiting if text]
    return [*urgent, *_asked(view, own), *short, *quiet]


def _asked(view: OwnView, own: OwnDay) -> Iterator[Reminder]:
    if own.notices is not None and own.notices.asked_to_stay:
        yield Reminder("stay", view.words.text("plan.stay"), urgent=True)


def _break_due(
    view: OwnView, own: OwnDay, status: Status, now_ms: int, how: str
) -> Iterator[Reminder]:
    """Nobody is told who has chosen what follows already."""
    now = moment(own.plan, now_ms).now
    if now is None or now.activity not in RESTS:
        return
    if status.state in _BEFORE_A_REST and (status.next_state or "READY") == "READY":
        key = "plan.due_after_call" if ran_over(own.counted, now.start_ms) else "plan.due"
        rest = view.words.term(f"activity.{now.activity}", now.activity)
        since = f"{at_site(now.start_ms, own.zone):%H:%M}"
        text = view.words.text(key, rest=rest, since=since, how=how)
        yield Reminder(f"due {since}", text, urgent=True)


def _fatigue(
    view: OwnView, own: OwnDay, status: Status, now_ms: int, how: str
) -> Iterator[Reminder]:
    """Only while the run goes on: a rest that has begun needs no reminder."""
    fatigue = own.fatigue
    if fatigue is None or not works(status.state, status.reason):
        return
    key = _reached(fatigue, now_ms)
    if key is not None:
        run_s = fatigue.current_run_s + max(0, now_ms - own.as_of_ms) // 1000
        run = length(view.words, run_s // 60 * 60)
        text = view.words.text(f"plan.run.{key}", length=run, how=how)
        yield Reminder(f"run {key}", text, urgent=True)


def _reached(fatigue: Fatigue, now_ms: int) -> str | None:
    marks = (
        ("limit", fatigue.limit_at_ms),
        ("offer", fatigue.offer_at_ms),
        ("warn", fatigue.warn_at_ms),
    )
    return next((key for key, at_ms in marks if at_ms is not None and at_ms <= now_ms), None)


def waits(words: Wording, own: OwnDay, *, typed: bool = False) -> Iterator[str]:
    """What waits for the person's word, or to be read."""
    notices = own.notices if own.notices is not None else OwnNotices(0, 0, 0)
    for key, count in (
        ("handovers", notices.handovers),
        ("requests", notices.requests),
        ("exceptions", notices.exceptions),
    ):
        if count:
            yield words.text(f"plan.waits.{key}", count=count)
    if notices.answer is not None:
        text = _answered(words, notices.answer)
        text = text if typed else words.text("plan.answered_key", first=text)
        more = notices.answered - 1
        yield words.text("plan.answered_more", first=text, count=more) if more else text


def _answered(words: Wording, last: AnsweredRequest) -> str:
    """What became of a request."""
    return words.text(
        "plan.answered",
        what=words.text(f"request_kind.{last.what}"),
        day=said_day(words, last.day),
        standing=settled(words, last.standing, cancelled=last.cancelled),
    )
