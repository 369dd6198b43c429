"""A one-time code is worth something until the desk has its key and its name, whatever happens."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from agent_client.seat import identity
from agent_client.seat.identity import DeskIdentity, PendingKey, public_half
from agent_client.settings import as_environment
from protocol.wire import desk, session
from protocol.wire.errors import Code
from protocol.wire.sync import Link
from tests.seat.service import FakeService, eventually, refuses
from tests.seat.sitting import Sitting, place_in, sitting

pytestmark = pytest.mark.usefixtures("quick")

LIMIT_S = 20.0

ENROLS = """
import asyncio, os, signal, sys
from agent_client.seat import enrolment, identity
from agent_client.seat.clock import Clock
from agent_client.seat.comparing import Comparing
from agent_client.seat.delivery import Delivery
from agent_client.seat.link import Link
from agent_client.seat.outbox import Outbox
from agent_client.seat.place import make_folders, place_of
from agent_client.settings import load_settings

settings = load_settings({}, os.environ)
place = place_of(settings)
make_folders(place)
outbox = Outbox(place.outbox)
link = Link(settings.server, "", Clock(), Delivery(outbox), Comparing(outbox), "test")


def deadly(real):
    def keep(file, content):
        kept = real(file, content)
        if file.name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        return kept

    return keep


identity.keep, identity.keep_first = deadly(identity.keep), deadly(identity.keep_first)


async def main():
    running = asyncio.create_task(link.run())
    await enrolment.enrol(link, place, "code", "desk")


asyncio.run(main())
"""
"""Enrols, and is killed as soon as a file of this name is on the disk."""


async def killed(folder: Path, service: FakeService, moment: str) -> None:
    settings, _ = place_in(folder, service)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ENROLS, moment, env={**os.environ, **as_environment(settings)}
    )
    try:
        async with asyncio.timeout(LIMIT_S):
            if moment == "unanswered":
                await eventually(lambda: service.of(session.Enrol) != [])
                process.kill()
            assert await process.wait() == -signal.SIGKILL
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def enrols(sits: Sitting) -> str:
    await sits.until(lambda status: status.link_fault != Code.SERVICE_UNREACHABLE)
    return await sits.refusal(lambda id_: desk.EnrolDesk(id_, "code"))


def keys(service: FakeService) -> list[str]:
    return [each.public_key for each in service.of(session.Enrol)]


@pytest.mark.parametrize("moment", ["unanswered", "desk-pending.json"])
async def test_an_enrolment_that_was_killed_goes_on_with_its_key(
    tmp_path: Path, service: FakeService, moment: str
) -> None:
    service.answers[session.Enrol] = lambda _: None
    await killed(tmp_path, service, moment)
    _, place = place_in(tmp_path, service)
    pending = identity.read(place.pending, PendingKey)
    assert pending is not None
    assert set(keys(service)) <= {public_half(pending.key)}
    del service.answers[session.Enrol]
    async with sitting(tmp_path, service) as sits:
        assert await enrols(sits) == "done"
        await sits.sign_in()
    assert keys(service)[-1] == public_half(pending.key)
    assert identity.read(place.identity, DeskIdentity) == DeskIdentity("d1", pending.key)
    assert not place.pending.exists()


async def test_a_desk_that_was_killed_when_it_had_its_name_is_enrolled(
    tmp_path: Path, service: FakeService
) -> None:
    await killed(tmp_path, service, "desk.json")
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link is Link.ONLINE)
        assert sits.status.enrolled
        await sits.sign_in()


async def test_a_key_that_the_service_refuses_is_not_used_again(
    tmp_path: Path, service: FakeService
) -> None:
    await killed(tmp_path, service, "desk.json")
    service.answers[session.Present] = refuses(Code.BAD_DESK_PROOF)
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link_fault == Code.BAD_DESK_PROOF)
        del service.answers[session.Present]
        assert await enrols(sits) == "done"
    first, second = keys(service)
    assert first != second


async def test_a_wrong_code_costs_no_key(tmp_path: Path, service: FakeService) -> None:
    service.answers[session.Enrol] = refuses(Code.BAD_ENROLMENT_CODE)
    async with sitting(tmp_path, service) as sits:
        assert await enrols(sits) == Code.BAD_ENROLMENT_CODE
        del service.answers[session.Enrol]
        assert await enrols(sits) == "done"
    first, second = keys(service)
    assert first == second


async def test_without_a_disk_for_the_key_no_code_is_used_up(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        sits.place.pending.mkdir()
        assert await enrols(sits) == Code.DISK_FAILED
    assert keys(service) == []


async def test_two_seats_of_one_desk_that_enrol_at_the_same_instant_hand_in_one_key(
    tmp_path: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, place = place_in(tmp_path, service)
    others: list[PendingKey | None] = []
    made = identity.new_key

    def while_the_other_writes_its_own() -> str:
        monkeypatch.setattr(identity, "new_key", made)
        others.append(identity.keep_first(place.pending, PendingKey(made())))
        return made()

    async with sitting(tmp_path, service) as sits:
        monkeypatch.setattr(identity, "new_key", while_the_other_writes_its_own)
        assert await enrols(sits) == "done"
    (other,) = others
    assert other is not None
    assert keys(service) == [public_half(other.key)]


async def test_a_pending_key_that_can_not_be_read_is_replaced(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        sits.place.pending.write_bytes(b"{")
        assert await enrols(sits) == "done"
        known = identity.read(sits.place.identity, DeskIdentity)
    assert known is not None
    assert keys(service) == [public_half(known.key)]
