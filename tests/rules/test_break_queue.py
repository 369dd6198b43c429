"""The queue for breaks: never more than the cap, in order, and nobody waits for ever."""

from dataclasses import dataclass, field

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.break_queue import (
    Asking,
    BreakRule,
    Level,
    Situation,
    in_order,
    standings,
    turns,
)

NOW = 1_000_000_000
MINUTE = 60_000
RULE = BreakRule(cap=2)

lengths = st.none() | st.integers(-10, 7200)
rules = st.builds(
    BreakRule,
    cap=st.integers(1, 5),
    max_wait_minutes=st.integers(0, 60),
)
situations = st.builds(
    Situation, now_ms=st.just(NOW), away=st.lists(lengths, max_size=7), held=st.booleans()
)


@st.composite
def queues(draw: st.DrawFn) -> list[Asking]:
    """Places with names of their own."""
    made = st.builds(
        Asking,
        place=st.just(""),
        asked_ms=st.integers(NOW - 90 * MINUTE, NOW),
        first=st.booleans(),
        granted=st.booleans(),
        length_s=lengths,
        rest_due=st.booleans(),
    )
    found = draw(st.lists(made, max_size=8))
    return [msgspec.structs.replace(each, place=f"p{at}") for at, each in enumerate(found)]


def asking(place: str, waited_min: int = 0, **more: object) -> Asking:
    return msgspec.structs.replace(Asking(place, NOW - waited_min * MINUTE), **more)


def situation(*away: int | None, held: bool = False) -> Situation:
    return Situation(NOW, away, held)


@given(queues(), rules, situations)
def test_never_more_than_the_cap_are_away_or_may_go_but_those_who_are_owed_a_rest(
    queue: list[Asking], rule: BreakRule, now: Situation
) -> None:
    before = len(now.away) + sum(each.may_go for each in queue)
    owed = {each.place for each in queue if each.rest_due}
    granted = [place for place in turns(queue, rule, now) if place not in owed]
    assert before + len(granted) <= max(before, rule.cap)


@given(queues(), rules, situations)
def test_nobody_is_overtaken(queue: list[Asking], rule: BreakRule, now: Situation) -> None:
    granted = turns(queue, rule, now)
    waiting = [each.place for each in in_order(queue) if not each.granted]
    assert list(granted) == waiting[: len(granted)]
    late = [each for each in queue if each.place in granted and not (each.first or each.rest_due)]
    left = [each for each in queue if not each.granted and each.place not in granted]
    assert not (late and any(each.first for each in left))


@given(queues(), rules, situations)
def test_whoever_is_owed_a_rest_goes_whatever_the_cap_and_the_service_level(
    queue: list[Asking], rule: BreakRule, now: Situation
) -> None:
    granted = turns(queue, rule, now)
    assert {each.place for each in queue if each.rest_due and not each.granted} <= {*granted}
    assert all(standings(queue, rule, now)[each.place].wait_s == 0 for each in queue if each.may_go)


@given(queues(), rules, situations)
def test_where_there_is_room_only_the_service_level_holds_back_and_never_for_long(
    queue: list[Asking], rule: BreakRule, now: Situation
) -> None:
    granted = turns(queue, rule, now)
    taken = len(now.away) + sum(each.granted for each in queue) + len(granted)
    waiting = [each for each in in_order(queue) if not each.granted and each.place not in granted]
    if waiting and taken < rule.cap:
        held = waiting[0]
        assert now.held
        assert not held.first
        assert NOW - held.asked_ms < rule.max_wait_minutes * MINUTE


@given(queues(), rules, situations)
def test_places_count_from_one_and_those_ahead_wait_no_longer(
    queue: list[Asking], rule: BreakRule, now: Situation
) -> None:
    found = standings(queue, rule, now)
    ordered = [found[each.place] for each in in_order(queue) if not each.may_go]
    assert [each.place for each in ordered] == list(range(1, len(ordered) + 1))
    assert all(found[each.place].place == 0 for each in queue if each.may_go)
    told = [each.wait_s for each in ordered if each.wait_s is not None]
    assert told == sorted(told)
    silent = [each.wait_s is None for each in ordered]
    assert silent == sorted(silent), "who stands behind an unknown wait can't be told a time"


