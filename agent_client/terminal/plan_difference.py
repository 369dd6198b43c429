"""How two plans of one day differ, in words: the hours, and of what lies in them what differs."""

from collections.abc import Iterable, Sequence
from itertools import chain

from agent_client.terminal.roster_segments import BadRow, EditRow, runs, segments_of
from agent_client.terminal.roster_week import DAY_OFF, Week
from agent_client.terminal.roster_words import about_day, hours_of, pattern_label
from agent_client.terminal.wording import Wording
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire.roster import DraftDay, Roster

_Plan = Sequence[PlannedSegment]


def difference(words: Wording, before: _Plan, after: _Plan, zone: str) -> str:
    """`09:00–18:00 → 13:00–22:00`, `meal 12:00–12:30 → 13:00–13:30`, or both."""
    return words.text("comma").join(differences(words, before, after, zone))


def differences(words: Wording, before: _Plan, after: _Plan, zone: str) -> list[str]:
    """The same, one by one, the hours first; at least one."""
    hours = f"{_hours(words, before, zone)} → {_hours(words, after, zone)}"
    if not before or not after:
        return [hours]
    found = [hours] if _bounds(before) != _bounds(after) else _shape(before, after, zone)
    activities = dict.fromkeys(
        each.activity for each in chain(before, after) if each.activity is not Activity.WORK
    )
    for activity in activities:
        old, new = (
            [each for each in plan if each.activity is activity] for plan in (before, after)
        )
        if old != new:
            name = words.term(f"activity.{activity}", activity)
            gone = _spans(words, (each for each in old if each not in new), zone)
            come = _spans(words, (each for each in new if each not in old), zone)
            found.append(f"{name} {gone} → {come}")
    return found or [hours]


def in_full(words: Wording, segments: _Plan, zone: str) -> str:
    """The hours, and what in them is not work."""
    rests = words.text("comma").join(
        f"{words.term(f'activity.{each.activity}', each.activity)} {hours_of((each,), zone)}"
        for each in segments
        if each.activity is not Activity.WORK
    )
    return f"{_hours(words, segments, zone)}  {rests}".rstrip()


def edited(words: Wording, week: Week, each: DraftDay) -> str:
    """Whose day it is, and what of its plan as published is to be otherwise."""
    place, roster = (each.agent, each.day), week.roster
    known = week.published(place)
    zone = roster.zone if roster is not None else "UTC"
    before = known.segments if known is not None else ()
    after: _Plan = each.segments
    label = ""
    if roster is not None and each.pattern not in ("", DAY_OFF):
        after, label = _of_pattern(roster, each), pattern_label(words, roster, each.pattern)
    if label and not after:
        changed = f"{_hours(words, before, zone)} → {label}"
    else:
        changed = f"{difference(words, before, after, zone)}  {label}".rstrip()
    return f"{about_day(words, week, place)}  {changed}"


def _of_pattern(roster: Roster, each: DraftDay) -> _Plan:
    """What a pattern makes of the day; nothing where it is not known here."""
    pattern = next((one for one in roster.patterns if one.name == each.pattern), None)
    if pattern is None:
        return ()
    parts = (EditRow(part.start, part.end, part.activity) for part in pattern.segments)
    try:
        return segments_of((EditRow(pattern.start, pattern.end), *parts), each.day, roster.zone)
    except BadRow:
        return ()


def _shape(before: _Plan, after: _Plan, zone: str) -> list[str]:
    """A shift in parts, where other time lies between them."""
    old, new = ([hours_of(run, zone) for run in runs(plan)] for plan in (before, after))
    return [f"{' + '.join(old)} → {' + '.join(new)}"] if old != new else []


def _bounds(plan: _Plan) -> tuple[int, int]:
    return plan[0].start_ms, plan[-1].end_ms


def _hours(words: Wording, segments: _Plan, zone: str) -> str:
    return hours_of(segments, zone) if segments else words.text("roster.off")


def _spans(words: Wording, segments: Iterable[PlannedSegment], zone: str) -> str:
    spans = words.text("comma").join(hours_of((each,), zone) for each in segments)
    return spans or words.text("correction.nothing")
