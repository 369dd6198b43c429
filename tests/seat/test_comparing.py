"""A service that has less than it once acknowledged gets it again, all of it and once."""

from contextlib import closing
from pathlib import Path

import pytest

from agent_client.seat import outbox as outbox_module
from agent_client.seat.clock import Reading
from agent_client.seat.comparing import Comparing, MakeRequest
from agent_client.seat.outbox import Outbox
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallHeld
from protocol.facts.session import FactsLost, SessionAnchored
from protocol.wire import desk, session, sync
from protocol.wire.errors import Code
from protocol.wire.sync import Link
from tests.seat.damaging import change
from tests.seat.folding import read_disk
from tests.seat.service import FakeService, eventually, refuses
from tests.seat.sitting import PASSWORD, Sitting, sitting

pytestmark = pytest.mark.usefixtures("quick")


def present(sits: Sitting) -> str:
    session_now = sits.seat._outbox.present
    assert session_now is not None
    return session_now.id


async def all_there(service: FakeService, sits: Sitting) -> None:
    """The service has each fact on the desk's disk."""
    counts = {each.id: each.last_seq for each in sits.seat._outbox.sessions()}
    await eventually(lambda: service.marks == counts)
    await sits.until(lambda status: status.unsent == 0)


async def two_sessions(service: FakeService, sits: Sitting) -> tuple[str, str]:
    first = present(sits)
    await sits.client.ask(desk.SignOut)
    await service.hears(session.SignOut)
    await sits.sign_in()
    await all_there(service, sits)
    return first, present(sits)


