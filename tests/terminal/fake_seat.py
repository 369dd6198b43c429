"""A seat without a phone, a disk or a service: a real local socket that says what it is told to."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from agent_client.desk_client import DeskClient
from agent_client.seat.place import Contact
from protocol.facts.agent import State
from protocol.facts.call import Direction
from protocol.wire import (
    desk,
    desk_base,
    desk_call,
    desk_exam,
    desk_floor,
    desk_plan,
    desk_training,
)
from protocol.wire.desk import Day, PhoneState, Status
from protocol.wire.desk_call import Call, CallState
from protocol.wire.desk_exam import DeskExams
from protocol.wire.desk_plan import OwnDay
from protocol.wire.desk_training import DeskTraining
from protocol.wire.errors import Code, Refused
from protocol.wire.person import PersonDay
from protocol.wire.relayed import RelayedAnswer, RelayedRequest
from protocol.wire.session import Person, Role
from protocol.wire.sync import Link

NOW = datetime(2026, 11, 22, 6, 3, 20, tzinfo=UTC)
"""14:03:20 at the site."""

SIGNED_OUT = Status(
    re=None,
    agent="1001",
    name="王丽",
    roles=(Role.AGENT,),
    state=State.LOGGED_OFF,
    reason=None,
    since=NOW - timedelta(minutes=5),
    until=None,
    next_state=None,
    call=None,
    link=Link.ONLINE,
    link_fault=None,
    phone=PhoneState.REGISTERED,
    phone_fault=None,
    phone_address="sip:1001@127.0.0.1:5071",
    microphone=True,
    unsent=0,
    enrolled=True,
    owed=(),
    now=NOW,
    zone="Asia/Shanghai",
    dials_numbers=True,
)

DAY = Day(
    re=0,
    date="2026-11-22",
    calls_answered=37,
    calls_missed=1,
    seconds={
        State.NOT_READY: 2_730,
        State.READY: 6_480,
        State.RINGING: 210,
        State.TALK: 7_564,
        State.HOLD: 644,
        State.ACW: 2_005,
    },
    unknown_s=0,
    facts_sent=311,
    facts_acked=311,
)


def call(state: CallState, **fields: object) -> Call:
    """A call from a customer, 42 s in its state."""
    known = Call(
        id="c1",
        direction=Direction.INBOUND,
        peer="13800138000",
        peer_name="张先生",
        state=state,
        since=NOW - timedelta(seconds=42),
        muted=False,
    )
    return msgspec.structs.replace(known, **fields)


PAGE = PersonDay(
    re=0,
    person=Person("1001", "王丽", (Role.AGENT,), "A"),
    day=NOW.date(),
    row=None,
    segments=(),
    calls=(),
    seconds={},
    unknown_s=0,
    calls_answered=0,
    calls_missed=0,
    provisional=False,
)


class FakeSeat:
    """Answers every request with `Done`, unless told otherwise, and remembers it."""

    def __init__(self, socket: Path, status: Status = SIGNED_OUT) -> None:
        self.status = status
        self.day = DAY
        self.calls: tuple[desk_call.CallRow, ...] = ()
        self.page = PAGE
        self.own_day: OwnDay | None = None
        """What whoever watches the day is told at once."""
        self.training: DeskTraining | None = None
        """What whoever watches training is told at once."""
        self.exams: DeskExams | None = None
        """What whoever watches exams is told at once."""
        self.service: dict[type[RelayedRequest], Callable[[RelayedRequest], RelayedAnswer]] = {}
        """What the service answers, by the kind of request; it refuses what is not here."""
        self.asked: list[desk.AnyRequest] = []
        """Every request but the first `Attach`, in order."""
        self.refusals: dict[type[desk_base.Request], Refused] = {}
        """What to refuse, by the kind of request."""
        self.react: Callable[[desk.AnyRequest], None] = lambda _: None
        """What to do beside answering."""
        self.late: list[Callable[[], None]] | None = None
        """Requests that wait for `answer_late`; null: each is answered at once."""
        self._socket = socket
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen."""
        self._socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self._socket)

    async def stop(self) -> None:
        """Die: every connection is cut."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.close()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._server = None

    async def connect(self) -> DeskClient:
        """A terminal's connection to this seat."""
        contact = Contact("ws://127.0.0.1:7420", "1001", 1, str(self._socket))
        return await DeskClient.connect(contact, terminal=True)

    def tell(self, **changes: object) -> None:
        """Change the status and tell everybody who watches."""
        self.status = msgspec.structs.replace(self.status, **changes)
        self.send(self.status)

    def send(self, message: desk.Pushed) -> None:
        """Tell something by itself."""
        for writer in self._writers:
            writer.write(desk.encode(message))

    def answer_late(self) -> None:
        """Answer what waits, and from now on at once."""
        waiting, self.late = self.late or (), None
        for answer in waiting:
            answer()

    def kinds(self) -> list[type[desk_base.Request]]:
        """The kinds of requests asked so far."""
        return [type(request) for request in self.asked]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        with contextlib.suppress(OSError):
            while line := await reader.readline():
                self._take_in_time(desk.decode_request(line), writer)
        self._writers.discard(writer)
        writer.close()

    def _take_in_time(self, request: desk.AnyRequest, writer: asyncio.StreamWriter) -> None:
        if self.late is None:
            self._take(request, writer)
        else:
            self.late.append(lambda: self._take(request, writer))

    def _take(self, request: desk.AnyRequest, writer: asyncio.StreamWriter) -> None:
        if not isinstance(request, desk.Attach):
            self.asked.append(request)
        refusal = self.refusals.get(type(request))
        if refusal is not None:
            writer.write(desk.encode(desk_base.Refused(request.id, refusal.code, refusal.params)))
            return
        writer.write(desk.encode(self._answer(request)))
        if isinstance(request, desk.Watch):
            writer.write(desk.encode(self.status))
        if isinstance(request, desk_plan.WatchDay) and self.own_day is not None:
            writer.write(desk.encode(self.own_day))
        if isinstance(request, desk_training.WatchTraining) and self.training is not None:
            writer.write(desk.encode(self.training))
        if isinstance(request, desk_exam.WatchExams) and self.exams is not None:
            writer.write(desk.encode(self.exams))
        self.react(request)

    def _answer(self, request: desk.AnyRequest) -> desk.AnyAnswering:
        match request:
            case desk.GetDay(id):
                return msgspec.structs.replace(self.day, re=id)
            case desk_floor.GetPerson(id, _, day):
                page = msgspec.structs.replace(self.page, day=day or self.page.day)
                return desk_floor.PersonPage(id, page)
            case desk_floor.ResetPassword(id):
                return desk_floor.ResetCode(id, "K7QM-2XRF", NOW + timedelta(hours=1))
            case desk_call.GetCalls(id):
                return desk_call.Calls(id, self.calls)
            case desk_plan.AskService(id, message):
                return self._relayed(id, message)
            case desk.GetStatus(id):
                return msgspec.structs.replace(self.status, re=id)
            case _:
                return desk_base.Done(request.id)

    def asked_service(self) -> list[RelayedRequest]:
        """What was asked of the service so far."""
        return [each.message for each in self.asked if isinstance(each, desk_plan.AskService)]

    def _relayed(self, id: int, message: RelayedRequest) -> desk.AnyAnswering:
        answer = self.service.get(type(message))
        if answer is None:
            return desk_base.Refused(id, Code.SERVICE_UNREACHABLE, {"server": "ws://x"})
        try:
            return desk_plan.ServiceAnswered(id, answer(message))
        except Refused as refusal:
            return desk_base.Refused(id, refusal.code, refusal.params)
