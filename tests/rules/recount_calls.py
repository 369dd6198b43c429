"""Calls that run over, for the recount of adherence."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Span = tuple[int, int]


class Call(NamedTuple):
    """The intervals of one call."""

    first_start: int
    talk_end: int
    """The end of the last interval that is not after-call work."""
    acw_end: int | None


def calls_of(actual: Iterable[tuple[Span, Mapping]]) -> list[Call]:
    """The calls of a day. After-call work without its call is none."""
    intervals: dict[str, list[tuple[int, int, str]]] = {}
    for (start, end), each in actual:
        if each.get("call_id"):
            intervals.setdefault(each["call_id"], []).append((start, end, each["state"]))
    calls = []
    for own in intervals.values():
        talk = [end for _, end, state in own if state != "ACW"]
        acw = [end for _, end, state in own if state == "ACW"]
        if talk:
            calls.append(Call(min(own)[0], max(talk), max(acw, default=None)))
    return calls


def overrun_seconds(
    segment: tuple[int, int, str], calls: Iterable[Call], config: Mapping
) -> tuple[set[int], set[int]]:
    """Seconds of [b, e) in which work is excused, and seconds from e on in which rest is."""
    b, e, activity = segment
    working: set[int] = set()
    resting: set[int] = set()
    for call in calls:
        end = call.talk_end
        if call.acw_end is not None:
            end = min(call.acw_end, call.talk_end + config["acw_limit_s"])
        if call.first_start > b + config["grace_s"] or end <= b:
            continue
        end = min(end, b + config["overrun_cap_s"])
        working |= set(range(b, min(end, e)))
        if activity in ("BREAK", "MEAL") and config["break_floats"]:
            resting |= set(range(e, e + end - b))
    return working, resting
