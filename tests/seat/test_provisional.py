"""A shift that begins without the service: what the desk knows is enough, and the service decides
when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent_client.seat.identity import read
from agent_client.seat.sealed import Sealed
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.session import SessionAnchored, SessionConfirmed, SessionProvisional
from protocol.wire import desk, desk_call, session
from protocol.wire.errors import Code
from protocol.wire.sync import Link
from tests.seat.folding import read_disk
from tests.seat.service import SERVER_MS, FakeService, refuses
from tests.seat.sitting import PASSWORD, Child, Sitting, sitting

pytestmark = pytest.mark.usefixtures("quick")


@asynccontextmanager
async def without_service(folder: Path, service: FakeService) -> AsyncIterator[Sitting]:
    """A seat whose person was signed in here before, on a morning on which the service is away."""
    async with sitting(folder, service) as before:
        await before.enrol_and_sign_in()
        await before.client.ask(desk.SignOut)
        await service.hears(session.SignOut)
        await before.until(lambda status: status.unsent == 0)
    await service.close()
    service.heard.clear()
    async with sitting(folder, service) as sits:
        yield sits


async def back(service: FakeService, sits: Sitting) -> None:
    await service.open()
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)


async def test_work_begins_and_the_service_confirms_it_later(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        assert sits.status.provisional
        assert (sits.status.name, sits.status.state) == ("王丽", State.NOT_READY)
        await sits.talking()
        await sits.client.ask(desk_call.Hangup)
        await back(service, sits)
        await sits.until(lambda status: not status.provisional and status.state is State.ACW)
        (confirmed,) = service.of(session.SignIn)
        assert (confirmed.password, confirmed.take_over) == (PASSWORD, False)
        assert service.has(confirmed.session) == list(range(1, len(sits.facts()) + 1))
        assert sum(isinstance(fact, SessionConfirmed) for fact in sits.facts()) == 1
        assert sits.place.resume.exists()


async def test_the_clock_of_before_is_good_while_the_machine_runs_on(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        began, anchored, entered, *_ = sits.facts()
        assert isinstance(began, SessionProvisional)
        assert isinstance(anchored, SessionAnchored)
        assert isinstance(entered, StateEntered)
        assert began.previous_session is not None
        assert (anchored.server_ms, anchored.boot_id) == (SERVER_MS, began.boot_id)
        assert sits.status.since is not None
        await back(service, sits)
        assert sum(isinstance(fact, SessionAnchored) for fact in sits.facts()) == 1


async def test_after_a_restart_of_the_machine_time_is_unknown_until_the_service_is_back(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        sits.seat.clock.boot_id = "another"
        await sits.sign_in()
        assert isinstance(sits.facts()[1], StateEntered)
        await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
        assert (sits.status.since, sits.status.now) == (None, None)
        day = await sits.client.ask(desk.GetDay)
        assert isinstance(day, desk.Day)
        assert State.NOT_READY not in day.seconds
        await back(service, sits)
        assert sits.status.since is not None
        (placed,) = [each for each in sits.facts() if isinstance(each, SessionAnchored)]
        assert placed.boot_id == "another"
        outbox = sits.seat._outbox
        present = outbox.present
        assert present is not None
        unplaced = [timed for _, timed in outbox.timed(present) if timed.occurred_ms is None]
        assert len(unplaced) == sits.facts().index(placed)


@pytest.mark.parametrize(
    "code", [Code.BAD_CREDENTIALS, Code.DISABLED, Code.SIGNED_IN_ELSEWHERE, Code.NOT_YOUR_SESSION]
)
async def test_who_is_not_confirmed_is_signed_out_and_told_so_and_nothing_is_lost(
    tmp_path: Path, service: FakeService, code: Code
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        service.answers[session.SignIn] = refuses(code, desk="other")
        await service.open()
        await sits.until(lambda status: status.state is State.LOGGED_OFF)
        await sits.until(lambda status: status.link is Link.ONLINE)
        assert sits.status.notices == (desk.Notice(Code.NOT_CONFIRMED),)
        assert sits.states()[-1] == (State.LOGGED_OFF, "not_confirmed", None)
        kept = len(sits.facts())
        assert sits.status.unsent == kept
        del service.answers[session.SignIn]
        await sits.sign_in()
        await sits.until(lambda status: status.unsent == 0 and status.notices == ())
        denied, again = service.of(session.SignIn)
        assert service.has(denied.session) == list(range(1, kept + 1))
        assert denied.session != again.session


async def test_a_call_goes_on_to_its_end_though_the_service_says_no(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        await sits.talking()
        service.answers[session.SignIn] = refuses(Code.DISABLED)
        await service.open()
        await sits.until(lambda status: status.link_fault == Code.NOT_CONFIRMED)
        assert (sits.status.state, sits.status.next_state) == (State.TALK, "LOGGED_OFF")
        service.cut()
        await service.hears(session.Present, 2)
        assert sits.status.state is State.TALK
        await sits.client.ask(desk_call.Hangup)
        await sits.client.ask(desk.AcwDone)
        await sits.until(lambda status: status.state is State.LOGGED_OFF)
        assert len(service.of(session.SignIn)) == 1


async def test_a_closed_staff_number_does_not_begin_without_the_service_again(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        service.answers[session.SignIn] = refuses(Code.DISABLED)
        await service.open()
        await sits.until(lambda status: status.state is State.LOGGED_OFF)
        await sits.until(lambda status: status.link is Link.ONLINE)
        await service.close()
        await sits.until(lambda status: status.link is Link.OFFLINE)
        assert await sits.refusal(lambda id_: desk.SignIn(id_, PASSWORD)) == Code.NOT_KEPT
        assert read(sits.place.seal, Sealed) is None
        await service.open()


async def test_a_password_that_has_to_be_changed_is_asked_for_and_the_shift_goes_on(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        service.answers[session.SignIn] = refuses(Code.PASSWORD_CHANGE_NEEDED)
        await service.open()
        await sits.until(lambda status: status.link_fault == Code.PASSWORD_CHANGE_NEEDED)
        assert (sits.status.state, sits.status.provisional) == (State.NOT_READY, True)
        del service.answers[session.SignIn]
        await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD, "new pa55word"))
        await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
        assert not sits.status.provisional
        asked, changed = service.of(session.SignIn)
        assert (asked.session, changed.new_password) == (changed.session, "new pa55word")


async def test_a_wrong_password_is_refused_without_the_service(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        assert await sits.refusal(lambda id_: desk.SignIn(id_, "wrong")) == Code.BAD_CREDENTIALS
        assert sits.status.state is State.LOGGED_OFF
        changing = await sits.refusal(lambda id_: desk.SignIn(id_, PASSWORD, "new pa55word"))
        assert changing == Code.SERVICE_UNREACHABLE
        await service.open()


async def test_a_seat_that_dies_meanwhile_is_vouched_for_by_the_next_sign_in(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    kept = read_disk(sits.place.outbox)
    async with sitting(tmp_path, service) as again:
        await service.open()
        await again.until(lambda status: status.link is Link.ONLINE)
        assert service.of(session.Resume) == []
        assert again.status.unsent == len(kept[-1])
        await again.sign_in()
        await again.until(lambda status: status.unsent == 0)
    assert sorted(service.marks.values()) == sorted(
        len(each) for each in read_disk(sits.place.outbox)
    )


async def test_a_service_that_can_not_write_is_as_good_as_away(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        service.answers[session.SignIn] = refuses(Code.LEDGER_UNAVAILABLE)
        await service.open()
        await sits.until(lambda status: status.link is Link.ONLINE)
        await sits.sign_in()
        assert sits.status.provisional
        await sits.until(lambda status: status.link_fault == Code.LEDGER_UNAVAILABLE)
        del service.answers[session.SignIn]
        await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
        await sits.until(lambda status: not status.provisional and not status.held_back)


async def test_who_signs_out_before_the_service_is_back_stays_out(
    tmp_path: Path, service: FakeService
) -> None:
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        await sits.client.ask(desk.SignOut)
        await asyncio.wait_for(sits.seat.signing.put_away(), 10)
        assert not Child.made[-1].alive
        await service.open()
        await sits.until(lambda status: status.link is Link.ONLINE)
        assert service.of(session.SignIn) == []
        assert not sits.status.provisional
        await sits.sign_in()
        await sits.until(lambda status: status.unsent == 0)


async def test_the_password_is_nowhere_on_the_disk_and_not_in_the_log(
    tmp_path: Path, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "agent_client")
    async with without_service(tmp_path, service) as sits:
        await sits.sign_in()
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert len(files) > 5
        assert all(PASSWORD.encode() not in file.read_bytes() for file in files)
        await back(service, sits)
    assert PASSWORD not in caplog.text
