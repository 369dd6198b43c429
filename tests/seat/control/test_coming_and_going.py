"""A local socket as terminals and seats come and go, also killed ones."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from agent_client import desk_client
from agent_client.desk_client import ConnectionLost, DeskClient
from agent_client.seat.place import Contact, SeatPlace, place_of
from agent_client.settings import Settings
from protocol.wire import desk, desk_call
from protocol.wire.errors import Code, Refused
from tests.seat.control.desk import Desk, attached, contact, opened
from tests.seat.service import eventually


async def test_terminals_are_counted_as_they_come_and_go(seat: Desk, place: SeatPlace) -> None:
    async with attached(place, terminal=True), attached(place):
        async with attached(place, terminal=True):
            assert max(seat.terminals) == seat.terminals[-1] == 2
        await eventually(lambda: seat.terminals[-1] == 1)
    await eventually(lambda: seat.terminals[-1] == 0)


async def test_who_waits_learns_that_the_seat_is_gone(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client:
        waiting = asyncio.create_task(client.ask(desk_call.Answer))
        await eventually(lambda: len(seat.asked) == 1)
        await seat.control.close()
        with pytest.raises(ConnectionLost):
            await waiting
        await asyncio.wait_for(client.closed(), 10)
        with pytest.raises(ConnectionLost):
            await client.ask(desk.Ready)
    seat.phone.cancel()


async def test_a_listener_that_fails_does_not_end_the_connection(
    seat: Desk, place: SeatPlace, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: desk.Pushed) -> None:
        raise ZeroDivisionError("planted")

    async with attached(place) as client:
        seen: list[desk.Pushed] = []
        client.listen(fails)
        client.listen(seen.append)
        await client.ask(desk.Watch)
        await eventually(lambda: len(seen) == 1)
        await client.ask(desk.Ready)
    assert "planted" in caplog.text


async def test_only_its_owner_can_reach_it(seat: Desk, place: SeatPlace) -> None:
    assert place.runtime.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in place.runtime.iterdir()} == {0o600}


async def test_nothing_is_left_of_it(place: SeatPlace) -> None:
    async with opened(place):
        assert len(list(place.runtime.iterdir())) == 2
    assert list(place.runtime.iterdir()) == []


async def test_what_a_killed_seat_left_is_no_seat_and_in_nobodys_way(place: SeatPlace) -> None:
    async with opened(place):
        left = contact(place)
        os.link(place.socket, place.runtime / "kept")
    (place.runtime / "kept").rename(place.socket)
    with pytest.raises(Refused) as refused:
        await DeskClient.connect(left, terminal=False)
    assert refused.value.code == Code.NO_SEAT
    async with opened(place), attached(place) as client:
        await client.ask(desk.Ready)


async def test_something_else_at_a_killed_seats_port_is_no_seat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_client, "CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Refused) as refused:
            await DeskClient.connect(Contact("s", "1", 1, port=port, token="t"), terminal=False)
    assert refused.value.code == Code.NO_SEAT


async def test_a_folder_too_deep_for_a_socket_is_served_over_a_port(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    place = place_of(Settings(agent="1001", data=str(tmp_path), runtime=str(deep)))
    async with opened(place):
        assert contact(place).port
        async with attached(place) as client:
            await client.ask(desk.Ready)
