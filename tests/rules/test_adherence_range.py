"""The range of a figure with unknown time: whatever a replay tells, the figure lies in it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence_planned import UNKNOWN_STATES
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from tests.rules.shifts import figures, planned, was

SPAN = 600
Doing = State | Reason
STEADY: list[Doing] = [State.READY, Reason.REST, Reason.MEAL, Reason.TRAINING, Reason.FORCED]
CALL = (State.RINGING, State.TALK, State.ACW)
PLAN = [
    planned(0, 200, Activity.WORK),
    planned(200, 260, Activity.BREAK),
    planned(260, 420, Activity.WORK),
    planned(420, 450, Activity.TRAINING),
    planned(450, 520, Activity.MEAL),
    planned(520, SPAN, Activity.WORK),
]
rules = st.builds(
    AdherenceRules,
    grace_s=st.sampled_from([0, 10, 40]),
    overrun_cap_s=st.sampled_from([30, 600]),
    break_floats=st.booleans() | st.just(True),
    personal_allowance_s=st.sampled_from([0, 25, 100]),
    acw_limit_s=st.sampled_from([0, 20]),
)
doings = st.sampled_from([*STEADY, State.LOGGED_OFF, Reason.PERSONAL])
Piece = tuple[Doing | None, str | None]


@st.composite
def calls(draw: st.DrawFn, name: str) -> list[Piece]:
    """Some of a call's parts, in order."""
    first = draw(st.integers(0, 2))
    return [(state, name) for state in CALL[first : draw(st.integers(first + 1, 3))]]


@st.composite
def days(draw: st.DrawFn) -> list[DaySegment]:
    """Known and unknown stretches, one after the other, from before the shift to after it."""
    pieces: list[Piece] = []
    for number in range(draw(st.integers(2, 7))):
        steady = doings.map(lambda doing: [(doing, None)])
        hidden = st.just([(draw(st.sampled_from([None, State.OFFLINE])), None)])
        pieces += draw(st.one_of(steady, calls(f"c{number}"), hidden))
    return _spread(draw, pieces, -30, SPAN + 60)


@st.composite
def silent_near_a_break(draw: st.DrawFn) -> list[DaySegment]:
    """Not heard when the first break begins; afterwards at rest, perhaps for too long."""
    begin = draw(st.integers(100, 215))
    end = draw(st.integers(begin + 1, 330))
    back = draw(st.integers(end + 1, 400))
    resting = draw(st.sampled_from([Reason.REST, Reason.PERSONAL, State.ACW]))
    return [
        was(-30, begin, State.READY),
        was(begin, end, draw(st.sampled_from([None, State.OFFLINE]))),
        was(end, back, resting, "c" if resting is State.ACW else None),
        was(back, SPAN, draw(doings)),
    ]


@st.composite
def replays(draw: st.DrawFn, day: list[DaySegment], steady: list[Doing]) -> list[DaySegment]:
    """The day with something in place of what nobody knew: it began signed in; a call before it
    may have gone on, one after it may have begun, and others may have come and gone."""
    told: list[DaySegment] = []
    for number, each in enumerate(day):
        if each.state not in UNKNOWN_STATES:
            told.append(each)
            continue
        begin, end = _in_seconds(each)
        parts = draw(st.lists(st.sampled_from(steady), max_size=2))
        pieces: list[Piece] = [(part, None) for part in parts]
        pieces += draw(calls(f"hidden {number}"))
        pieces += draw(st.sampled_from([[], [(State.LOGGED_OFF, None)]]))
        pieces = _went_on(draw, told) + pieces + _had_begun(draw, day[number + 1 :])
        told += _spread(draw, pieces, begin, end)
    return told


def _went_on(draw: st.DrawFn, told: list[DaySegment]) -> list[Piece]:
    """The call that was there when the seat fell silent."""
    last = told[-1] if told else None
    if last is None or last.call_id is None or not draw(st.booleans()):
        return []
    first = CALL.index(last.state) if last.state in CALL else 0
    return [(state, last.call_id) for state in CALL[first : draw(st.integers(first + 1, 3))]]


def _had_begun(draw: st.DrawFn, following: list[DaySegment]) -> list[Piece]:
    """The call that is there when the seat is heard again."""
    after = following[0] if following else None
    if after is None or after.call_id is None or not draw(st.booleans()):
        return []
    last = CALL.index(after.state) if after.state in CALL else 0
    return [(state, after.call_id) for state in CALL[draw(st.integers(0, last)) : last + 1]]


def _spread(draw: st.DrawFn, pieces: list[Piece], begin: int, end: int) -> list[DaySegment]:
    """The pieces over [begin, end), each a second at least; those that find no room left out."""
    pieces = pieces[: end - begin]
    inner = st.integers(begin + 1, end - 1) if end - begin > 1 else st.nothing()
    most = len(pieces) - 1
    cuts = draw(st.sets(inner, min_size=most, max_size=most)) if most else set()
    return [
        was(start, until, doing, call)
        for (doing, call), (start, until) in zip(
            pieces, pairwise([begin, *sorted(cuts), end]), strict=True
        )
    ]


def _in_seconds(each: DaySegment) -> tuple[int, int]:
    base = PLAN[0].start_ms
    return (each.from_ms - base) // 1000, (each.until_ms - base) // 1000


def counted(plan: list[PlannedSegment], day: list[DaySegment], by: AdherenceRules) -> int:
    return figures(plan, day, rules=by).in_adherence_s


@given(st.data(), days() | silent_near_a_break(), rules)
def test_no_replay_makes_more_of_a_day_than_the_upper_end(
    data: st.DataObject, day: list[DaySegment], by: AdherenceRules
) -> None:
    found = figures(PLAN, day, rules=by)
    told = data.draw(replays(day, [*STEADY, Reason.PERSONAL]))
    assert counted(PLAN, told, by) <= found.in_adherence_high_s


@given(st.data(), days() | silent_near_a_break(), rules)
def test_nor_less_than_the_lower_end(
    data: st.DataObject, day: list[DaySegment], by: AdherenceRules
) -> None:
    """But for personal need in it, which may use up the allowance of what is known later."""
    found = figures(PLAN, day, rules=by)
    told = data.draw(replays(day, STEADY))
    assert found.in_adherence_s <= counted(PLAN, told, by)


def test_a_call_that_nobody_knows_of_may_have_let_a_break_float() -> None:
    day = [
        was(0, 190, State.READY),
        was(190, 240, None),
        was(240, 300, Reason.REST),
        was(300, SPAN, State.READY),
    ]
    by = AdherenceRules(grace_s=0)
    call = [was(190, 240, State.TALK, "c")]
    found = figures(PLAN[:3], day, rules=by)
    assert counted(PLAN[:3], [*day[:1], *call, *day[2:]], by) == 420
    assert (found.in_adherence_s, found.in_adherence_high_s) == (420 - 90, 420)


def test_what_the_grace_forgives_may_hide_a_call_too() -> None:
    day = [
        was(0, 195, State.READY),
        was(195, 205, None),
        was(205, 270, Reason.REST),
        was(270, SPAN, State.READY),
    ]
    by = AdherenceRules(grace_s=5)
    found = figures(PLAN[:3], day, rules=by)
    assert (found.in_adherence_s, found.in_adherence_high_s) == (410, 420)
    assert (found.unknown_s, found.provisional) == (0, True)
