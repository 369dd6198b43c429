"""Replay: the same figures whatever the order and however often events arrive."""

import random
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol.rules.replay import Anchor, Event, Gap, Interval, replay

HOUR_MS = 3_600_000
SESSIONS = ("a", "b", "c")
STATES = ("READY", "TALK", "ACW", "NOT_READY:REST")
moments = st.integers(0, 10 * HOUR_MS)
events = st.lists(
    st.builds(
        Event,
        session=st.sampled_from(SESSIONS),
        seq=st.integers(1, 12),
        received_ms=moments,
        mono_ms=moments,
        wall_ms=st.none() | moments,
        state=st.sampled_from(STATES),
    ),
    max_size=30,
)
anchors = st.dictionaries(
    st.sampled_from(SESSIONS), st.builds(Anchor, server_ms=moments, mono_ms=moments)
)


def event(seq: int, mono_s: float, state: str = "READY", received_s: float = 9e6) -> Event:
    return Event("a", seq, round(received_s * 1000), round(mono_s * 1000), None, state)


ANCHORS = {"a": Anchor(server_ms=1_000_000, mono_ms=0)}


def test_time_is_the_anchors_and_the_monotonic_clocks() -> None:
    found = replay(ANCHORS, [event(1, 0), event(2, 60, "TALK"), event(3, 90, "ACW")])
    assert found.intervals == (
        Interval("a", 1000, 1060, "READY"),
        Interval("a", 1060, 1090, "TALK"),
    )


def test_instants_are_floored_before_they_are_subtracted() -> None:
    found = replay(ANCHORS, [event(1, 0.9), event(2, 2.1)])
    assert found.intervals == (Interval("a", 1000, 1002, "READY"),)


def test_an_event_is_never_later_than_its_receipt() -> None:
    found = replay(ANCHORS, [event(1, 0), event(2, 500, "TALK", received_s=1030)])
    assert found.clamped == 1
    assert found.intervals == (Interval("a", 1000, 1030, "READY"),)


def test_what_was_before_an_event_is_not_later_than_its_receipt_either() -> None:
    given_events = [event(1, 0), event(2, 100, "TALK"), event(3, 110, "ACW", received_s=1050)]
    found = replay(ANCHORS, [*given_events, event(4, 200)])
    assert [(part.start_s, part.end_s) for part in found.intervals] == [
        (1000, 1050),
        (1050, 1050),
        (1050, 1200),
    ]


def test_missing_numbers_are_told_with_those_before_the_first() -> None:
    found = replay(ANCHORS, [event(3, 0), event(4, 10), event(8, 20)])
    assert found.gaps == (Gap("a", 1, 2), Gap("a", 5, 7))
    assert len(found.intervals) == 2


def test_without_an_anchor_nobody_knows_when_it_was() -> None:
    found = replay({}, [event(1, 0), event(2, 10)])
    assert (found.accepted, found.unanchored, found.intervals) == (2, 2, ())
    assert found.max_abs_wall_skew_s is None


def test_of_copies_the_one_received_first_counts() -> None:
    copies = [event(2, 50, received_s=2000), event(2, 50, received_s=1030)]
    found = replay(ANCHORS, [event(1, 0), *copies])
    assert (found.accepted, found.duplicates, found.clamped) == (2, 1, 1)
    assert found.intervals[0].end_s == 1030


def test_nothing_is_no_figure() -> None:
    found = replay({}, [])
    assert (found.accepted, found.max_abs_wall_skew_s, found.intervals) == (0, None, ())


@settings(deadline=None)
@given(anchors, events, st.randoms())
def test_the_order_of_arrival_changes_nothing(
    known: dict[str, Anchor], given_events: list[Event], chance: random.Random
) -> None:
    shuffled = list(given_events)
    chance.shuffle(shuffled)
    assert replay(known, shuffled) == replay(known, given_events)


@settings(deadline=None)
@given(anchors, events, st.integers(0, 30))
def test_sending_again_changes_nothing_but_the_count_of_copies(
    known: dict[str, Anchor], given_events: list[Event], cut: int
) -> None:
    once = replay(known, given_events)
    again = replay(known, given_events[cut:] + given_events)
    assert again.duplicates == once.duplicates + len(given_events[cut:])
    assert (again.accepted, again.gaps, again.intervals) == (
        once.accepted,
        once.gaps,
        once.intervals,
    )
    assert (again.clamped, again.unanchored, again.max_abs_wall_skew_s) == (
        once.clamped,
        once.unanchored,
        once.max_abs_wall_skew_s,
    )


@settings(deadline=None)
@given(anchors, events)
def test_intervals_of_a_session_follow_one_another_without_overlap(
    known: dict[str, Anchor], given_events: list[Event]
) -> None:
    found = replay(known, given_events)
    assert all(part.start_s <= part.end_s for part in found.intervals)
    for session in SESSIONS:
        own = [part for part in found.intervals if part.session == session]
        assert all(one.end_s == two.start_s for one, two in pairwise(own))


@settings(deadline=None)
@given(anchors, events)
def test_every_event_is_counted_once(known: dict[str, Anchor], given_events: list[Event]) -> None:
    found = replay(known, given_events)
    assert found.accepted + found.duplicates == len(given_events)
    assert found.accepted == len({(each.session, each.seq) for each in given_events})
    latest_s = max((each.received_ms for each in given_events), default=0) // 1000
    assert all(part.end_s <= latest_s for part in found.intervals)
