"""A whole seat between a scripted service and a phone in memory, asked over its own socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from agent_client.desk_client import DeskClient, Push
from agent_client.phone.engine import AnyCommand, Close, Emit
from agent_client.phone.fake_engine import FakeEngine
from agent_client.seat import link as link_module
from agent_client.seat import phone as phone_module
from agent_client.seat.clock import Reading
from agent_client.seat.place import SeatPlace, contacts, make_folders, place_of
from agent_client.seat.process import Seat
from agent_client.settings import Settings
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.call import CallBackOwed, CallEnded, EndCause, ReleasedBy
from protocol.facts.record import AnyFact
from protocol.wire import desk, session, sync
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.seat.folding import read_disk
from tests.seat.service import SERVER_MS, FakeService, answer_to, eventually, fake_service, refuses

PASSWORD = "pa55word"


class Child:
    """A phone's process, in memory: the fake engine behind `PhoneChild`'s face."""

    made: ClassVar[list["Child"]] = []
    fails_to_start = 0

    def __init__(
        self, emit: Emit, on_exit: Callable[[int], None], engine: str, log: Path | None
    ) -> None:
        self.engine = FakeEngine(self._emit)
        self._tell = emit
        self._on_exit = on_exit
        self.alive = False
        Child.made.append(self)

    async def start(self) -> None:
        if Child.fails_to_start:
            Child.fails_to_start -= 1
            raise OSError("no more processes")
        self.alive = True

    def do(self, command: AnyCommand) -> None:
        self.engine.do(command)

    async def stop(self, limit_s: float = 3.0) -> None:
        if self.alive:
            self.engine.do(Close())
            await asyncio.wait_for(self.engine.closed.wait(), 5)
        self.alive = False

    def dies(self) -> None:
        self.alive = False
        self._on_exit(-9)

    def _emit(self, event: object) -> None:
        if self.alive:
            self._tell(event)  # type: ignore[arg-type]  # an engine emits events alone


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process, and no long wait."""
    monkeypatch.setattr(Child, "made", [])
    monkeypatch.setattr(Child, "fails_to_start", 0)
    monkeypatch.setattr(phone_module, "PhoneChild", Child)
    monkeypatch.setattr(phone_module, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(link_module, "LONGEST_WAIT_S", 0.05)
    monkeypatch.setattr(link_module, "SHORTEST_WAIT_S", 0.01)
    monkeypatch.setattr(link_module, "INTRODUCTION_S", 0.5)


@pytest.fixture
async def service() -> AsyncIterator[FakeService]:
    async with fake_service() as made:
        yield made


class Sitting:
    """Somebody at a seat."""

    def __init__(self, seat: Seat, client: DeskClient, place: SeatPlace) -> None:
        self.seat = seat
        self.client = client
        self.place = place
        self.seen: list[desk.Status] = []
        self.floors: list[desk.Floor] = []
        client.listen(self._take)

    def _take(self, push: Push) -> None:
        if isinstance(push, desk.Status):
            self.seen.append(push)
        else:
            self.floors.append(push)

    @property
    def status(self) -> desk.Status:
        return self.seen[-1]

    async def until(self, what: Callable[[desk.Status], bool]) -> desk.Status:
        await eventually(lambda: bool(self.seen) and what(self.status))
        return self.status

    async def enrol_and_sign_in(self) -> None:
        await self.until(lambda status: status.link is Link.ONLINE)
        await self.client.ask(lambda id_: desk.EnrolDesk(id_, "code"))
        await self.sign_in()

    async def sign_in(self) -> None:
        await self.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        await self.until(lambda status: status.phone is desk.PhoneState.REGISTERED)

    async def talking(self) -> str:
        await self.client.ask(desk.Ready)
        call_id = Child.made[-1].engine.far.peer_calls("13800138000")
        await self.until(lambda status: status.state is State.RINGING)
        await self.client.ask(desk.Answer)
        return call_id

    def facts(self) -> list[AnyFact]:
        return read_disk(self.place.outbox)[-1]

    def states(self) -> list[tuple[State, str, Reason | None]]:
        entered = [fact for fact in self.facts() if isinstance(fact, StateEntered)]
        return [(fact.state, fact.trigger, fact.reason) for fact in entered]


def place_in(folder: Path, service: FakeService) -> tuple[Settings, SeatPlace]:
    settings = Settings(
        server=service.url, agent="1001", data=str(folder / "d"), runtime=str(folder / "r")
    )
    place = place_of(settings)
    make_folders(place)
    return settings, place


@asynccontextmanager
async def sitting(folder: Path, service: FakeService) -> AsyncIterator[Sitting]:
    """A seat that runs, with somebody watching it. In the end it is stopped in order."""
    settings, place = place_in(folder, service)
    seat = Seat(settings, place, "fake")
    ready = asyncio.Event()
    running = asyncio.create_task(seat.run(ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    (contact,) = contacts(place.runtime)
    client = await DeskClient.connect(contact, terminal=True)
    sits = Sitting(seat, client, place)
    try:
        await client.ask(desk.Watch)
        yield sits
    finally:
        await client.close()
        seat.stop()
        await asyncio.wait_for(running, 10)


@pytest.fixture
async def sits(tmp_path: Path, service: FakeService) -> AsyncIterator[Sitting]:
    """Somebody who is signed in."""
    async with sitting(tmp_path, service) as made:
        await made.enrol_and_sign_in()
        yield made


async def test_a_day_over_the_socket(sits: Sitting, service: FakeService) -> None:
    await sits.talking()
    await sits.client.ask(desk.Hangup)
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


async def test_a_day_that_nothing_is_known_of(tmp_path: Path, service: FakeService) -> None:
    async with sitting(tmp_path, service) as sits:
        day = await sits.client.ask(desk.GetDay)
        assert isinstance(day, desk.Day)
        assert (day.seconds, day.calls_answered, day.facts_sent) == ({}, 0, 0)


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


async def test_without_a_service_nobody_signs_in(tmp_path: Path) -> None:
    async with fake_service() as service, sitting(tmp_path, service) as sits:
        await sits.until(lambda status: status.link is Link.ONLINE)
        await sits.client.ask(lambda id_: desk.EnrolDesk(id_, "code"))
        await service.close()
        await sits.until(lambda status: status.link is Link.OFFLINE)
        with pytest.raises(Refused) as refused:
            await sits.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        assert refused.value.code == Code.SERVICE_UNREACHABLE
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


async def test_signing_out_ends_the_trouble_with_a_token(
    sits: Sitting, service: FakeService
) -> None:
    service.answers[session.Resume] = refuses(Code.BAD_TOKEN)
    service.cut()
    await sits.until(lambda status: status.link_fault == Code.BAD_TOKEN)
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.link is Link.ONLINE)


def dead(act: Callable[[Reading], None]) -> None:
    """Nothing happens any more."""


async def kill(folder: Path, service: FakeService) -> None:
    """A seat with a call, that ends as by `kill -9`: nothing of it is told to anybody."""
    settings, place = place_in(folder, service)
    seat = Seat(settings, place, "fake")
    ready = asyncio.Event()
    running = asyncio.create_task(seat.run(ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    (contact,) = contacts(place.runtime)
    client = await DeskClient.connect(contact, terminal=True)
    sits = Sitting(seat, client, place)
    await client.ask(desk.Watch)
    await sits.enrol_and_sign_in()
    await sits.talking()
    for child in Child.made:
        child.alive = False
    seat.standing.happened = dead  # type: ignore[method-assign]  # nothing is heard any more
    running.cancel()
    await client.close()
    with contextlib.suppress(asyncio.CancelledError):
        await running


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


async def test_a_seat_that_is_stopped_in_a_call_says_how_the_call_ended(
    tmp_path: Path, service: FakeService
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        call_id = await sits.talking()
    assert sits.facts()[-3:-1] == [
        CallEnded(call_id, EndCause.BYE, ReleasedBy.SYSTEM),
        CallBackOwed(call_id, "13800138000"),
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
    sits.seat._phone_hangs()
    await sits.until(lambda status: status.state is State.ACW)
    await sits.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    assert not first.alive


async def test_the_floor_is_followed_over_a_cut(sits: Sitting, service: FakeService) -> None:
    await sits.client.ask(desk.WatchFloor)
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
        await sits.client.ask(desk.WatchFloor)
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
        await sits.client.ask(lambda id_: desk.Dial(id_, "02165432100"))
    assert refused.value.code == Code.NO_EXCHANGE


async def test_a_number_that_can_not_be_called_is_refused(sits: Sitting) -> None:
    for target in ("", "abc", "sip:a@b?x=y", "sip:a@b\r\nX: y"):
        with pytest.raises(Refused) as refused:
            await sits.client.ask(lambda id_, target=target: desk.Dial(id_, target))  # type: ignore[misc]  # bound now
        assert refused.value.code == Code.BAD_NUMBER
    assert sits.states() == [(State.NOT_READY, "sign_in", None)]
