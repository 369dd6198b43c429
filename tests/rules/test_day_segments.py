"""What a day was made of, and what of it nobody knows."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.agent import AcwExtended, Reason, State, StateEntered
from protocol.facts.call import CallOffered
from protocol.facts.session import FactsLost, PhoneUp, SessionAnchored, SessionProvisional
from protocol.rules.day_segments import DaySegment, SessionFacts, changes_of, day_segments
from protocol.rules.placing import Placed, Unread
from protocol.rules.state_time import StateChange, state_time

MINUTE = 60_000
UNTIL = 600
Told = tuple[int, int, str]
"""From minute, until minute, and what; `?` for what nobody knows."""


def enters(minute: float | None, state: State, reason: Reason | None = None) -> Placed:
    at = None if minute is None else int(minute * MINUTE)
    return at, StateEntered(state, "test", "1001", reason)


def begins(minute: float, before: str | None = None, alive: int | None = None) -> Placed:
    alive_ms = None if alive is None else alive * MINUTE
    return int(minute * MINUTE), SessionAnchored(0, 0, 0, "boot", before, alive_ms)


def session(name: str, *facts: Placed, lost: int | None = None) -> SessionFacts:
    return SessionFacts(name, facts, None if lost is None else lost * MINUTE)


def told(*sessions: SessionFacts, start: int = 0, until: int = UNTIL) -> list[Told]:
    segments = day_segments(sessions, start * MINUTE, until * MINUTE)
    return [
        (each.from_ms // MINUTE, each.until_ms // MINUTE, each.state or "?") for each in segments
    ]


READY, BREAK, OFF = State.READY, State.NOT_READY, State.LOGGED_OFF


def test_without_facts_there_is_no_day() -> None:
    assert told() == []
    assert told(session("a")) == []


def test_a_state_lasts_until_the_next() -> None:
    day = session("a", begins(10), enters(10, BREAK), enters(20, READY), enters(500, OFF))
    assert told(day) == [(10, 20, BREAK), (20, 500, READY), (500, 600, OFF)]


def test_from_a_fact_that_can_not_be_read_until_the_next_state_nobody_knows() -> None:
    day = session(
        "a", enters(0, READY), (20 * MINUTE, Unread()), enters(30, BREAK), enters(500, OFF)
    )
    assert told(day) == [(0, 20, READY), (20, 30, "?"), (30, 500, BREAK), (500, 600, OFF)]
    unplaced = session("a", enters(0, READY), enters(20, BREAK), (None, Unread()), enters(30, OFF))
    assert told(unplaced) == [(0, 20, READY), (20, 30, "?"), (30, 600, OFF)]
    last = session("a", enters(0, OFF), (20 * MINUTE, Unread()))
    assert told(last) == [(0, 20, OFF), (20, 600, "?")]


def test_a_segment_tells_why() -> None:
    entered = StateEntered(BREAK, "break", "1001", Reason.MEAL)
    (segment,) = day_segments([session("a", (0, entered))], 0, 1)
    assert segment == DaySegment(0, 1, BREAK, Reason.MEAL, "break", "1001")


def test_a_segment_names_its_call() -> None:
    entered = StateEntered(State.ACW, "last_leg_ended", "system", call_id="c1")
    (segment,) = day_segments([session("a", (0, entered))], 0, 1)
    assert segment.call_id == "c1"


def test_a_day_is_cut_at_its_ends() -> None:
    shift = session("a", begins(-60), enters(-60, BREAK), enters(-30, READY), enters(700, OFF))
    assert told(shift) == [(0, 600, READY)]
    assert told(shift, until=100) == [(0, 100, READY)]
    assert told(shift, start=620, until=720) == [(620, 700, READY), (700, 720, OFF)]


def test_from_a_seats_death_to_its_return_nobody_knows() -> None:
    dead = session("a", begins(0), enters(0, BREAK), enters(10, READY))
    back = session("b", begins(100, "a", 40), enters(101, BREAK))
    assert told(dead, back) == [(0, 10, BREAK), (10, 40, READY), (40, 101, "?"), (101, 600, BREAK)]


def test_a_seat_that_noted_no_life_is_unknown_from_its_last_fact() -> None:
    dead = session("a", enters(0, READY), (30 * MINUTE, PhoneUp("")))
    back = session("b", begins(100), enters(100, BREAK))
    assert told(dead, back) == [(0, 30, READY), (30, 100, "?"), (100, 600, BREAK)]


def test_the_life_of_another_seat_vouches_for_nothing() -> None:
    dead = session("a", enters(0, READY))
    back = session("b", begins(100, "elsewhere", 90), enters(100, BREAK))
    assert told(dead, back) == [(0, 100, "?"), (100, 600, BREAK)]


def test_between_signing_out_and_in_again_one_is_signed_out() -> None:
    first = session("a", enters(0, READY), enters(60, OFF))
    second = session("b", begins(180, "a", 90), enters(180, BREAK))
    assert told(second, first) == [(0, 60, READY), (60, 180, OFF), (180, 600, BREAK)]


def test_facts_that_are_lost_for_good_leave_their_time_unknown() -> None:
    first = session("a", enters(0, READY), enters(60, OFF))
    second = session("b", begins(180), (180 * MINUTE, FactsLost("a", 3, 9)), enters(180, BREAK))
    assert told(first, second) == [(0, 60, READY), (60, 180, "?"), (180, 600, BREAK)]


def test_a_desk_that_can_not_tell_what_it_lost_vouches_for_nothing_before_it() -> None:
    first = session("a", enters(0, READY), enters(60, OFF))
    lost = (180 * MINUTE, FactsLost("", 1, None))
    second = session("b", begins(180), lost, enters(180, BREAK), enters(200, OFF))
    third = session("c", begins(300, "b", 200), enters(300, BREAK))
    assert told(first, second, third) == [
        (0, 60, READY),
        (60, 180, "?"),
        (180, 200, BREAK),
        (200, 300, OFF),
        (300, 600, BREAK),
    ]


def test_of_a_session_that_is_lost_whole_the_time_is_unknown_from_its_beginning() -> None:
    first = session("a", enters(0, READY), enters(60, OFF))
    lost = (180 * MINUTE, FactsLost("gone", 1, 9, 100 * MINUTE))
    second = session("b", begins(180), lost, enters(180, BREAK))
    assert told(first, second) == [
        (0, 60, READY),
        (60, 100, OFF),
        (100, 180, "?"),
        (180, 600, BREAK),
    ]


def test_a_seat_that_is_not_heard_is_unknown_until_its_facts_come() -> None:
    facts = enters(0, BREAK), enters(10, READY)
    assert told(session("a", *facts, lost=50)) == [(0, 10, BREAK), (10, 50, READY), (50, 600, "?")]
    replayed = *facts, enters(70, BREAK)
    assert told(session("a", *replayed, lost=50))[2:] == [(70, 600, "?")]
    assert told(session("a", *replayed))[1:] == [(10, 70, READY), (70, 600, BREAK)]
    signed_out = *facts, enters(40, OFF)
    assert told(session("a", *signed_out, lost=50))[-1] == (40, 600, OFF)


def test_what_an_earlier_seat_says_after_a_later_one_began_does_not_count() -> None:
    old = session("a", enters(0, READY), enters(101, OFF))
    new = session("b", begins(100), enters(100, BREAK))
    assert told(old, new) == [(0, 100, READY), (100, 600, BREAK)]


def test_a_provisional_session_is_not_cut_by_its_later_anchor() -> None:
    provisional = 0, SessionProvisional("boot")
    day = session("a", provisional, enters(0, BREAK), enters(10, READY), begins(50))
    assert told(day) == [(0, 10, BREAK), (10, 600, READY)]


def test_a_state_without_an_instant_makes_unknown_what_surrounds_it() -> None:
    day = session("a", enters(0, READY), (20 * MINUTE, CallOffered("c", "1")), enters(None, BREAK))
    assert told(day) == [(0, 20, READY), (20, 600, "?")]
    again = session("b", enters(0, READY), enters(None, BREAK), enters(60, OFF))
    assert told(again) == [(0, 60, "?"), (60, 600, OFF)]


def test_a_session_without_any_instant_is_unknown_until_another_begins() -> None:
    before = session("a", enters(0, READY), enters(60, OFF))
    began = SessionProvisional("boot", "a", 90 * MINUTE)
    blind = session("b", (None, began), enters(None, READY), enters(None, OFF))
    after = session("c", begins(300, "b"), enters(300, BREAK))
    expected = [(0, 60, READY), (60, 90, OFF), (90, 300, "?"), (300, 600, BREAK)]
    assert told(before, blind, after) == expected
    assert told(before, after, blind) == expected


def test_without_a_sign_of_life_it_is_unknown_from_the_end_of_what_is_known() -> None:
    before = session("a", enters(0, READY), enters(60, OFF))
    blind = session("b", (None, SessionProvisional("boot")), enters(None, READY))
    assert told(before, blind) == [(0, 60, READY), (60, 600, "?")]
    assert told(blind) == [(0, 600, "?")]


def test_what_signed_out_is_signed_out_when_its_facts_came() -> None:
    facts = ((None, SessionProvisional("boot")), enters(None, READY), enters(None, OFF))
    blind = SessionFacts("b", facts, heard_ms=200 * MINUTE)
    assert told(blind) == [(0, 200, "?"), (200, 600, OFF)]


def test_after_call_work_is_known_with_its_line_and_what_it_was_given_in_addition() -> None:
    def in_call(minute: int, state: State) -> Placed:
        return minute * MINUTE, StateEntered(state, "test", "1001", None, "c")

    day = session(
        "a",
        (10 * MINUTE, CallOffered("c", "13900001234", line="complaints")),
        in_call(10, State.TALK),
        in_call(20, State.ACW),
        (21 * MINUTE, AcwExtended("c", 60, "1001")),
        (22 * MINUTE, AcwExtended("other", 60, "1001")),
        (23 * MINUTE, AcwExtended("c", 30, "system")),
        enters(30, READY),
    )
    found = day_segments([day], 0, UNTIL * MINUTE)
    assert [(each.state, each.line, each.acw_extra_s) for each in found] == [
        (State.TALK, "", 0),
        (State.ACW, "complaints", 90),
        (READY, "", 0),
    ]


states = st.tuples(st.integers(-100, UNTIL + 100), st.sampled_from(State))
days = st.lists(states, min_size=1).map(lambda changes: sorted(changes, key=lambda each: each[0]))


@given(days)
def test_the_figures_are_those_of_the_changes_of_state(changes: list[tuple[int, State]]) -> None:
    facts = [enters(minute, state) for minute, state in changes]
    segments = day_segments([session("a", *facts)], 0, UNTIL * MINUTE)
    direct = [StateChange(minute * MINUTE, state) for minute, state in changes]
    bounds = 0, UNTIL * MINUTE
    assert state_time(changes_of(segments), *bounds) == state_time(direct, *bounds)


instants = st.none() | st.integers(-100, UNTIL + 100)
any_session = st.builds(
    lambda name, facts, lost: session(name, *facts, lost=lost),
    st.sampled_from("abc"),
    st.lists(
        st.builds(enters, instants, st.sampled_from(State))
        | st.builds(begins, st.integers(0, UNTIL), st.sampled_from("abc"), instants)
    ),
    instants,
)


@given(st.lists(any_session))
def test_segments_follow_one_another_inside_the_day(sessions: Sequence[SessionFacts]) -> None:
    segments = day_segments(sessions, 0, UNTIL * MINUTE)
    assert all(each.from_ms < each.until_ms for each in segments)
    assert all(one.until_ms == other.from_ms for one, other in pairwise(segments))
    assert all(each.from_ms >= 0 and each.until_ms <= UNTIL * MINUTE for each in segments)
    assert not segments or segments[-1].until_ms == UNTIL * MINUTE
