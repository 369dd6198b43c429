"""What stands behind a control socket in tests, and connections to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date

import msgspec

from agent_client import desk_client
from agent_client.desk_client import DeskClient
from agent_client.seat.control import Control, Watched
from agent_client.seat.place import Contact, SeatPlace, contacts
from protocol import VERSION
from protocol.facts.agent import State
from protocol.wire import (
    desk,
    desk_base,
    desk_call,
    desk_exam,
    desk_floor,
    desk_plan,
    desk_training,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import OwnExams
from protocol.wire.report import GetReport
from protocol.wire.sync import Link
from protocol.wire.training import OwnTraining

STATUS = desk.Status(
    re=None,
    agent="1001",
    name="王丽",
    roles=(),
    state=State.READY,
    reason=None,
    since=None,
    until=None,
    next_state=None,
    call=None,
    link=Link.ONLINE,
    link_fault=None,
    phone=desk.PhoneState.REGISTERED,
    phone_fault=None,
    phone_address=None,
    microphone=True,
    unsent=0,
    enrolled=True,
    owed=(),
    now=None,
    zone="UTC",
    dials_numbers=False,
)
FLOOR = desk_floor.Floor((), None, reset=True)
TODAY = date(2025, 3, 3)
DAY = desk_plan.OwnDay(TODAY, 0)
EXAMS = desk_exam.DeskExams(OwnExams())
TRAINING = desk_training.DeskTraining(OwnTraining())


class Desk:
    """What stands behind the socket: does what a test says."""

    def __init__(self, place: SeatPlace) -> None:
        self.status = STATUS
        self.terminals: list[int] = []
        self.asked: list[desk.AnyRequest] = []
        self.given_up: list[desk.AnyRequest] = []
        self.phone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.training = TRAINING
        self.control = Control(
            place,
            self.carry,
            Watched(
                lambda: self.status,
                lambda: (FLOOR,),
                lambda: DAY,
                lambda: EXAMS,
                lambda: self.training,
            ),
            self.terminals.append,
        )

    async def carry(self, request: desk.AnyRequest) -> desk.AnyAnswering:
        self.asked.append(request)
        match request:
            case desk.GetStatus():
                return msgspec.structs.replace(self.status, re=request.id)
            case desk_call.Answer():
                await self.phone
            case desk_plan.AskService(message=GetReport()):
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    self.given_up.append(request)
                    raise
            case desk_call.Hold():
                raise Refused(Code.PHONE_REFUSED, detail="busy")
            case desk_call.Mute():
                raise ZeroDivisionError("planted")
            case desk_floor.WatchFloor() if self.status.state is State.LOGGED_OFF:
                raise Refused("not_signed_in")
        return desk_base.Done(request.id)

    def shows(self, state: State) -> None:
        self.status = msgspec.structs.replace(self.status, state=state)
        self.control.changed()


@contextlib.asynccontextmanager
async def opened(place: SeatPlace) -> AsyncIterator[Desk]:
    made = Desk(place)
    await made.control.open()
    try:
        yield made
    finally:
        await made.control.close()


def contact(place: SeatPlace) -> Contact:
    (found,) = contacts(place.runtime)
    return found


@contextlib.asynccontextmanager
async def attached(place: SeatPlace, *, terminal: bool = False) -> AsyncIterator[DeskClient]:
    client = await DeskClient.connect(contact(place), terminal=terminal)
    try:
        yield client
    finally:
        await client.close()


class Raw:
    """A connection that says whatever bytes a test likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, line: bytes) -> list[desk.AnyAnswering]:
        """Say it, and hear everything until the other side closes."""
        self.writer.write(line)
        heard = (await asyncio.wait_for(self.reader.read(), 10)).splitlines()
        self.writer.close()
        return [desk.decode_answering(each) for each in heard]

    async def hears(self) -> desk.AnyAnswering:
        return desk.decode_answering(await asyncio.wait_for(self.reader.readline(), 10))


async def raw(place: SeatPlace) -> Raw:
    return Raw(*await desk_client._open(contact(place)))


def attach(place: SeatPlace, version: int = VERSION, token: str | None = None) -> bytes:
    given = contact(place).token if token is None else token
    return desk.encode(desk.Attach(1, version, False, given))
