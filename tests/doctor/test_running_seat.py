"""The seat as the doctor sees it: a real local socket, with whatever a seat may say."""

from pathlib import Path

import msgspec
import pytest

from agent_client.doctor.finding import Found
from agent_client.doctor.running_seat import running_seat
from agent_client.seat.place import place_of, write_private
from agent_client.settings import Settings
from protocol.i18n import load
from protocol.wire.desk import PhoneState
from protocol.wire.sync import Link
from tests.seat.control.desk import STATUS, opened


def settings(folder: Path) -> Settings:
    return Settings(agent="1001", runtime=str(folder))


async def codes(folder: Path) -> list[Found]:
    return [each.code for each in await running_seat(settings(folder), load("en"))]


async def test_no_seat_is_no_fault(tmp_path: Path) -> None:
    assert await codes(tmp_path) == [Found.NO_SEAT]


async def test_what_a_killed_seat_left_is_no_seat(tmp_path: Path) -> None:
    place = place_of(settings(tmp_path))
    left = f'{{"server":"s","agent":"1001","pid":1,"socket":"{place.socket}"}}'
    write_private(place.contact, left.encode())
    assert await codes(tmp_path) == [Found.NO_SEAT]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [Found.REGISTERED, Found.DELIVERED]),
        ({"phone": PhoneState.NONE}, [Found.DELIVERED]),
        (
            {"phone": PhoneState.FAULT, "phone_fault": "registration_lost"},
            [Found.NOT_REGISTERED, Found.DELIVERED],
        ),
        (
            {"link": Link.OFFLINE, "link_fault": "service_unreachable", "unsent": 5},
            [Found.SEAT_OFFLINE, Found.REGISTERED, Found.UNSENT],
        ),
        ({"unsent": 2, "held_back": 2}, [Found.REGISTERED, Found.HELD_BACK]),
        ({"unsent": 3, "held_back": 2}, [Found.REGISTERED, Found.HELD_BACK, Found.UNSENT]),
    ],
)
async def test_what_it_says(
    tmp_path: Path, changes: dict[str, object], expected: list[Found]
) -> None:
    async with opened(place_of(settings(tmp_path))) as seat:
        seat.status = msgspec.structs.replace(STATUS, **changes)
        assert await codes(tmp_path) == [Found.SEAT_RUNS, *expected]
