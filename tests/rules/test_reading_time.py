"""Credited reading time, beside a second-by-second recount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.reading_time import ReadingTime, Sign, Told, reading_time

IDLE_S = 30
SIGNS = st.lists(st.tuples(st.integers(0, 200), st.sampled_from(Sign)), max_size=12).map(
    lambda given: sorted(given, key=lambda each: each[0])
)


def told(*signs: tuple[int, str]) -> ReadingTime:
    return reading_time([Told(at_s, Sign(sign)) for at_s, sign in signs], IDLE_S)


@pytest.mark.parametrize(
    ("signs", "credited_s", "wall_s"),
    [
        ([], 0, 0),
        ([(0, "open"), (100, "close")], 30, 100),
        ([(0, "open"), (29, "input"), (100, "close")], 59, 100),
        ([(0, "open"), (5, "play"), (100, "pause"), (120, "close")], 120, 120),
        ([(0, "open"), (10, "lock"), (60, "unlock"), (70, "close")], 20, 70),
        ([(0, "open"), (10, "blur"), (15, "input"), (70, "close")], 10, 70),
        ([(0, "input"), (50, "open"), (60, "close"), (90, "input")], 10, 40),
        ([(0, "open"), (10, "close"), (50, "open"), (55, "close")], 15, 55),
    ],
)
def test_what_is_credited(signs: list[tuple[int, str]], credited_s: int, wall_s: int) -> None:
    assert told(*signs) == ReadingTime(credited_s, wall_s)


def counted(signs: list[tuple[int, Sign]]) -> int:
    """Second by second, from the words of the rule."""
    is_open = is_locked = plays = False
    in_front, input_s, credited = True, -1_000, 0
    for second in range(max((at_s for at_s, _ in signs), default=0)):
        for _, sign in (each for each in signs if each[0] == second):
            is_open = sign is Sign.OPEN or (is_open and sign is not Sign.CLOSE)
            is_locked = sign is Sign.LOCK or (is_locked and sign is not Sign.UNLOCK)
            ends = sign in (Sign.PAUSE, Sign.CLOSE, Sign.OPEN)
            plays = sign is Sign.PLAY or (plays and not ends)
            shows = sign in (Sign.FOCUS, Sign.OPEN)
            in_front = shows or (in_front and sign is not Sign.BLUR)
            input_s = input_s if sign in (Sign.BLUR, Sign.LOCK, Sign.CLOSE) else second
        reads = plays or second - input_s < IDLE_S
        credited += is_open and in_front and not is_locked and reads
    return credited


@given(SIGNS)
def test_a_recount_agrees(signs: list[tuple[int, Sign]]) -> None:
    found = reading_time([Told(*each) for each in signs], IDLE_S)
    assert found.credited_s == counted(signs)
    assert 0 <= found.credited_s <= found.wall_s
