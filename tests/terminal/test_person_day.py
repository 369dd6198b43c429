"""A day laid out over its hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.person_day import SHORTEST, Cell, cells, hours, span
from protocol.facts.agent import State
from protocol.wire.person import Segment

SITE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
"""09:00 at the site."""
_minutes = st.lists(st.integers(1, 300), min_size=1, max_size=12)
_states = st.lists(st.none() | st.sampled_from(State), min_size=12, max_size=12)


def day(minutes: list[int], states: list[State | None]) -> list[Segment]:
    """Stretches one after the other from nine o'clock."""
    made, at = [], NINE
    for length, state in zip(minutes, states, strict=False):
        made.append(Segment(at, at + timedelta(minutes=length), state))
        at += timedelta(minutes=length)
    return made


@given(_minutes, _states, st.integers(8, 200))
def test_the_strip_is_as_wide_as_it_should_be_and_holds_what_was(
    minutes: list[int], states: list[State | None], width: int
) -> None:
    segments = day(minutes, states)
    over = span(segments, None, SITE)
    painted = cells(segments, over, width, None)
    assert len(painted) == width == len(hours(over, width, SITE))
    assert {cell.state for cell in painted if not cell.empty} <= {each.state for each in segments}
    assert over.end - over.start >= SHORTEST
    assert over.start <= segments[0].start
    assert segments[-1].end <= over.end


def test_an_hour_stands_over_its_number() -> None:
    segments = day([60, 60, 120], [State.READY, State.TALK, None])
    over = span(segments, None, SITE)
    painted = cells(segments, over, 16, None)
    assert hours(over, 16, SITE) == "09  10  11  12  "
    assert painted == [Cell(State.READY)] * 4 + [Cell(State.TALK)] * 4 + [Cell(None)] * 8


def test_what_goes_on_reaches_up_to_now() -> None:
    segments = [Segment(NINE, None, State.READY)]
    now = NINE + timedelta(hours=2)
    painted = cells(segments, span(segments, now, SITE), 8, now)
    assert painted == [Cell(State.READY)] * 4 + [Cell(None, empty=True)] * 4


def test_a_day_without_anything_has_no_strip() -> None:
    assert span([], NINE, SITE) is None
