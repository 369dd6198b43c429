"""Facts from before the clock was set get their instants from the anchor that comes later."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.call import CallHeld
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAnchored, SessionProvisional
from protocol.rules.placing import Timed, place

SERVER_MS = 1_800_000_000_000


def provisional(mono_ms: int, boot: str = "b") -> Timed:
    return Timed(None, mono_ms, SessionProvisional(boot))


def anchor(mono_ms: int, boot: str = "b", server_ms: int = SERVER_MS) -> Timed:
    return Timed(server_ms, mono_ms, SessionAnchored(server_ms, mono_ms, 4, boot))


def held(mono_ms: int, occurred_ms: int | None = None) -> Timed:
    return Timed(occurred_ms, mono_ms, CallHeld("c"))


def times(*facts: Timed) -> list[int | None]:
    return [at for at, _ in place(facts)]


def test_without_an_anchor_nobody_knows_when() -> None:
    assert times() == []
    assert times(provisional(10), held(20)) == [None, None]


def test_what_came_before_the_anchor_lies_as_far_before_it_as_the_monotonic_clock_says() -> None:
    assert times(provisional(1_000), held(4_000), anchor(9_000), held(9_500, 7)) == [
        SERVER_MS - 8_000,
        SERVER_MS - 5_000,
        SERVER_MS,
        7,
    ]


def test_a_session_that_died_is_placed_by_the_next_one_of_the_same_running() -> None:
    facts = (provisional(1_000), held(2_000), anchor(5_000), held(6_000, SERVER_MS + 1_000))
    assert times(*facts)[:2] == [SERVER_MS - 4_000, SERVER_MS - 3_000]
    assert times(anchor(5_000), provisional(7_000)) == [SERVER_MS, SERVER_MS + 2_000]


def test_another_running_of_the_machine_says_nothing() -> None:
    assert times(provisional(1_000, "a"), held(2_000), anchor(3_000, "b")) == [
        None,
        None,
        SERVER_MS,
    ]


def test_a_running_without_a_name_is_known_within_its_session_alone() -> None:
    assert times(provisional(1_000, ""), anchor(2_000, ""))[0] == SERVER_MS - 1_000
    assert times(provisional(1_000, ""), provisional(1_500, ""), anchor(2_000, "")) == [
        None,
        SERVER_MS - 500,
        SERVER_MS,
    ]
    again = (anchor(1_000, ""), anchor(2_000, "", SERVER_MS + 9), held(3_000))
    assert times(*again) == [SERVER_MS, SERVER_MS + 9, SERVER_MS + 1_009]


@given(
    st.lists(st.integers(0, 10**9), min_size=1).map(sorted),
    st.integers(0, 10**9),
    st.integers(-(10**9), 10**9),
)
def test_placing_shifts_all_by_the_same(monos: list[int], anchored_at: int, shift: int) -> None:
    facts = [provisional(monos[0]), *(held(mono) for mono in monos), anchor(anchored_at)]
    placed = times(*facts)[1:-1]
    assert placed == [SERVER_MS + mono - anchored_at for mono in monos]
    moved = times(*facts[:-1], anchor(anchored_at + shift, server_ms=SERVER_MS + shift))[1:-1]
    assert moved == placed


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**12))))
def test_what_has_an_instant_keeps_it(instants: list[int | None]) -> None:
    facts = [anchor(0), *(held(5, at) for at in instants)]
    kept = times(*facts)[1:]
    assert kept == [SERVER_MS + 5 if at is None else at for at in instants]


def test_the_facts_are_as_they_were() -> None:
    facts: list[AnyFact] = [CallHeld(str(number)) for number in range(3)]
    assert [fact for _, fact in place(Timed(None, 1, fact) for fact in facts)] == facts
