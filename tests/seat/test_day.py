"""The figures of the day, folded from facts that a test writes down."""

from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.day import TimedFact, day_figures
from agent_client.seat.instants import instant, local_midnight, milliseconds, zone
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.call import CallAnswered, CallDialled, CallMissed, CallOffered, MissCause
from protocol.facts.session import SessionAnchored

MINUTE = 60_000
MIDNIGHT = 1_800_000_000_000
UNTIL = MIDNIGHT + 600 * MINUTE


def enters(minute: float, state: State) -> TimedFact:
    return MIDNIGHT + int(minute * MINUTE), StateEntered(state, "test", "1001")


def begins(minute: float, alive_minute: float | None = None) -> TimedFact:
    alive_ms = None if alive_minute is None else MIDNIGHT + int(alive_minute * MINUTE)
    anchored = SessionAnchored(0, 0, 0, "boot", "before", alive_ms)
    return MIDNIGHT + int(minute * MINUTE), anchored


def minutes(facts: list[TimedFact], until: int = UNTIL) -> tuple[dict[State, float], float]:
    time = day_figures(facts, MIDNIGHT, until).time
    return {state: seconds / 60 for state, seconds in time.seconds.items()}, time.unknown_s / 60


def test_a_day_without_facts_holds_nothing() -> None:
    assert minutes([]) == ({}, 0)


def test_the_present_state_counts_up_to_now() -> None:
    facts = [begins(60), enters(60, State.NOT_READY), enters(70, State.READY)]
    assert minutes(facts) == ({State.NOT_READY: 10, State.READY: 530}, 0)


def test_a_session_that_began_yesterday_counts_from_midnight() -> None:
    facts = [begins(-120), enters(-120, State.NOT_READY), enters(-60, State.READY)]
    facts += [enters(30, State.LOGGED_OFF)]
    assert minutes(facts) == ({State.READY: 30, State.LOGGED_OFF: 570}, 0)


def test_between_signing_out_and_in_again_one_is_signed_out() -> None:
    facts = [begins(0), enters(0, State.NOT_READY), enters(60, State.LOGGED_OFF)]
    facts += [begins(180, 60), enters(180, State.NOT_READY)]
    assert minutes(facts) == ({State.NOT_READY: 60 + 420, State.LOGGED_OFF: 120}, 0)


def test_from_a_seats_death_to_its_return_nobody_knows() -> None:
    facts = [begins(0), enters(0, State.NOT_READY), enters(10, State.READY)]
    facts += [begins(100, alive_minute=40), enters(100, State.NOT_READY)]
    assert minutes(facts) == ({State.NOT_READY: 10 + 500, State.READY: 30}, 60)


def test_a_seat_that_noted_no_life_is_unknown_from_its_last_fact() -> None:
    facts = [begins(0), enters(0, State.NOT_READY), enters(10, State.READY)]
    facts += [begins(100), enters(100, State.NOT_READY)]
    assert minutes(facts) == ({State.NOT_READY: 10 + 500}, 90)


def test_a_seat_that_died_yesterday_is_unknown_from_midnight() -> None:
    facts = [begins(-300), enters(-300, State.READY)]
    facts += [begins(480, alive_minute=-200), enters(480, State.NOT_READY)]
    assert minutes(facts) == ({State.NOT_READY: 120}, 480)


def test_calls_count_on_the_day_on_which_they_happened() -> None:
    facts: list[TimedFact] = [
        *((MIDNIGHT - 2, CallOffered(call_id, "13800138000")) for call_id in "abcde"),
        (MIDNIGHT - 1, CallAnswered("a")),
        (MIDNIGHT, CallAnswered("b")),
        (UNTIL - 1, CallMissed("c", MissCause.TIMEOUT)),
        (UNTIL, CallAnswered("d")),
        (None, CallAnswered("e")),
    ]
    figures = day_figures(facts, MIDNIGHT, UNTIL)
    assert (figures.calls_answered, figures.calls_missed) == (1, 1)


def test_a_call_that_the_agent_made_is_not_one_that_the_agent_answered() -> None:
    facts: list[TimedFact] = [
        (MIDNIGHT, CallDialled("a", "13800138000")),
        (MIDNIGHT, CallAnswered("a")),
    ]
    assert day_figures(facts, MIDNIGHT, UNTIL).calls_answered == 0


@given(st.lists(st.tuples(st.integers(0, UNTIL - MIDNIGHT), st.sampled_from(State)), min_size=1))
def test_the_parts_are_the_whole(changes: list[tuple[int, State]]) -> None:
    ordered = sorted(changes, key=lambda change: change[0])
    facts: list[TimedFact] = [
        (MIDNIGHT + at, StateEntered(state, "test", "1001", Reason.REST)) for at, state in ordered
    ]
    time = day_figures(facts, MIDNIGHT, UNTIL).time
    began_s = (MIDNIGHT + ordered[0][0]) // 1000
    assert sum(time.seconds.values()) + time.unknown_s == UNTIL // 1000 - began_s


def test_the_day_begins_at_the_sites_midnight() -> None:
    # 2026-11-22 17:30 UTC is 01:30 of the 23rd in Shanghai
    now_ms = 1_795_368_600_000
    shanghai = local_midnight(now_ms, zone("Asia/Shanghai"))
    assert shanghai.isoformat() == "2026-11-23T00:00:00+08:00"
    assert now_ms - milliseconds(shanghai) == 90 * MINUTE
    assert local_midnight(now_ms, zone("Nowhere/Atall")).isoformat() == "2026-11-22T00:00:00+00:00"


def test_instants_are_shown_to_the_second() -> None:
    at = instant(1_795_368_600_999)
    assert at is not None
    assert at.isoformat() == "2026-11-22T17:30:00+00:00"
    assert instant(None) is None
