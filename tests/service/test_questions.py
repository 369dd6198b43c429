"""Questions that take long: they hold up nothing else, and end with whoever asked them."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from agent_service import database
from agent_service.questions import MOST_WAITING, Questions
from agent_service.reader import Reader
from agent_service.reports import handlers, making
from agent_service.reports.table import Table
from agent_service.service import Service
from protocol.wire.errors import Refused
from protocol.wire.report import GetReport, Report
from protocol.wire.session import Error, Forget, Heartbeat, HeartbeatSeen, SignedOut, SignOut
from tests.seat.service import eventually
from tests.service.client import LIMIT_S, Client
from tests.service.conftest import SignedIn, make_token

DAY = date(2025, 3, 3)
MONTHS = 2
"""Which of the service's readers reads months."""


class Asked:
    """Questions, whose answers a test gives when it likes."""

    def __init__(self) -> None:
        self.questions = Questions()
        self.begun: list[int] = []
        self.answered: list[int] = []
        self._gates: dict[int, asyncio.Event] = {}

    def ask(self, number: int) -> None:
        self._gates[number] = asyncio.Event()

        async def answer() -> None:
            self.begun.append(number)
            await self._gates[number].wait()
            self.answered.append(number)

        self.questions.ask(number, answer)

    def give(self, number: int) -> None:
        self._gates[number].set()


async def test_one_question_is_looked_into_at_a_time() -> None:
    asked = Asked()
    asked.ask(1)
    asked.ask(2)
    await eventually(lambda: asked.begun == [1])
    asked.give(2)
    asked.give(1)
    await eventually(lambda: asked.answered == [1, 2])
    asked.ask(3)
    asked.give(3)
    await eventually(lambda: asked.answered == [1, 2, 3])


async def test_only_a_few_wait() -> None:
    asked = Asked()
    asked.ask(0)
    await eventually(lambda: asked.begun == [0])
    for number in range(1, MOST_WAITING + 1):
        asked.ask(number)
    with pytest.raises(Refused, match="too_many_requests"):
        asked.ask(9)
    asked.questions.forget_all()


@pytest.mark.parametrize("number", [1, 2])
async def test_a_question_keeps_its_answer_when_another_takes_its_id(number: int) -> None:
    asked = Asked()
    asked.ask(1)
    asked.ask(2)
    await eventually(lambda: asked.begun == [1])
    with pytest.raises(Refused, match="malformed_message"):
        asked.questions.ask(number, lambda: asyncio.sleep(0))
    asked.give(1)
    asked.give(2)
    await eventually(lambda: asked.answered == [1, 2])
    asked.ask(number)
    asked.questions.forget_all()


async def test_what_nobody_waits_for_is_left_and_the_next_goes_on() -> None:
    asked = Asked()
    for number in (1, 2, 3):
        asked.ask(number)
    await eventually(lambda: asked.begun == [1])
    for number in (2, 1, 7):
        asked.questions.forget(number)
    await eventually(lambda: asked.begun == [1, 3])
    asked.give(3)
    await eventually(lambda: asked.answered == [3])


async def test_who_goes_leaves_no_question_behind() -> None:
    asked = Asked()
    asked.ask(1)
    asked.ask(2)
    await eventually(lambda: asked.begun == [1])
    asked.questions.forget_all()
    for number in (1, 2):
        asked.give(number)
    asked.ask(3)
    asked.give(3)
    await eventually(lambda: asked.answered == [3])
    assert asked.begun == [1, 3]


@pytest.fixture
def made(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Table]]:
    """The reports that were made."""
    tables: list[Table] = []

    def make(*asked: object) -> Table:
        tables.append(making.make(*asked))  # type: ignore[arg-type]  # passed on as they are
        return tables[-1]

    monkeypatch.setattr(handlers, "make", make)
    yield tables


@contextlib.asynccontextmanager
async def occupied(service: Service) -> AsyncIterator[None]:
    """Something else is read for as long as this lasts."""
    done = threading.Event()
    reading = asyncio.create_task(
        service.readers[MONTHS].run(lambda connection: done.wait(LIMIT_S))
    )
    try:
        yield
    finally:
        done.set()
        await reading


async def ask(client: Client) -> int:
    number = client.next_id()
    await client.send(GetReport(number, "adherence", DAY, DAY))
    return number


async def answered(client: Client, number: int) -> object:
    return await client.take(lambda message: getattr(message, "re", None) == number)


async def heard(client: Client) -> None:
    """All that was sent before is read."""
    await client.send(Heartbeat(1))
    await client.expect(HeartbeatSeen)


async def test_a_report_holds_up_no_heartbeat(service: Service, signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    async with occupied(service):
        number = await ask(lead)
        await heard(lead)
    assert isinstance(await answered(lead, number), Report)


async def test_reports_for_those_who_have_gone_are_not_made(
    service: Service, signed_in: SignedIn, made: list[Table]
) -> None:
    async with occupied(service):
        for _ in range(3):
            lead = await signed_in("2001")
            await ask(lead)
            await heard(lead)
        await lead.cut()
        await eventually(lambda: service.connections.signed_in == 0)
        other = await signed_in("3001")
        number = await ask(other)
    assert isinstance(await answered(other, number), Report)
    assert len(made) == 1


async def test_a_report_that_nobody_waits_for_is_not_made(
    service: Service, signed_in: SignedIn, made: list[Table]
) -> None:
    lead = await signed_in("2001")
    async with occupied(service):
        first, second = await ask(lead), await ask(lead)
        await lead.send(Forget(first))
        await heard(lead)
    assert isinstance(await answered(lead, second), Report)
    assert len(made) == 1


async def test_who_has_signed_out_is_told_nothing(service: Service, signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    async with occupied(service):
        number, next_ = await ask(lead), await ask(lead)
        assert isinstance(await lead.request(SignOut(lead.next_id())), SignedOut)
    for each in (number, next_):
        refused = await answered(lead, each)
        assert isinstance(refused, Error)
        assert refused.code == "sign_in_expected"


async def test_nothing_is_done_in_the_name_of_who_signs_in_next(
    service: Service, signed_in: SignedIn, data: Path
) -> None:
    leader = await signed_in("2001")
    async with occupied(service):
        await ask(leader)
        number = leader.next_id()
        await leader.send(GetReport(number, "exceptions", DAY, DAY))
        await heard(leader)
        await leader.request(SignOut(leader.next_id()))
        token = make_token(data, leader.key.desk, "3001")
        await leader.resume(token, str(uuid4()))
    refused = await answered(leader, number)
    assert isinstance(refused, Error)
    assert refused.code == "sign_in_expected"


async def test_of_too_many_reports_the_last_are_refused(
    service: Service, signed_in: SignedIn
) -> None:
    lead = await signed_in("2001")
    async with occupied(service):
        numbers = [await ask(lead) for _ in range(MOST_WAITING + 2)]
        refused = await answered(lead, numbers[-1])
        assert isinstance(refused, Error)
        assert refused.code == "too_many_requests"
        await lead.cut()


COUNT = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


async def test_what_is_being_read_for_nobody_ends_soon(data: Path) -> None:
    reader, begun = Reader(data / database.FILE), threading.Event()

    def endless(connection: sqlite3.Connection) -> None:
        begun.set()
        connection.execute(COUNT).fetchone()

    reading = asyncio.create_task(reader.run(endless))
    await asyncio.to_thread(begun.wait, LIMIT_S)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    rows = await reader.run(lambda connection: connection.execute("SELECT 1").fetchall())
    assert rows == [(1,)]
    await reader.stop()