@dataclass
class Play:
    """A team that asks, goes, comes back, or lets its turn pass, minute by minute."""

    rule: BreakRule
    minute: int = 0
    waiting: list[Asking] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    """The minute in which each who is away comes back."""
    went: dict[str, int] = field(default_factory=dict)

    def live(self, held: bool, stays_min: int) -> None:
        """One minute: everybody whose turn it is goes."""
        self.minute += 1
        now_ms = self.minute * MINUTE
        self.back = [each for each in self.back if each > self.minute]
        now = Situation(now_ms, [None] * len(self.back), held)
        for place in turns(self.waiting, self.rule, now):
            self.went[place] = self.minute
            self.back.append(self.minute + stays_min)
        self.waiting = [each for each in self.waiting if each.place not in self.went]


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=9),
    st.integers(1, 15),
    st.integers(0, 30),
)
def test_nobody_waits_for_ever_even_if_the_service_level_never_comes_back(
    cap: int, people: list[tuple[int, bool]], stays_min: int, max_wait: int
) -> None:
    play = Play(BreakRule(cap=cap, max_wait_minutes=max_wait))
    limit = 31 + max_wait + len(people) * stays_min
    for minute in range(limit + 1):
        play.waiting += [
            Asking(f"p{at}", minute * MINUTE, first)
            for at, (asked, first) in enumerate(people)
            if asked == minute
        ]
        play.live(True, stays_min)
        assert len(play.back) <= cap
    assert len(play.went) == len(people)


def test_after_an_abusive_call_one_goes_before_who_has_waited_longer() -> None:
    queue = [asking("old", 15), asking("hurt", first=True)]
    assert turns(queue, BreakRule(cap=1), situation()) == ("hurt",)
    assert turns(queue, BreakRule(cap=1), situation(held=True)) == ("hurt",)
    assert turns(queue, BreakRule(cap=1), situation(300)) == ()


def test_after_long_work_one_goes_at_once_and_takes_a_head_of_the_cap() -> None:
    queue = [asking("old", 15), asking("tired", rest_due=True)]
    assert turns(queue, BreakRule(cap=1), situation(300, held=True)) == ("tired",)
    assert turns(queue, BreakRule(cap=1), situation()) == ("tired",)
    assert turns(queue, RULE, situation()) == ("tired", "old")


def test_a_turn_that_stands_takes_a_head_of_the_cap() -> None:
    queue = [asking("a", 5, granted=True), asking("b", 4), asking("c", 3)]
    assert turns(queue, RULE, situation()) == ("b",)
    assert turns(queue, RULE, situation(None)) == ()


def test_the_service_level_holds_back_until_the_limit() -> None:
    queue = [asking("a", 20), asking("b", 19)]
    assert turns(queue, RULE, situation(held=True)) == ("a",)
    found = standings(queue, RULE, situation(held=True))
    assert (found["a"].wait_s, found["b"].wait_s) == (0, None)


def test_how_long_it_takes_follows_from_who_is_away_and_for_how_long() -> None:
    queue = [asking("a", 2, length_s=900), asking("b", 1, length_s=900), asking("c")]
    found = standings(queue, RULE, situation(300, 60))
    assert [found[name].wait_s for name in "abc"] == [60, 300, 960]


def test_where_nothing_tells_no_time_is_said() -> None:
    queue = [asking("a", 2, length_s=900), asking("b", 1)]
    found = standings(queue, BreakRule(cap=1), situation(None))
    assert [found[name].wait_s for name in "ab"] == [None, None]
    let_go = standings(queue, BreakRule(cap=1), situation(60, 100))
    assert let_go["a"].wait_s == 100, "two are away where one may be: both have to come back"


@pytest.mark.parametrize(
    ("offered", "in_time", "below"), [(0, 0, False), (10, 8, False), (10, 7, True), (1, 0, True)]
)
def test_a_level_is_missed_by_calls_and_never_by_none(
    offered: int, in_time: int, below: bool
) -> None:
    assert Level(offered, in_time).is_below(80) is below


def test_without_a_target_nothing_is_missed() -> None:
    assert BreakRule(cap=1, service_level_s=0).target_pct == 0
    assert not Level(9, 0).is_below(0)
