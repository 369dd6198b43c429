"""The figures of the day, folded from facts that a test writes down."""

from hypothesis import given
from hypothesis import strategies as st

from agent_client.seat.day import day_figures
from agent_client.seat.instants import instant, local_midnight, milliseconds, zone
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.call import CallAnswered, CallDialled, CallMissed, CallOffered, MissCause
from protocol.facts.session import SessionAnchored, SessionProvisional
from protocol.rules.day_segments import SessionFacts
from protocol.rules.placing import Placed

MINUTE = 60_000
MIDNIGHT = 1_800_000_000_000
UNTIL = MIDNIGHT + 600 * MINUTE
BEFORE = "before"
"""The name of every session: the one before is always meant."""


def enters(minute: float, state: State) -> Placed:
    return MIDNIGHT + int(minute * MINUTE), StateEntered(state, "test", "1001")


def begins(minute: float, alive_minute: float | None = None) -> Placed:
    alive_ms = None if alive_minute is None else MIDNIGHT + int(alive_minute * MINUTE)
    anchored = SessionAnchored(0, 0, 0, "boot", BEFORE, alive_ms)
    return MIDNIGHT + int(minute * MINUTE), anchored


def sessions(facts: list[Placed]) -> list[SessionFacts]:
    """Each begins with its clock, or by saying that it has none."""
    split: list[list[Placed]] = [[]]
    for placed in facts:
        opens = isinstance(placed[1], SessionAnchored | SessionProvisional)
        split.extend([[]] * opens)
        split[-1] = [*split[-1], placed]
    return [SessionFacts(BEFORE, each) for each in split if each]


def minutes(facts: list[Placed], until: int = UNTIL) -> tuple[dict[State, float], float]:
    time = day_figures(sessions(facts), MIDNIGHT, until).time
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


def test_a_session_that_has_no_time_is_unknown_also_between_two_that_were_signed_out() -> None:
    facts = [begins(0), enters(0, State.NOT_READY), enters(10, State.LOGGED_OFF)]
    nowhere: list[Placed] = [
        (None, SessionProvisional("boot", BEFORE)),
        (None, StateEntered(State.READY, "test", "1001")),
        (None, StateEntered(State.LOGGED_OFF, "test", "1001")),
    ]
    facts += [*nowhere, begins(100), enters(100, State.NOT_READY)]
    assert minutes(facts) == ({State.NOT_READY: 10 + 500}, 90)


def test_a_clock_that_is_set_in_the_middle_of_a_session_begins_none() -> None:
    facts = [(MIDNIGHT, SessionProvisional("boot")), enters(0, State.NOT_READY)]
    facts = [*facts, enters(10, State.READY), begins(20), enters(30, State.NOT_READY)]
    time = day_figures([SessionFacts(BEFORE, facts)], MIDNIGHT, UNTIL).time
    assert (time.seconds, time.unknown_s) == ({State.NOT_READY: 580 * 60, State.READY: 1200}, 0)


def test_calls_count_on_the_day_on_which_they_happened() -> None:
    facts: list[Placed] = [
        *((MIDNIGHT - 2, CallOffered(call_id, "13800138000")) for call_id in "abcde"),
        (MIDNIGHT - 1, CallAnswered("a")),
        (MIDNIGHT, CallAnswered("b")),
        (UNTIL - 1, CallMissed("c", MissCause.TIMEOUT)),
        (UNTIL, CallAnswered("d")),
        (None, CallAnswered("e")),
    ]
    figures = day_figures(sessions(facts), MIDNIGHT, UNTIL)
    assert (figures.calls_answered, figures.calls_missed) == (1, 1)


def test_a_call_that_the_agent_made_is_not_one_that_the_agent_answered() -> None:
    facts: list[Placed] = [
        (MIDNIGHT, CallDialled("a", "13800138000")),
        (MIDNIGHT, CallAnswered("a")),
    ]
    assert day_figures(sessions(facts), MIDNIGHT, UNTIL).calls_answered == 0


@given(st.lists(st.tuples(st.integers(0, UNTIL - MIDNIGHT), st.sampled_from(State)), min_size=1))
def test_the_parts_are_the_whole(changes: list[tuple[int, State]]) -> None:
    ordered = sorted(changes, key=lambda change: change[0])
    facts: list[Placed] = [
        (MIDNIGHT + at, StateEntered(state, "test", "1001", Reason.REST)) for at, state in ordered
    ]
    time = day_figures(sessions(facts), MIDNIGHT, UNTIL).time
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
