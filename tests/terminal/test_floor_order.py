"""In what order a floor is shown: a total order by whatever one likes, that stands still."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.floor_need import Need, outlook, second_of
from agent_client.terminal.floor_order import (
    IDLE_S,
    Known,
    Order,
    StandingOrder,
    in_order,
    known,
)
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind
from protocol.wire.sync import FloorCall
from tests.terminal.fake_seat import NOW
from tests.terminal.scenes import row

SECOND = second_of(NOW)
_rows = st.builds(
    row,
    st.integers(1, 5000).map(str),
    st.sampled_from(State),
    st.floats(0, 300),
    reason=st.none() | st.sampled_from(Reason),
)
_floors = st.lists(_rows, max_size=40).map(lambda rows: {each.agent: known(each) for each in rows})
_orders = st.sampled_from(Order)
Floor = dict[str, Known]


@given(_floors, _orders)
def test_everybody_is_in_the_order_once(floor: Floor, order: Order) -> None:
    assert sorted(in_order(floor, SECOND, order)) == sorted(floor)


@given(_floors)
def test_who_needs_help_stands_above_who_does_not(floor: Floor) -> None:
    needs = [floor[agent].outlook.at(SECOND) for agent in in_order(floor, SECOND, Order.NEED)]
    assert needs == sorted(needs)


@given(_floors, st.sampled_from(sorted(set(Need) - {Need.NONE})))
def test_of_one_need_the_longest_comes_first(floor: Floor, why: Need) -> None:
    since = [
        floor[agent].outlook.since_s
        for agent in in_order(floor, SECOND, Order.NEED)
        if floor[agent].outlook.at(SECOND) is why
    ]
    assert since == sorted(since)


@given(_floors, st.randoms(), _orders)
def test_the_order_does_not_depend_on_the_order_of_arrival(
    floor: Floor, random, order: Order
) -> None:
    items = list(floor.items())
    random.shuffle(items)
    assert in_order(dict(items), SECOND, order) == in_order(floor, SECOND, order)


def test_staff_numbers_are_ordered_as_numbers() -> None:
    floor = {number: known(row(number, State.READY, 1)) for number in ("10", "9", "100")}
    for order in (Order.NEED, Order.NUMBER):
        assert in_order(floor, SECOND, order) == ["9", "10", "100"]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (Order.NEED, "4"),
        (Order.NUMBER, "1"),
        (Order.NAME, "2"),
        (Order.TEAM, "3"),
        (Order.STATE, "1"),
    ],
)
def test_each_order_has_its_own_first(order: Order, first: str) -> None:
    rows = (
        row("1", State.TALK, 1, name="d", team="z"),
        row("2", State.READY, 9, name="A", team="y"),
        row("3", State.READY, 1, name="b", team="x"),
        row("4", State.OFFLINE, 1, name="c", team="y"),
    )
    assert in_order({each.agent: known(each) for each in rows}, SECOND, order)[0] == first


@given(_floors, _floors, st.floats(0, IDLE_S - 0.01))
def test_nobody_moves_while_the_list_is_in_use(before: Floor, after: Floor, pause: float) -> None:
    order = StandingOrder()
    order.replace(before)
    order.sort(before, SECOND)
    order.touch(100.0)
    stayed = [agent for agent in order.agents if agent in after]
    order.replace(after)
    assert not order.settle(after, SECOND, 100.0 + pause)
    assert order.agents[: len(stayed)] == stayed
    assert sorted(order.agents) == sorted(after)


@given(_floors)
def test_left_alone_it_is_put_in_order(floor: Floor) -> None:
    order = StandingOrder()
    order.replace(floor)
    order.touch(100.0)
    order.settle(floor, SECOND, 100.0 + IDLE_S)
    assert order.agents == in_order(floor, SECOND, Order.NEED)


def test_time_alone_puts_somebody_on_top() -> None:
    floor = {"1": known(row("1", State.TALK, 1)), "2": known(row("2", State.ACW, 1.5))}
    order = StandingOrder()
    order.replace(floor)
    order.sort(floor, SECOND)
    assert order.agents == ["1", "2"]
    assert not order.settle(floor, SECOND + 20, 100.0)
    assert order.settle(floor, SECOND + 31, 200.0)
    assert order.agents == ["2", "1"]


def test_what_makes_a_need() -> None:
    def need(state: State, minutes: float, **changes: object) -> Need:
        return outlook(row("1", state, minutes, **changes)).at(SECOND)

    assert need(State.OFFLINE, 0) is Need.UNKNOWN
    assert need(State.ACW, 2) is Need.NONE
    assert need(State.ACW, 2.1) is Need.LONG_ACW
    assert need(State.RINGING, 0.25) is Need.NONE
    assert need(State.RINGING, 0.3) is Need.LONG_RING
    assert need(State.TALK, 8) is Need.NONE
    assert need(State.HOLD, 8.1) is Need.LONG_CALL
    assert need(State.NOT_READY, 0, reason=Reason.SYSTEM_FAULT) is Need.FAULT
    assert need(State.NOT_READY, 0, reason=Reason.NO_ANSWER) is Need.NO_ANSWER
    assert need(State.NOT_READY, 0, reason=Reason.AWAY) is Need.AWAY
    assert need(State.NOT_READY, 300, reason=Reason.MEAL) is Need.NONE
    assert need(State.ACW, 2.1, acw_limit_s=180) is Need.NONE
    assert need(State.ACW, 3.1, acw_limit_s=180) is Need.LONG_ACW
    assert need(State.TALK, 1, order=OrderKind.FORCE_NOT_READY) is Need.WAITING
    assert need(State.TALK, 9, order=OrderKind.FORCE_NOT_READY) is Need.LONG_CALL
    assert need(State.TALK, 1, order=OrderKind.MESSAGE) is Need.NONE


def test_a_long_call_is_counted_from_its_beginning_through_every_hold() -> None:
    call = FloorCall("inbound", "138****8000", NOW - timedelta(minutes=9))
    held = row("1", State.HOLD, 0.5, call=call)
    assert outlook(held).at(SECOND) is Need.LONG_CALL


def test_without_a_time_nothing_is_over_long() -> None:
    assert outlook(row("1", State.ACW, 60)).at(None) is Need.NONE
