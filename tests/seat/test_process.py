"""A whole seat between a scripted service and a phone in memory: its phone, its floor, its end."""

import asyncio
from pathlib import Path

import pytest

from agent_client.seat import process as process_module
from protocol.facts.agent import Reason, State
from protocol.facts.call import CallBackOwed, CallEnded, EndCause, ReleasedBy
from protocol.wire import desk, desk_call, desk_floor, session, sync
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.seat.service import SERVER_MS, FakeService, eventually, refuses
from tests.seat.sitting import Child, Sitting, sitting

pytestmark = pytest.mark.usefixtures("quick")


async def test_a_day_over_the_socket(sits: Sitting, service: FakeService) -> None:
    await sits.talking()
    await sits.client.ask(desk_call.Hangup)
    await sits.client.ask(desk.AcwDone)
    await sits.client.ask(desk.SignOut)
    assert [state for state, _, _ in sits.states()] == [
        State.NOT_READY,
        State.READY,
        State.RINGING,
        State.TALK,
        State.ACW,
        State.READY,
        State.LOGGED_OFF,
    ]
    await service.hears(session.SignOut)
    await sits.until(lambda status: status.unsent == 0)
    assert len(service.seqs()) == len(sits.facts())
    day = await sits.client.ask(desk.GetDay)
    assert isinstance(day, desk.Day)
    assert (day.calls_answered, day.facts_sent, day.facts_acked) == (1, 12, 12)
    assert not Child.made[-1].alive


async def test_what_goes_on_beside_the_seat_outlives_its_own_fault(
    sits: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_module, "ALIVE_S", 0.01)
    monkeypatch.setattr(process_module, "AGAIN_S", 0.01)
    rounds: list[str] = []

    def fails_once() -> None:
        rounds.append("round")
        if len(rounds) == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(sits.seat.orders, "go_on", fails_once)
    work = asyncio.create_task(process_module.keep_going(sits.seat.note_that_it_runs))
    await eventually(lambda: len(rounds) > 2)
    work.cancel()
    await asyncio.wait({work})


async def test_while_something_waits_for_the_disk_nothing_vouches_for_the_time(
    sits: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses_facts(*_: object) -> None:
        raise Refused(Code.DISK_FAILED, detail="full")

    await sits.client.ask(desk.Ready)
    noted: list[int] = []
    monkeypatch.setattr(process_module, "ALIVE_S", 0.01)
    monkeypatch.setattr(sits.seat._outbox, "seen_alive", noted.append)
    work = asyncio.create_task(sits.seat.note_that_it_runs())
    await eventually(lambda: len(noted) > 1)
    with monkeypatch.context() as full:
        full.setattr(sits.seat._outbox, "append", refuses_facts)
        Child.made[-1].engine.far.microphone_changes(False)
        await eventually(lambda: sits.seat.standing.waits)
        before = len(noted)
        await asyncio.sleep(0.1)
        assert len(noted) == before
    await eventually(lambda: len(noted) > before)
    work.cancel()
    await asyncio.wait({work})


async def test_a_day_that_nothing_is_known_of(tmp_path: Path, service: FakeService) -> None:
    async with sitting(tmp_path, service) as sits:
        day = await sits.client.ask(desk.GetDay)
        assert isinstance(day, desk.Day)
        assert (day.seconds, day.calls_answered, day.facts_sent) == ({}, 0, 0)


async def test_a_seat_that_is_stopped_in_a_call_says_how_the_call_ended(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        call_id = await sits.talking()
    assert sits.facts()[-3:-1] == [
        CallEnded(call_id, EndCause.BYE, ReleasedBy.SYSTEM),
        CallBackOwed(call_id, "13800138000", "sip:13800138000@peer.invalid"),
    ]


async def test_a_phone_that_dies_is_followed_by_another(sits: Sitting) -> None:
    await sits.client.ask(desk.Ready)
    Child.fails_to_start = 2
    Child.made[-1].dies()
    await sits.until(lambda status: status.phone is desk.PhoneState.FAULT)
    await sits.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    assert (sits.status.state, sits.status.reason) == (State.NOT_READY, Reason.SYSTEM_FAULT)
    assert len(Child.made) == 4
    await sits.client.ask(desk.Ready)


async def test_a_phone_that_does_not_work_any_more_is_replaced(sits: Sitting) -> None:
    await sits.talking()
    first = Child.made[-1]
    sits.seat.phone_hangs()
    await sits.until(lambda status: status.state is State.ACW)
    await sits.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    assert not first.alive


async def test_the_floor_is_followed_over_a_cut(sits: Sitting, service: FakeService) -> None:
    await sits.client.ask(desk_floor.WatchFloor)
    cursor = sync.Cursor("ledger", 7)
    await service.tell(sync.FloorBatch(cursor, (), SERVER_MS))
    await eventually(lambda: bool(sits.floors) and not sits.floors[-1].stale)
    service.cut()
    await eventually(lambda: sits.floors[-1].stale)
    first, again = await service.hears(sync.Subscribe, 2)
    assert (first.cursor, again.cursor) == (None, cursor)


async def test_who_may_not_see_the_floor_is_told_so(sits: Sitting, service: FakeService) -> None:
    service.answers[sync.Subscribe] = refuses(Code.NOT_PERMITTED)
    with pytest.raises(Refused) as refused:
        await sits.client.ask(desk_floor.WatchFloor)
    assert refused.value.code == Code.NOT_PERMITTED
    service.cut()
    await sits.until(lambda status: status.link is Link.OFFLINE)
    await sits.until(lambda status: status.link is Link.ONLINE)
    assert len(service.of(sync.Subscribe)) == 1


async def test_a_seat_stops_only_when_nobody_is_signed_in(sits: Sitting) -> None:
    with pytest.raises(Refused) as refused:
        await sits.client.ask(desk.StopSeat)
    assert refused.value.code == "wrong_state"
    await sits.client.ask(desk.SignOut)
    await sits.client.ask(desk.StopSeat)
    await asyncio.wait_for(sits.client.closed(), 10)


async def test_a_phone_without_an_exchange_says_that_it_reaches_no_numbers(sits: Sitting) -> None:
    with pytest.raises(Refused) as refused:
        await sits.client.ask(lambda id_: desk_call.Dial(id_, "02165432100"))
    assert refused.value.code == Code.NO_EXCHANGE


async def test_a_number_that_can_not_be_called_is_refused(sits: Sitting) -> None:
    for target in ("", "abc", "sip:a@b?x=y", "sip:a@b\r\nX: y"):
        with pytest.raises(Refused) as refused:
            await sits.client.ask(lambda id_, target=target: desk_call.Dial(id_, target))  # type: ignore[misc]  # bound now
        assert refused.value.code == Code.BAD_NUMBER
    assert sits.states() == [(State.NOT_READY, "sign_in", None)]
