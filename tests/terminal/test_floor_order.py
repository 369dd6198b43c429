from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.floor_order import (
    IDLE_S,
    Need,
    StandingOrder,
    counts,
    in_order,
    matches,
    need,
)
from protocol.facts.agent import Reason, State
from protocol.wire.sync import FloorRow
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import row

_rows = st.builds(
    row,
    st.integers(1, 5000).map(str),
    st.sampled_from(State),
    st.floats(0, 300),
    reason=st.none() | st.sampled_from(Reason),
)
_floors = st.lists(_rows, max_size=40).map(lambda rows: {each.agent: each for each in rows})


@given(_floors)
def test_everybody_is_in_the_order_once(floor: dict[str, FloorRow]) -> None:
    assert sorted(in_order(floor, NOW)) == sorted(floor)


@given(_floors)
def test_who_needs_help_stands_above_who_does_not(floor: dict[str, FloorRow]) -> None:
    needs = [need(floor[agent], NOW) for agent in in_order(floor, NOW)]
    assert needs == sorted(needs)


@given(_floors)
def test_of_one_need_the_longest_comes_first(floor: dict[str, FloorRow]) -> None:
    for why in set(Need) - {Need.NONE}:
        since = [
            floor[agent].since.replace(microsecond=0)
            for agent in in_order(floor, NOW)
            if need(floor[agent], NOW) is why
        ]
        assert since == sorted(since)


@given(_floors, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_arrival(
    floor: dict[str, FloorRow], random
) -> None:
    items = list(floor.items())
    random.shuffle(items)
    assert in_order(dict(items), NOW) == in_order(floor, NOW)


@given(_floors)
def test_counts_add_up(floor: dict[str, FloorRow]) -> None:
    assert sum(count for _, count in counts(floor.values())) == len(floor)


def test_what_makes_a_need() -> None:
    assert need(row("1", State.OFFLINE, 0), NOW) is Need.UNKNOWN
    assert need(row("1", State.ACW, 2), NOW) is Need.NONE
    assert need(row("1", State.ACW, 2.1), NOW) is Need.LONG_ACW
    assert need(row("1", State.RINGING, 0.25), NOW) is Need.NONE
    assert need(row("1", State.RINGING, 0.3), NOW) is Need.LONG_RING
    assert need(row("1", State.NOT_READY, 0, reason=Reason.SYSTEM_FAULT), NOW) is Need.FAULT
    assert need(row("1", State.NOT_READY, 0, reason=Reason.NO_ANSWER), NOW) is Need.NO_ANSWER
    assert need(row("1", State.NOT_READY, 300, reason=Reason.MEAL), NOW) is Need.NONE


def test_without_a_time_nothing_is_over_long() -> None:
    assert need(row("1", State.ACW, 60), None) is Need.NONE


def test_staff_numbers_are_ordered_as_numbers() -> None:
    floor = {number: row(number, State.READY, 1) for number in ("10", "9", "100")}
    assert in_order(floor, NOW) == ["9", "10", "100"]


@given(_floors, _floors, st.floats(0, IDLE_S - 0.01))
def test_nobody_moves_while_the_list_is_in_use(
    before: dict[str, FloorRow], after: dict[str, FloorRow], pause: float
) -> None:
    order = StandingOrder()
    order.replace(before)
    order.sort(before, NOW)
    order.touch(100.0)
    stayed = [agent for agent in order.agents if agent in after]
    order.replace(after)
    assert not order.settle(after, NOW + timedelta(seconds=pause), 100.0 + pause)
    assert order.agents[: len(stayed)] == stayed
    assert sorted(order.agents) == sorted(after)


@given(_floors)
def test_left_alone_it_is_put_in_order(floor: dict[str, FloorRow]) -> None:
    order = StandingOrder()
    order.replace(floor)
    order.touch(100.0)
    order.settle(floor, NOW, 100.0 + IDLE_S)
    assert order.agents == in_order(floor, NOW)


def test_a_search_looks_for_every_word_in_any_text() -> None:
    texts = ["1001", "王丽", "Night shift", "Not ready"]
    assert matches("night 王", texts)
    assert matches("", texts)
    assert not matches("night 李", texts)
