"""How long an agent was in each state: whole seconds, from the changes of state alone."""

from collections.abc import Iterable

import msgspec

from protocol.facts.agent import State


class StateChange(msgspec.Struct, frozen=True):
    """From `at_ms` on the agent was in `state`; null means that nobody knows."""

    at_ms: int
    state: State | None


class StateTime(msgspec.Struct, frozen=True):
    """Seconds by state, and those that no fact covers."""

    seconds: dict[State, int]
    unknown_s: int


def state_time(changes: Iterable[StateChange], from_ms: int, until_ms: int) -> StateTime:
    """Sum the changes, in the order of time, over [from_ms, until_ms).

    Instants are floored to seconds before they are subtracted, so that the parts add up to the
    whole. Time before the first change is not counted at all.
    """
    seconds: dict[State, int] = {}
    unknown_s = 0
    ordered = list(changes)
    ends = [*(change.at_ms for change in ordered[1:]), until_ms]
    for change, end_ms in zip(ordered, ends, strict=False):  # without changes, an end is over
        begin_s = max(change.at_ms, from_ms) // 1000
        spent_s = max(0, min(end_ms, until_ms) // 1000 - begin_s)
        if change.state is None:
            unknown_s += spent_s
        elif spent_s:
            seconds[change.state] = seconds.get(change.state, 0) + spent_s
    return StateTime(seconds, unknown_s)
