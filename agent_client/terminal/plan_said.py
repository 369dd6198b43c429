"""Where somebody is in the plan, in words."""

from agent_client.terminal.clock import at_site
from agent_client.terminal.own_view import OwnView
from agent_client.terminal.plan_moment import Moment
from agent_client.terminal.plan_words import left
from agent_client.terminal.site_time import moment as said_moment
from agent_client.terminal.wording import Wording
from protocol.facts.shift import Activity
from protocol.wire.desk_plan import OwnDay


def now_said(words: Wording, at: Moment, zone: str) -> str:
    """What is planned now."""
    if at.now is None:
        return words.text("plan.off_duty")
    until = f"{at_site(at.now.end_ms, zone):%H:%M}"
    return words.text("plan.now", activity=_named(words, at.now.activity), until=until)


def then_said(words: Wording, at: Moment) -> str:
    """What comes in how long, before the shift is over. Off duty follows where the next segment
    does not begin at once."""
    assert at.left_s is not None
    time = left(words, at.left_s)
    if at.now is not None and (at.next is None or at.next.start_ms > at.now.end_ms):
        return words.text("plan.ends_in", time=time)
    assert at.next is not None
    return words.text("plan.next_in", activity=_named(words, at.next.activity), time=time)


def next_shift(view: OwnView, own: OwnDay) -> str:
    """When the next one begins, after a blank; empty where none is known."""
    if own.tomorrow is None or not own.tomorrow.segments:
        return ""
    start = at_site(own.tomorrow.segments[0].start_ms, own.zone)
    return " " + view.words.text(
        "plan.next_shift", at=said_moment(view.words, start, view.now, own.zone)
    )


def _named(words: Wording, activity: Activity) -> str:
    return words.term(f"activity.{activity}", activity)
