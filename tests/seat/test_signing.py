"""Signing in and out with the service there; a sign-in after a cut link and a killed seat."""

import asyncio
from pathlib import Path

import pytest

from agent_client.seat import link as link_module
from agent_client.seat import outbox as outbox_module
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.call import CallBackOwed, CallEnded
from protocol.wire import desk, desk_floor, session, sync
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.seat.folding import read_disk
from tests.seat.service import FakeService, answer_to, fake_service, refuses
from tests.seat.sitting import PASSWORD, Child, Sitting, kill, sitting

pytestmark = pytest.mark.usefixtures("quick")


async def test_secrets_are_their_owners_alone_and_go_when_they_end(
    sits: Sitting, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    files = [sits.place.resume, sits.place.identity, sits.place.outbox, sits.place.contact]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 4
    await sits.client.ask(desk.SignOut)
    assert not sits.place.resume.exists()
    assert PASSWORD not in caplog.text
    assert PASSWORD.encode() not in sits.place.outbox.read_bytes()


async def test_signing_in_before_the_desk_is_known(tmp_path: Path, service: FakeService) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link is Link.ONLINE)
        with pytest.raises(Refused) as refused:
            await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        assert refused.value.code == Code.NOT_ENROLLED
        assert sits.status.state is State.LOGGED_OFF


async def test_signing_in_while_the_link_is_just_being_made(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.client.ask(lambda id_: desk.EnrolDesk(id_, "code"))
        await sits.sign_in()
        assert sits.status.state is State.NOT_READY


async def test_a_wrong_password_signs_nobody_in(tmp_path: Path, service: FakeService) -> None:
    service.answers[session.SignIn] = refuses(Code.BAD_CREDENTIALS)
    async with sitting(tmp_path, service) as sits:
        with pytest.raises(Refused) as refused:
            await sits.enrol_and_sign_in()
        assert refused.value.code == Code.BAD_CREDENTIALS
        assert sits.status.state is State.LOGGED_OFF
        assert read_disk(sits.place.outbox) == []


async def test_without_a_service_nobody_signs_in_whom_the_desk_does_not_know(
    tmp_path: Path,
) -> None:
    async with fake_service() as service, sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link is Link.ONLINE)
        await sits.client.ask(lambda id_: desk.EnrolDesk(id_, "code"))
        await service.close()
        await sits.until(lambda status: status.link is Link.OFFLINE)
        with pytest.raises(Refused) as refused:
            await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        assert refused.value.code == Code.NOT_KEPT
        await service.open()


async def test_nobody_signs_in_twice(sits: Sitting) -> None:
    with pytest.raises(Refused) as refused:
        await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    assert refused.value.code == "already_signed_in"


async def test_signing_out_and_in_at_once_ends_the_first_sign_in_and_not_the_second(
    sits: Sitting, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once() -> None:
        """The link is up: there is nothing to wait for."""

    monkeypatch.setattr(sits.seat.link, "introduced", at_once)
    out = asyncio.create_task(sits.client.ask(desk.SignOut))
    back = asyncio.create_task(sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD)))
    await asyncio.gather(out, back)
    await sits.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    kinds = (session.SignIn, session.SignOut)
    order = [type(each).__name__ for each in service.heard if isinstance(each, kinds)]
    assert order == ["SignIn", "SignOut", "SignIn"]
    assert [child.alive for child in Child.made] == [False, True]
    await sits.client.ask(desk.Ready)


async def test_a_cut_link_is_taken_up_in_the_same_session(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.Ready)
    service.cut()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    (resumed,) = service.of(session.Resume)
    (began,) = service.of(session.SignIn)
    assert resumed.session == began.session
    assert sits.status.state is State.NOT_READY


async def test_who_signed_out_while_the_link_was_cut_is_not_brought_back(
    sits: Sitting, service: FakeService
) -> None:
    await service.close()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.client.ask(desk.SignOut)
    await service.open()
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    assert service.of(session.Resume) == []
    assert sits.status.state is State.LOGGED_OFF