async def test_what_a_restored_service_lacks_of_a_session_is_sent_again(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await all_there(service, sits)
    service.heard.clear()
    service.forgets(present(sits), 1)
    service.cut()
    await service.hears(sync.Append)
    await all_there(service, sits)
    lacking = len(sits.facts()) - 1
    assert [seq for _, seq in service.seqs()] == list(range(2, 2 + lacking))
    assert service.of(sync.Claim) == []


async def test_whole_sessions_that_it_lost_are_claimed_and_sent_the_oldest_first(
    sits: Sitting, service: FakeService
) -> None:
    first, second = await two_sessions(service, sits)
    service.heard.clear()
    service.marks.clear()
    service.cut()
    await service.hears(sync.Claim)
    await all_there(service, sits)
    (claimed,) = service.of(sync.Claim)
    assert claimed.sessions == (first,)
    order = [name for name, seq in service.seqs() if seq == 1]
    assert order == [first, second]
    kinds = [type(each) for each in service.heard]
    assert kinds.index(session.Resume) < kinds.index(sync.Claim) < kinds.index(sync.Append)


async def test_a_new_session_waits_for_the_older_ones_that_have_to_be_claimed(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as before:
        await before.enrol_and_sign_in()
        await before.until(lambda status: status.unsent == 0)
        first = present(before)
    service.marks.clear()
    service.heard.clear()
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
        await all_there(service, sits)
        order = [name for name, seq in service.seqs() if seq == 1]
        assert order == [first, present(sits)]


async def test_a_session_of_which_the_service_took_no_fact_needs_nobody_to_vouch_for_it(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.unsent == 0)
    service.answers[sync.Append] = refuses(Code.LEDGER_UNAVAILABLE)
    await sits.sign_in()
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.state is State.LOGGED_OFF)
    assert sits.status.unsent > 0
    del service.answers[sync.Append]
    service.cut()
    await all_there(service, sits)
    assert service.of(sync.Claim) == []


async def test_a_service_that_lost_the_token_too_gets_everything_after_the_next_sign_in(
    sits: Sitting, service: FakeService
) -> None:
    first, second = await two_sessions(service, sits)
    service.marks.clear()
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    service.heard.clear()
    service.cut()
    await sits.until(lambda status: status.link_fault == Code.BAD_TOKEN)
    assert sits.status.unsent == sum(map(len, read_disk(sits.place.outbox)))
    assert service.of(sync.Append) == []
    await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    await all_there(service, sits)
    assert sorted(service.marks) == sorted([first, second])
    assert sits.status.state is State.NOT_READY


async def test_a_desk_that_is_enrolled_anew_delivers_what_it_holds(
    sits: Sitting, service: FakeService
) -> None:
    await two_sessions(service, sits)
    service.marks.clear()
    service.answers[session.Present] = refuses(Code.BAD_DESK_PROOF)
    service.cut()
    await sits.until(lambda status: status.link_fault == Code.BAD_DESK_PROOF)
    del service.answers[session.Present]
    await sits.client.ask(lambda id_: desk.EnrolDesk(id_, "code"))
    await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    await all_there(service, sits)


async def test_nothing_of_an_unknown_session_is_sent_before_somebody_vouches_for_it(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        await sits.client.ask(desk.SignOut)
        await sits.until(lambda status: status.unsent == 0)
        service.marks.clear()
        service.heard.clear()
        service.cut()
        await service.hears(sync.Compare)
        await sits.until(lambda status: status.link is Link.ONLINE and status.unsent > 0)
        assert (service.of(sync.Append), service.of(sync.Claim)) == ([], [])
        assert sits.status.held_back == 0
        await sits.sign_in()
        await all_there(service, sits)


async def test_a_claim_that_is_refused_holds_up_the_earlier_sessions_alone(
    sits: Sitting, service: FakeService
) -> None:
    first, second = await two_sessions(service, sits)
    service.answers[sync.Claim] = refuses(Code.NOT_PERMITTED)
    service.marks.clear()
    service.cut()
    await eventually(lambda: len(service.has(second)) > 1)
    await sits.until(lambda status: status.link is Link.ONLINE)
    assert first not in service.marks
    del service.answers[sync.Claim]
    service.cut()
    await all_there(service, sits)


async def test_a_session_that_the_service_will_not_have_is_shown_and_holds_back_no_other(
    sits: Sitting, service: FakeService
) -> None:
    first, second = await two_sessions(service, sits)
    service.answers[sync.Claim] = lambda asked: sync.Claimed(
        asked.id, {first: Code.NOT_YOUR_SESSION}
    )
    service.marks.clear()
    service.cut()
    await sits.until(lambda status: status.link is Link.ONLINE and status.held_back > 0)
    await sits.client.ask(desk.Ready)
    await eventually(lambda: service.marks[second] == sits.seat._outbox.sessions()[-1].last_seq)
    assert first not in service.marks


async def test_a_cut_in_the_middle_of_claiming_is_made_good_by_the_next_connection(
    sits: Sitting, service: FakeService
) -> None:
    await two_sessions(service, sits)
    service.answers[sync.Claim] = lambda _: None
    service.marks.clear()
    service.cut()
    await service.hears(sync.Claim)
    del service.answers[sync.Claim]
    service.cut()
    await all_there(service, sits)


async def test_the_seat_asks_of_its_sessions_with_the_newest_witness(
    sits: Sitting, service: FakeService
) -> None:
    await all_there(service, sits)
    service.heard.clear()
    service.cut()
    (compared,) = await service.hears(sync.Compare)
    assert compared.sessions == (present(sits),)
    assert compared.witness == sync.Witness(len(sits.facts()), "head")


async def test_a_ledger_that_differs_is_an_error_that_is_shown_and_said_once(
    sits: Sitting, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    await all_there(service, sits)
    service.witness = sync.WitnessSeen.DIFFERENT
    service.cut()
    await sits.until(lambda status: status.notices == (desk.Notice(Code.LEDGER_DIFFERS),))
    await sits.until(lambda status: status.link is Link.ONLINE)
    service.heard.clear()
    service.cut()
    (again,) = await service.hears(sync.Compare)
    assert again.witness is None
    assert caplog.text.count("the ledger differs at entry") == 1


async def test_a_ledger_that_ends_earlier_is_a_restored_one_and_no_alarm(
    sits: Sitting, service: FakeService, caplog: pytest.LogCaptureFixture
) -> None:
    await all_there(service, sits)
    service.witness = sync.WitnessSeen.MISSING
    service.heard.clear()
    service.cut()
    await service.hears(session.Resume)
    await sits.until(lambda status: status.link is Link.ONLINE)
    assert sits.status.notices == ()
    assert "the ledger ends before entry" in caplog.text
    await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
    await all_there(service, sits)
    service.witness = sync.WitnessSeen.SAME
    service.heard.clear()
    service.cut()
    (again,) = await service.hears(sync.Compare)
    assert again.witness == sync.Witness(len(sits.facts()), "head")


async def test_after_a_restore_the_seat_asks_by_what_the_restored_chain_told(
    sits: Sitting, service: FakeService
) -> None:
    await all_there(service, sits)
    service.forgets(present(sits), 1)
    service.witness, service.head = sync.WitnessSeen.MISSING, "restored"
    service.heard.clear()
    service.cut()
    await service.hears(sync.Compare)
    await all_there(service, sits)
    service.witness = sync.WitnessSeen.SAME
    service.heard.clear()
    service.cut()
    (again,) = await service.hears(sync.Compare)
    assert again.witness == sync.Witness(len(sits.facts()), "restored")


async def lets_go_of_the_first(
    service: FakeService, sits: Sitting, monkeypatch: pytest.MonkeyPatch
) -> str:
    first, _ = await two_sessions(service, sits)
    monkeypatch.setattr(outbox_module, "KEEP_MS", -1)
    sits.seat._outbox.prune()
    return first


def losses(sits: Sitting) -> list[FactsLost]:
    return [fact for fact in sits.facts() if isinstance(fact, FactsLost)]


async def test_what_both_sides_have_let_go_is_declared_lost_once(
    sits: Sitting, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(sits.facts())
    first = await lets_go_of_the_first(service, sits, monkeypatch)
    for seen in (sync.WitnessSeen.MISSING, sync.WitnessSeen.DIFFERENT):
        service.forgets(first, 2)
        service.witness = seen
        await sits.client.ask(lambda id_: desk.Break(id_, Reason.MEAL))
        await sits.until(lambda status: status.unsent == 0)
        service.heard.clear()
        service.cut()
        await service.hears(session.Resume)
        await sits.until(lambda status: status.link is Link.ONLINE)
    await eventually(lambda: losses(sits) != [])
    (lost,) = losses(sits)
    assert (lost.lost_session, lost.from_seq, lost.since_ms is not None) == (first, 3, True)
    assert lost.to_seq is not None
    assert lost.to_seq > count


@pytest.mark.parametrize("mark", [None, 99])
async def test_what_a_whole_chain_holds_of_a_session_that_is_let_go_is_not_lost(
    sits: Sitting, service: FakeService, monkeypatch: pytest.MonkeyPatch, mark: int | None
) -> None:
    first = await lets_go_of_the_first(service, sits, monkeypatch)
    service.forgets(first, mark)
    service.heard.clear()
    service.cut()
    (compared,) = await service.hears(sync.Compare)
    assert compared.sessions == (present(sits), first)
    await sits.until(lambda status: status.link is Link.ONLINE)
    assert sits.seat._outbox.undeclared() == ()
    assert losses(sits) == []


async def test_records_that_are_older_than_what_the_service_has_lack_what_came_after_them(
    sits: Sitting, service: FakeService
) -> None:
    first, _ = await two_sessions(service, sits)
    service.forgets(first, 99)
    service.cut()
    await eventually(lambda: losses(sits) != [])
    assert losses(sits) == [FactsLost(first, 100, None)]


async def test_a_loss_that_is_found_while_nobody_is_signed_in_is_declared_by_who_signs_in_next(
    sits: Sitting, service: FakeService
) -> None:
    first = present(sits)
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.unsent == 0)
    service.forgets(first, 99)
    service.heard.clear()
    service.cut()
    await service.hears(sync.Compare)
    await eventually(lambda: sits.seat._outbox.undeclared() != ())
    await sits.sign_in()
    assert present(sits) != first
    assert losses(sits) == [FactsLost(first, 100, None)]
    assert isinstance(sits.facts()[0], SessionAnchored)


async def test_records_that_were_damaged_are_said_to_be_and_what_is_lost_is_told(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        file = sits.place.outbox
    file.write_bytes(b"no database" * 999)
    async with sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
        (notice,) = sits.status.notices
        assert notice == desk.Notice(Code.RECORDS_DAMAGED, {"file": "outbox.damaged-1.db"})
        assert losses(sits) == [FactsLost("", 1, None)]
        await sits.until(lambda status: status.unsent == 0)


async def compare(outbox: Outbox, mark: int) -> None:
    """The service says that it has the session up to `mark`."""

    async def ask(make: MakeRequest) -> sync.Compared:
        make(1)
        return sync.Compared(1, {"s": mark})

    await Comparing(outbox).compare(ask)


def salvaged(folder: Path) -> Outbox:
    """Of 101 facts, all acknowledged, 47 can be read."""
    file = folder / "outbox.db"
    at = Reading(1, 1, 1)
    with closing(Outbox(file)) as outbox:
        outbox.begin("s", at, [CallHeld("c")] * 101)
        outbox.acknowledge(sync.Ack("s", 101, 5, 10, "ten"))
    change(file, "DELETE FROM fact WHERE seq > 47")
    return Outbox(file)


async def test_what_the_service_had_acknowledged_before_the_records_were_salvaged_is_not_lost(
    tmp_path: Path,
) -> None:
    with closing(salvaged(tmp_path)) as outbox:
        await compare(outbox, 101)
        assert outbox.undeclared() == ()
        await compare(outbox, 103)
        assert outbox.undeclared() == (FactsLost("s", 104, None),)


@pytest.mark.parametrize(("mark", "first"), [(0, 48), (20, 48), (60, 61)])
async def test_what_neither_a_restored_service_nor_salvaged_records_have_is_lost(
    tmp_path: Path, mark: int, first: int
) -> None:
    with closing(salvaged(tmp_path)) as outbox:
        await compare(outbox, mark)
        assert outbox.undeclared() == (FactsLost("s", first, 101),)
        (session_then,) = outbox.sessions()
        assert (session_then.acked, session_then.last_seq) == (mark, 47)
