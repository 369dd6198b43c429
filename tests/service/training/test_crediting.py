"""Seconds of reading: never more than went by, never one twice, and all that an honest seat tells
of."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent_service.training.crediting import Reading, Told, began, credited, opened
from protocol.wire.training import HEARTBEAT_S

DAY_MS = 86_400_000
NOW_MS = 1_800_000_000_000


class Event(NamedTuple):
    """What a seat tells: an opening, or (`seconds`) reading."""

    told: Told
    seconds: int | None = None


def told(at_ms: int, session: str = "s", content: str = "c", late_ms: int = 0) -> Told:
    return Told(session, "a", content, NOW_MS + at_ms, NOW_MS + at_ms + late_ms)


def counted(events: Iterable[Event], reading: Reading | None = None) -> list[int]:
    """How many seconds of each event count."""
    reading, counts = signed_in() if reading is None else reading, []
    for told, seconds in events:
        if seconds is None:
            reading = opened(reading, told)
        else:
            reading, count = credited(reading, told, seconds)
            counts.append(count)
    return counts


def signed_in(*sessions: str, at_ms: int = 0) -> Reading:
    """A person whose sessions the service let begin."""
    reading = Reading()
    for session in sessions or ("s", "one", "two", *"xyz"):
        reading = began(reading, session, NOW_MS + at_ms)
    return reading


@st.composite
def anything(draw: st.DrawFn) -> list[Event]:
    """Whatever desks may say: three sessions in any order, clocks that jump, stretches that
    overlap, facts that come late or again."""
    events: list[Event] = []
    received_ms = NOW_MS
    for _ in range(draw(st.integers(1, 40))):
        received_ms += draw(st.sampled_from([0, 1, 999, 4_000, 10_000, 10_050, 60_000]))
        late_ms = draw(st.sampled_from([0, 0, 0, 30, 5_000, 11_000, 90_000, DAY_MS]))
        told = Told(
            draw(st.sampled_from("xyz")),
            "a",
            draw(st.sampled_from("cd")),
            received_ms - late_ms,
            received_ms,
        )
        seconds = draw(st.one_of(st.none(), st.integers(-20, 40)))
        events.append(Event(told, seconds))
        events += [events[-1]] * draw(st.sampled_from([0, 0, 0, 1]))
    return events


@given(anything())
def test_never_more_than_went_by(events: list[Event]) -> None:
    counts = counted(events)
    assert all(0 <= count <= HEARTBEAT_S for count in counts)
    instants = [event.told.at_ms for event in events]
    assert sum(counts) * 1000 <= max(instants) - min(instants)
    sessions = {event.told.session for event in events}
    heard_s = (max(event.told.received_ms for event in events) - NOW_MS) / 1000
    assert sum(counts) <= len(sessions) * heard_s


@given(anything(), anything())
def test_of_a_span_of_time_no_more_counts_than_it_has(
    before: list[Event], after: list[Event]
) -> None:
    """Wherever it is cut: what counts later lies in time that did not count before."""
    reading = signed_in()
    for told, seconds in (*before, *after):
        spent_ms = sum(until - since for since, until in reading.spent)
        put_by_ms = sum(each.spare_ms for each in reading.sessions)
        if seconds is None:
            reading, count = opened(reading, told), 0
        else:
            reading, count = credited(reading, told, seconds)
        now_ms = sum(until - since for since, until in reading.spent)
        assert count * 1000 <= now_ms - spent_ms + put_by_ms
        assert list(reading.spent) == sorted(reading.spent)
        assert all(one[1] < other[0] for one, other in pairwise(reading.spent))


@given(anything())
def test_it_comes_to_the_same_wherever_it_is_put_on_the_disk(events: list[Event]) -> None:
    reading = kept = signed_in()
    for told, seconds in events:
        if seconds is None:
            reading, kept = opened(reading, told), opened(_stored(kept), told)
        else:
            reading, one = credited(reading, told, seconds)
            kept, other = credited(_stored(kept), told, seconds)
            assert one == other
    assert reading == kept


def _stored(reading: Reading) -> Reading:
    return msgspec.json.decode(msgspec.json.encode(reading), type=Reading)


@given(
    st.lists(st.lists(st.integers(1_000, 30_000), min_size=1, max_size=12), min_size=1, max_size=6),
    st.integers(0, 100_000),
    st.lists(st.integers(0, 600_000), min_size=80, max_size=80),
)
def test_all_that_an_honest_seat_tells_of_counts(
    openings: list[list[int]], first_late_ms: int, late_ms: Sequence[int]
) -> None:
    """Whatever the link does: facts come late and many at once, but in order."""
    events: list[Event] = []
    at_ms, received_ms, owed_ms = 0, first_late_ms, 0
    for number, gaps in enumerate(openings):
        events.append(_heard(at_ms, received_ms, str(number)))
        owed_ms = 0
        for gap_ms in gaps:
            at_ms += gap_ms
            owed_ms = min(owed_ms + gap_ms, 10_000)
            seconds, owed_ms = owed_ms // 1000, owed_ms % 1000
            received_ms = max(received_ms, at_ms + max(first_late_ms, late_ms[len(events)]))
            events.append(_heard(at_ms, received_ms, str(number), seconds))
    assert counted(events) == [each.seconds for each in events if each.seconds is not None]


def _heard(at_ms: int, received_ms: int, content: str, seconds: int | None = None) -> Event:
    return Event(Told("s", "a", content, NOW_MS + at_ms, NOW_MS + received_ms), seconds)


def test_ten_seconds_at_most_and_nothing_negative() -> None:
    events = [Event(told(0)), Event(told(60_000), 600), Event(told(120_000), -5)]
    assert counted(events) == [10, 0]


def test_what_is_too_much_is_cut() -> None:
    events = [Event(told(0)), Event(told(4_999), 10), Event(told(9_999), 10)]
    assert counted(events) == [4, 5]


def test_what_is_not_open_does_not_count() -> None:
    assert counted([Event(told(10_000), 10)]) == [0]
    other = told(10_000, content="d")
    assert counted([Event(told(0)), Event(other, 10)]) == [0]


def test_two_desks_at_once_count_once() -> None:
    events = [
        Event(told(0, "one")),
        Event(told(0, "two")),
        *(Event(told(at, desk), 10) for at in (10_000, 20_000, 30_000) for desk in ("one", "two")),
    ]
    assert sum(counted(events)) == 30


def test_what_the_first_desk_tells_late_counts_as_far_as_it_was_before_the_second() -> None:
    """The desk went down; the agent read on at another."""
    late_ms = 300_000
    events = [
        Event(told(0, "one")),
        Event(told(20_000, "two")),
        Event(told(30_000, "two"), 10),
        Event(told(10_000, "one", late_ms=late_ms), 10),
        Event(told(20_000, "one", late_ms=late_ms), 10),
        Event(told(30_000, "one", late_ms=late_ms), 10),
    ]
    assert counted(events) == [10, 10, 10, 0]


def test_a_clock_that_is_set_on_gains_nothing() -> None:
    """The seat says an hour, the server's clock ten seconds."""
    heard_ms = NOW_MS + 10_000
    start = Told("s", "a", "c", NOW_MS - 3_600_000, NOW_MS)
    reads = [
        Event(Told("s", "a", "c", NOW_MS - 3_600_000 + at, heard_ms), 10)
        for at in range(10_000, 600_000, 10_000)
    ]
    assert sum(counted([Event(start), *reads])) == 10