async def test_who_signs_out_while_being_brought_back_stays_signed_out(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[session.Resume] = lambda _: None
    service.cut()
    (resumed,) = await service.hears(session.Resume)
    await sits.client.ask(desk.SignOut)
    await service.tell(answer_to(resumed.id))
    await service.hears(session.SignOut)
    await sits.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    assert sits.status.state is State.LOGGED_OFF
    assert not sits.place.resume.exists()
    assert len(read_disk(sits.place.outbox)) == 1


async def test_a_token_that_ends_in_mid_shift_costs_neither_state_nor_facts(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.Ready)
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    service.cut()
    await sits.until(lambda status: status.link_fault == Code.BAD_TOKEN)
    await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await sits.until(lambda status: status.unsent == 0)
    assert sits.status.state is State.NOT_READY
    await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    await sits.until(lambda status: status.link is Link.ONLINE)
    first, again = service.of(session.SignIn)
    assert first.session == again.session
    assert (sits.status.state, sits.status.reason) == (State.NOT_READY, Reason.MEAL)


async def test_a_sign_in_that_somebody_else_ends_waits_for_the_password(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.Ready)
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    await service.tell(session.Error(Code.BAD_TOKEN))
    await service.hears(session.Resume)
    await sits.until(lambda status: status.link_fault == Code.BAD_TOKEN)
    assert sits.status.state is State.READY
    await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    await sits.until(lambda status: status.link is Link.ONLINE and status.link_fault is None)
    assert sits.states()[-1] == (State.READY, "ready", None)


async def test_a_desk_that_another_seat_has_enrolled_meanwhile_keeps_its_key(
    sits: Sitting, tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path / "other", service) as late:
        await late.until(lambda status: status.link is Link.ONLINE)
        service.answers[session.Enrol] = refuses(Code.ALREADY_ENROLLED)
        key = sits.place.identity.read_bytes()
        late.place.identity.write_bytes(key)
        proved = len(service.of(session.Present))
        assert await late.refusal(lambda id_: desk.EnrolDesk(id_, "code")) == (
            Code.ALREADY_ENROLLED
        )
        assert len(service.of(session.Present)) == proved + 1
        assert late.place.identity.read_bytes() == key
        await late.sign_in()


async def test_who_watched_the_floor_is_told_of_it_again_with_a_new_token(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk_floor.WatchFloor)
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    service.cut()
    await sits.until(lambda status: status.link_fault == Code.BAD_TOKEN)
    before = len(service.of(sync.Subscribe))
    await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    assert len(service.of(sync.Subscribe)) == before + 1


async def test_signing_out_ends_the_trouble_with_a_token(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    service.cut()
    await sits.until(lambda status: status.link_fault == Code.BAD_TOKEN)
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.link is Link.ONLINE)


async def test_after_a_restart_nobody_is_seen_signed_out_who_goes_on(
    tmp_path: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kill(tmp_path, service)
    monkeypatch.setattr(link_module, "INTRODUCTION_S", 10)
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link is Link.ONLINE)
        assert State.LOGGED_OFF not in [status.state for status in sits.seen]


async def test_after_a_restart_without_the_service_the_seat_does_not_wait_for_it_long(
    tmp_path: Path, service: FakeService
) -> None:
    await kill(tmp_path, service)
    await service.close()
    async with sitting(tmp_path, service) as sits:
        assert (await sits.until(lambda _: True)).state is State.LOGGED_OFF
        await service.open()
        await sits.until(lambda status: status.state is State.NOT_READY)


async def test_a_seat_that_was_killed_goes_on_in_a_new_session(
    tmp_path: Path, service: FakeService
) -> None:
    await kill(tmp_path, service)
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.state is State.NOT_READY and status.unsent == 0)
        assert sits.states() == [(State.NOT_READY, "seat_restarted", Reason.SYSTEM_FAULT)]
        assert sits.status.owed == ("13800138000",)
        (resumed,) = service.of(session.Resume)
        (began,) = service.of(session.SignIn)
        assert resumed.session != began.session
        assert [name for name, seq in service.seqs() if seq == 1] == [
            began.session,
            resumed.session,
        ]


async def test_a_killed_seat_whose_token_has_ended_waits_for_somebody(
    tmp_path: Path, service: FakeService
) -> None:
    await kill(tmp_path, service)
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link is Link.ONLINE)
        assert sits.status.state is State.LOGGED_OFF
        assert not sits.place.resume.exists()
        await sits.sign_in()
        assert [type(fact) for fact in sits.facts()][1:3] == [CallEnded, CallBackOwed]


async def test_old_facts_are_forgotten_without_a_new_start_of_the_seat(
    sits: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sits.until(lambda status: status.unsent == 0)
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.unsent == 0)
    await sits.sign_in()
    assert len(read_disk(sits.place.outbox)) == 2
    await sits.until(lambda status: status.unsent == 0)
    monkeypatch.setattr(outbox_module, "KEEP_MS", -1000)
    await sits.client.ask(desk.SignOut)
    assert len(read_disk(sits.place.outbox)) == 1


async def test_why_somebody_signs_out_stands_with_the_sign_out(sits: Sitting) -> None:
    with pytest.raises(Refused) as refused:
        await sits.client.ask(lambda id_: desk.SignOut(id_, "x" * 201))
    assert refused.value.params == {"fault": "too_long", "most": 200}
    await sits.client.ask(lambda id_: desk.SignOut(id_, "孩子发烧"))
    off = [fact for fact in sits.facts() if isinstance(fact, StateEntered)][-1]
    assert (off.state, off.text) == (State.LOGGED_OFF, "孩子发烧")
