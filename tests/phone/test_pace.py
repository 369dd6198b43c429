"""How fast calls may come and go."""

import time

from hypothesis import given
from hypothesis import strategies as st

from agent_client.phone.pace import BURST, SPACING_S, WINDOW_S, Arrivals, Pace


def test_a_busy_minute_is_no_hurry() -> None:
    pace = Pace()
    for second in range(60):
        pace.note(float(second))
        assert not pace.hurried(float(second))


@given(st.lists(st.floats(0, 0.2), max_size=60))
def test_it_is_a_hurry_exactly_when_too_many_began_lately(pauses: list[float]) -> None:
    pace = Pace()
    begun: list[float] = []
    now = 0.0
    for pause in pauses:
        now += pause
        begun.append(now)
        pace.note(now)
        lately = [at for at in begun if now - at < WINDOW_S]
        assert pace.hurried(now) == (len(lately) >= BURST)


def test_strangers_in_a_hurry_wait_their_turn() -> None:
    arrivals = Arrivals()
    began = time.monotonic()
    for _ in range(BURST + 5):
        arrivals.slow_down()
    assert time.monotonic() - began >= 5 * SPACING_S
