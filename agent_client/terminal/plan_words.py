"""The words for figures of adherence, for lengths of time, and for the one reason that weighs
most."""

from math import ceil

from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.rules.adherence import Adherence, Deviation
from protocol.rules.rounding import percent

_SIGN = " %"


def length(words: Wording, seconds: int) -> str:
    """`45 s`, `12 min`, `1 min 30 s`, `1 h 05 min`."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if hours:
        return words.text("length.hours", hours=hours, minutes=f"{minute:02}")
    if not minute:
        return words.text("length.seconds", seconds=second)
    if second:
        return words.text("length.minutes_seconds", minutes=minute, seconds=second)
    return words.text("length.minutes", minutes=minute)


def left(words: Wording, seconds: int) -> str:
    """What is left of a time, in minutes that have begun."""
    return length(words, max(1, ceil(seconds / 60)) * 60)


def percentage(part: int, whole: int) -> str:
    """`96.85 %`; a dash where there is nothing to have a share of."""
    value = percent(part, whole)
    return "–" if value is None else f"{value:.2f}{_SIGN}"


def percentages(low: int, high: int, whole: int) -> str:
    """From the lower to the upper end, where they differ."""
    if low == high:
        return percentage(low, whole)
    return f"{percentage(low, whole).removesuffix(_SIGN)}–{percentage(high, whole)}"


def figure(figure: Adherence) -> str:
    """The adherence; from the lower to the upper end where time in it is unknown."""
    if not figure.provisional:
        return percentage(figure.in_adherence_s, figure.counted_s)
    return percentages(figure.in_adherence_s, figure.in_adherence_high_s, figure.counted_s)


def doing(words: Wording, state: State | None, reason: Reason | None) -> str:
    """What somebody was doing: the reason where there is one, else the state."""
    if state is None or state is State.OFFLINE:
        return words.text("plan.apart.unknown")
    if state is State.NOT_READY and reason is not None:
        return words.reason(reason)
    return words.state(state)


def biggest(words: Wording, figure: Adherence, shift_start_s: int) -> str:
    """What took most from the figure, in a few words; empty where nothing did."""
    counted = [each for each in figure.deviations if each.counted]
    if not counted:
        return ""
    worst = max(counted, key=lambda each: each.end_s - each.start_s)
    return _reason(words, worst, shift_start_s)


def _reason(words: Wording, worst: Deviation, shift_start_s: int) -> str:
    lasted = length(words, worst.end_s - worst.start_s)
    if worst.state is State.LOGGED_OFF and worst.start_s == shift_start_s:
        return words.text("plan.late", length=lasted)
    was = doing(words, worst.state, worst.reason)
    planned = words.term(f"activity.{worst.planned}", worst.planned)
    return words.text("plan.instead", length=lasted, actual=was, planned=planned)
