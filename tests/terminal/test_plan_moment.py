"""Where a moment lies in a plan, and what the strips make of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.plan_moment import moment, ran_over
from agent_client.terminal.plan_strip import LOOKS, Apart, axis, done, kind_of, planned
from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.wire.person import Segment
from tests.terminal.fake_seat import NOW
from tests.terminal.plan_scenes import LATE, PLAN, SITE, at, recorded, shift, shown

SPLIT = shift("09:00-12:00 WORK", "14:00-18:00 WORK")


@pytest.mark.parametrize(
    ("clock", "now", "following", "over", "left_s"),
    [
        ("08:59", None, "09:00", False, 60),
        ("09:00", "09:00", "14:00", False, 10_800),
        ("12:00", None, "14:00", False, 7_200),
        ("17:59:30", "14:00", None, False, 30),
        ("18:00", None, None, True, None),
    ],
)
def test_where_a_moment_lies(
    clock: str, now: str | None, following: str | None, over: bool, left_s: int | None
) -> None:
    found = moment(SPLIT, at(clock))
    starts = [each.start_ms if each is not None else None for each in (found.now, found.next)]
    assert starts == [at(each) if each is not None else None for each in (now, following)]
    assert (found.over, found.left_s) == (over, left_s)


def test_a_second_that_has_begun_is_left() -> None:
    assert moment(SPLIT, at("17:59:59") + 1).left_s == 1


def test_a_call_ran_over_where_it_was_going_on_as_the_rest_began() -> None:
    was = shown(recorded(LATE))
    assert ran_over(was, at("12:00"))
    assert not ran_over(was, at("12:20"))
    assert not ran_over(was, at("10:30"))


@given(st.sampled_from([*State, None]), st.sampled_from([*Reason, None]))
def test_everything_that_somebody_does_has_a_pattern(
    state: State | None, reason: Reason | None
) -> None:
    assert kind_of(state, reason) in LOOKS


def test_no_two_kinds_look_alike_without_colour() -> None:
    fills = [fill for fill, _ in LOOKS.values()]
    assert len(set(fills)) == len(fills) == len(Activity) + len(Apart)


@given(
    st.lists(st.tuples(st.integers(0, 600), st.sampled_from([*State, None])), max_size=12),
    st.integers(8, 160),
)
def test_a_strip_fills_its_cells_and_nothing_after_now(
    parts: list[tuple[int, State | None]], width: int
) -> None:
    at_ms, was = NOW - timedelta(hours=6), []
    for minutes, state in parts:
        end = min(NOW, at_ms + timedelta(minutes=minutes))
        was.append(Segment(at_ms, end, state))
        at_ms = end
    over = axis(PLAN, was, NOW, SITE)
    assert over is not None
    plan = planned(PLAN, over, width)
    strip = done(was, plan, over, NOW)
    assert len(plan) == len(strip) == width
    assert set(strip[int(over.place(NOW, width)) + 1 :]) <= {None}


def test_planned_time_that_nothing_covers_was_spent_signed_out() -> None:
    over = axis(PLAN, (), NOW, SITE)
    assert over is not None
    strip = done((), planned(PLAN, over, 90), over, NOW)
    assert strip[0] is Apart.OFF
    assert strip[-1] is None
    assert axis((), (), datetime.now(UTC), SITE) is None