def test_what_was_opened_while_nobody_heard_counts_from_the_sign_in() -> None:
    """The link was cut before the opening, and came back ten minutes later."""
    late = [told(at, late_ms=600_000 - at) for at in range(0, 61_000, 10_000)]
    events = [Event(late[0]), *(Event(each, 10) for each in late[1:])]
    assert counted(events, signed_in("s", at_ms=-30_000)) == [10] * 6
    assert counted(events, signed_in("s", at_ms=580_000)) == [10, 10, 0, 0, 0, 0]


def test_of_a_session_that_began_without_the_service_the_word_of_the_seat_counts() -> None:
    late = [told(at, late_ms=600_000 - at) for at in range(0, 61_000, 10_000)]
    events = [Event(late[0]), *(Event(each, 10) for each in late[1:])]
    assert counted(events, began(Reading(), "s", None)) == [10] * 6
    assert counted(events, Reading()) == [0] * 6
    assert sum(counted([*events, *events], began(Reading(), "s", None))) == 60


def test_a_sign_in_that_is_told_again_changes_nothing() -> None:
    reading = opened(signed_in("s"), told(5_000))
    assert began(reading, "s", NOW_MS + 9_000) == reading


def test_many_openings_are_remembered_in_little_room() -> None:
    reading = Reading()
    for number in range(100):
        at_ms = number * 60_000
        reading = began(reading, f"s{number}", NOW_MS + at_ms)
        reading = opened(reading, told(at_ms, session=f"s{number}"))
        reading, count = credited(reading, told(at_ms + 10_000, session=f"s{number}"), 10)
        assert count == 10
    assert len(reading.spent) <= 32
    assert len(reading.sessions) <= 8
    late = told(5_000, "late", late_ms=DAY_MS)
    reading = opened(began(reading, "late", None), late)
    later = told(15_000, "late", late_ms=DAY_MS)
    assert credited(reading, later, 10)[1] == 0
