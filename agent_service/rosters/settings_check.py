"""Whether the operator's patterns, rotations, requirements and holidays can be used."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from agent_service.rosters.patterns import DAY_OFF, Stretch, minutes, stretches
from protocol.facts.shift import Activity
from protocol.i18n import LANGUAGES
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import MAX_SEGMENTS, Holiday, Pattern, Requirement, Rotation

_NAME_MOST = 32
_HALF_HOUR_MIN = 30
_WEEKDAYS = range(1, 8)
_HEADS_MOST = 100_000


def check_patterns(patterns: Sequence[Pattern]) -> None:
    """Raises `Refused` with `bad_setting`, naming the place: for a name that is none or stands
    twice, a time that is none, a segment that is empty, lies outside the shift or overlaps the
    one before it."""
    _check_names(((each.name, each.labels) for each in patterns), "patterns")
    for at, pattern in enumerate(patterns):
        place = f"patterns[{at}]"
        _check_times(pattern, place)
        if len(pattern.segments) > MAX_SEGMENTS // 2:
            raise _bad(f"{place}.segments", f"> {MAX_SEGMENTS // 2}")
        if pattern.start == pattern.end:
            raise _bad(f"{place}.end", pattern.end)
        _check_inside(*stretches(pattern), place)


def check_rotations(rotations: Sequence[Rotation], patterns: Iterable[Pattern]) -> None:
    """Likewise: for a rotation without days, and one with a pattern that is not there."""
    _check_names(((each.name, each.labels) for each in rotations), "rotations")
    known = {DAY_OFF, *(each.name for each in patterns)}
    for at, rotation in enumerate(rotations):
        if not rotation.days:
            raise _bad(f"rotations[{at}].days", "empty")
        for number, name in enumerate(rotation.days):
            if name not in known:
                raise _bad(f"rotations[{at}].days[{number}]", f"unknown: {name}")


def check_requirements(requirements: Sequence[Requirement]) -> None:
    """Likewise: for what is no half hour, no number of heads or no weekday, and a half hour of a
    team that stands twice."""
    seen: dict[tuple[str, str, int], int] = {}
    for at, each in enumerate(requirements):
        place = f"requirements[{at}]"
        minute = minutes(each.start)
        if minute is None or minute % _HALF_HOUR_MIN:
            raise _bad(f"{place}.start", each.start)
        if not 0 <= each.heads <= _HEADS_MOST:
            raise _bad(f"{place}.heads", str(each.heads))
        for number, weekday in enumerate(each.weekdays):
            if weekday not in _WEEKDAYS:
                raise _bad(f"{place}.weekdays[{number}]", str(weekday))
        for weekday in each.weekdays or _WEEKDAYS:
            first = seen.setdefault((each.team, each.start, weekday), at)
            if first != at:
                raise _bad(f"{place}.start", f"twice: requirements[{first}]")


def check_holidays(holidays: Sequence[Holiday]) -> None:
    """Likewise: for a day that stands twice."""
    seen: dict[object, int] = {}
    for at, each in enumerate(holidays):
        if seen.setdefault(each.day, at) != at:
            raise _bad(f"holidays[{at}].day", f"twice: holidays[{seen[each.day]}]")


def _check_names(named: Iterable[tuple[str, Mapping[str, str]]], section: str) -> None:
    seen: dict[str, int] = {}
    for at, (name, labels) in enumerate(named):
        place = f"{section}[{at}]"
        usable = name.strip() == name != "" and name.isprintable() and len(name) <= _NAME_MOST
        if not usable or name == DAY_OFF:
            raise _bad(f"{place}.name", name)
        if seen.setdefault(name, at) != at:
            raise _bad(f"{place}.name", f"twice: {section}[{seen[name]}]")
        for language in labels:
            if language not in LANGUAGES:
                raise _bad(f"{place}.labels.{language}", "unknown")


def _check_times(pattern: Pattern, place: str) -> None:
    for where, clock in _clocks(pattern, place):
        if minutes(clock) is None:
            raise _bad(where, clock)


def _clocks(pattern: Pattern, place: str) -> Iterator[tuple[str, str]]:
    yield f"{place}.start", pattern.start
    yield f"{place}.end", pattern.end
    for number, each in enumerate(pattern.segments):
        yield f"{place}.segments[{number}].start", each.start
        yield f"{place}.segments[{number}].end", each.end


def _check_inside(whole: Stretch, inner: Sequence[Stretch], place: str) -> None:
    for number, each in enumerate(inner):
        where = f"{place}.segments[{number}]"
        if each.activity is Activity.WORK:
            raise _bad(f"{where}.activity", each.activity)
        if each.start_min >= each.end_min or each.end_min > whole.end_min:
            raise _bad(where, "outside the shift")
    for number, (one, other) in enumerate(pairwise(inner), 1):
        if other.start_min < one.end_min:
            raise _bad(f"{place}.segments[{number}]", "overlaps the one before it")


def _bad(name: str, detail: str) -> Refused:
    return Refused(Code.BAD_SETTING, name=name, detail=detail)
