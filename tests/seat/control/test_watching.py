"""Whoever watches at the local socket is told what changes."""

import asyncio

import msgspec
import pytest

from agent_client.seat import control as control_module
from agent_client.seat.place import SeatPlace
from protocol.facts.agent import State
from protocol.rules.lines import Line
from protocol.wire import desk, desk_base, desk_floor, desk_plan
from protocol.wire.errors import Refused
from tests.seat import service
from tests.seat.control.desk import DAY, FLOOR, STATUS, Desk, Raw, attach, attached, opened, raw
from tests.seat.service import eventually


async def shown(seat: Desk, wire: Raw, lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], bool]:
    """What is told of the lines when a status is, and whether they are as told before."""
    seat.status = msgspec.structs.replace(seat.status, lines=lines)
    seat.control.changed()
    told = await wire.hears()
    assert isinstance(told, desk.Status)
    return told.lines, told.lines_as_told


async def test_lines_are_told_once_to_each_who_watches_and_when_they_change(
    seat: Desk, place: SeatPlace
) -> None:
    sales, help_ = (Line("sales", {}),), (Line("help", {}),)
    first, second = await raw(place), await raw(place)
    for wire in (first, second):
        wire.writer.write(attach(place) + desk.encode(desk.Watch(2)))
        assert [await wire.hears() for _ in range(2)] == [desk_base.Done(1), desk_base.Done(2)]
        told = await wire.hears()
        assert isinstance(told, desk.Status)
    for lines, expected in (
        (sales, (sales, False)),
        (sales, ((), True)),
        (help_, (help_, False)),
        ((), ((), False)),
        ((), ((), True)),
        (sales, (sales, False)),
    ):
        assert await shown(seat, first, lines) == expected
        seen = await second.hears()
        assert isinstance(seen, desk.Status)
        assert (seen.lines, seen.lines_as_told) == expected
    for wire in (first, second):
        wire.writer.close()


async def test_a_listener_and_who_asks_are_told_the_lines_always(
    seat: Desk, place: SeatPlace
) -> None:
    sales = (Line("sales", {}),)
    seat.status = msgspec.structs.replace(seat.status, lines=sales)
    seen: list[desk.Status] = []

    def take(push: desk.Pushed) -> None:
        assert isinstance(push, desk.Status)
        seen.append(push)

    async with attached(place) as client:
        client.listen(take)
        await client.ask(desk.Watch)
        seat.shows(State.NOT_READY)
        await eventually(lambda: len(seen) == 2)
        seat.shows(State.READY)
        await eventually(lambda: len(seen) == 3)
        asked = await client.ask(desk.GetStatus)
        assert isinstance(asked, desk.Status)
    assert [each.lines for each in (*seen, asked)] == [sales] * 4
    assert not any(each.lines_as_told for each in (*seen, asked))


async def test_whoever_watches_sees_every_change_in_order(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client, attached(place) as idle:
        seen: list[desk.Pushed] = []
        unasked: list[desk.Pushed] = []
        client.listen(seen.append)
        idle.listen(unasked.append)
        await client.ask(desk.Watch)
        states = [State.RINGING, State.TALK, State.HOLD, State.TALK, State.ACW] * 20
        for state in states:
            seat.shows(state)
            await asyncio.sleep(0)
        await eventually(lambda: len(seen) == len(states) + 1)
        assert [push.state for push in seen if isinstance(push, desk.Status)] == [
            State.READY,
            *states,
        ]
        assert unasked == []


async def test_a_watcher_who_does_not_read_is_cut_off(
    place: SeatPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_module, "MOST_WAITING_BYTES", 50_000)
    async with opened(place) as seat:
        slow = await raw(place)
        slow.writer.write(attach(place) + desk.encode(desk.Watch(2)))
        assert await slow.hears() == desk_base.Done(1)
        slow.reader._transport.pause_reading()  # type: ignore[attr-defined]  # somebody who sleeps
        async with attached(place) as client:
            seen: list[desk.Pushed] = []
            client.listen(seen.append)
            await client.ask(desk.Watch)
            watching = len(seat.control._connections)

            def shows_until_cut() -> bool:
                seat.shows(State.READY)
                return len(seat.control._connections) < watching

            monkeypatch.setattr(service, "LOOK_S", 0)
            await eventually(shows_until_cut)
            await client.ask(desk.Ready)
        slow.writer.close()


async def test_whoever_watches_the_floor_gets_all_of_it_first(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client:
        seen: list[desk.Pushed] = []
        client.listen(seen.append)
        seat.status = msgspec.structs.replace(STATUS, state=State.LOGGED_OFF)
        with pytest.raises(Refused):
            await client.ask(desk_floor.WatchFloor)
        seat.control.push_floor(FLOOR)
        seat.status = STATUS
        await client.ask(desk_floor.WatchFloor)
        later = desk_floor.Floor((), None, stale=True)
        seat.control.push_floor(later)
        await eventually(lambda: len(seen) == 2)
        assert seen == [FLOOR, later]


async def test_whoever_watches_the_day_is_told_of_it_at_once_and_again(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client:
        seen: list[desk.Pushed] = []
        client.listen(seen.append)
        seat.control.push_day(DAY)
        assert not seat.control.day_watched()
        await client.ask(desk_plan.WatchDay)
        assert seat.control.day_watched()
        later = msgspec.structs.replace(DAY, as_of_ms=60_000)
        seat.control.push_day(later)
        await eventually(lambda: len(seen) == 2)
        assert seen == [DAY, later]
