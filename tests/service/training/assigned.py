"""Tasks as the tests give them, and seats that study."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from agent_service.appending import appending
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.document import TrainingTask
from protocol.facts.record import AnyFact
from protocol.facts.training import TrainingItemDone, TrainingOpened, TrainingRead
from protocol.wire.session import Person, Role
from protocol.wire.training import (
    Assign,
    Assigned,
    AssignmentRow,
    Assignments,
    AssignmentsDone,
    GetAssignments,
    GetTrainingStatistics,
    GetTrainingText,
    OwnTraining,
    PushTraining,
    RecallTraining,
    Redraw,
    TrainingStatistics,
    TrainingText,
    WithdrawAssignments,
)
from tests.service.client import Client, records
from tests.service.documents.written import TYPE, content, get, put
from tests.service.people import CLOCK
from tests.service.roster_requests import Time

MATE = Person("1004", "Qian Yu", (Role.AGENT,), "A")
TRAINING = StateEntered(State.NOT_READY, "training", "", Reason.TRAINING)
READY = StateEntered(State.READY, "ready", "")


async def taught(trainer: Client, contents: int = 3, **more: object) -> tuple[str, list[str]]:
    """A task that draws two contents of a type, unless told otherwise, and the contents."""
    type = (await put(trainer, TYPE)).document
    names = [
        (await put(trainer, content(type, f"内容{number}"))).document
        for number in range(1, contents + 1)
    ]
    task = replace(TrainingTask("新人培训", type, 2, min_seconds=20), **more)
    return (await put(trainer, task)).document, names


async def type_of(client: Client, task: str) -> str:
    """The document of the type that a task draws from."""
    body = (await get(client, task)).body
    assert isinstance(body, TrainingTask)
    return body.type


async def ticked(trainer: Client, names: Sequence[str], name: str = "选择生成") -> str:
    """A task of these contents."""
    return (await put(trainer, TrainingTask(name, contents=tuple(names)))).document


async def assign(client: Client, task: str, *agents: str, **more: object) -> Assigned:
    """Raises `Refused`."""
    message = replace(Assign(client.next_id(), "", task, agents), **more)
    reply = await client.request(message)
    assert isinstance(reply, Assigned)
    return reply


async def redraw(client: Client, task: str = "", *assignments: str) -> AssignmentsDone:
    """Raises `Refused`."""
    return await _done(client, Redraw(client.next_id(), "", task, assignments))


async def withdraw(client: Client, *assignments: str, text: str = "") -> AssignmentsDone:
    """Raises `Refused`."""
    return await _done(client, WithdrawAssignments(client.next_id(), assignments, text))


async def push(client: Client, *assignments: str) -> AssignmentsDone:
    """Raises `Refused`."""
    return await _done(client, PushTraining(client.next_id(), assignments))


async def recall(client: Client, *agents: str, team: str = "") -> AssignmentsDone:
    """Raises `Refused`."""
    return await _done(client, RecallTraining(client.next_id(), agents, team))


async def listed(client: Client, **asked: object) -> Assignments:
    """Raises `Refused`."""
    reply = await client.request(replace(GetAssignments(client.next_id()), **asked))
    assert isinstance(reply, Assignments)
    return reply


async def of(client: Client, agent: str) -> AssignmentRow:
    """Somebody's only assignment."""
    (row,) = (await listed(client, agent=agent)).rows
    return row


async def text_of(client: Client, assignment: str, content: str) -> TrainingText:
    """Raises `Refused`."""
    reply = await client.request(GetTrainingText(client.next_id(), assignment, content))
    assert isinstance(reply, TrainingText)
    return reply


async def statistics(client: Client, **asked: object) -> TrainingStatistics:
    """Raises `Refused`."""
    reply = await client.request(replace(GetTrainingStatistics(client.next_id()), **asked))
    assert isinstance(reply, TrainingStatistics)
    return reply


async def told(client: Client, wanted: Callable[[OwnTraining], bool]) -> OwnTraining:
    """The training as it is wanted, when it comes; what was told before it is old."""

    while True:
        found = await client.expect(OwnTraining)
        if wanted(found):
            return found


def record(folder: Path, facts: Iterable[AnyFact]) -> None:
    """Facts of the service's own, as if it had told them."""
    with appending(folder, CLOCK) as books:
        for fact in facts:
            books.appender.record(books.connection, fact)


class Reader:
    """Somebody who studies at a seat; the time goes on as they read."""

    def __init__(self, client: Client, time: Time) -> None:
        self.client = client
        self._time = time
        self._told = 0

    async def tell(self, *facts: AnyFact) -> None:
        """On the disk when it returns."""
        at_ms = self._time.now_ms()
        await self.client.append(records(*facts, first=self._told + 1, at_ms=at_ms))
        self._told += len(facts)
        await self.client.acked(self._told)

    async def reads(self, row: AssignmentRow, seconds: int, done: bool = True) -> None:
        """All contents of an assignment, each for so long."""
        for item in row.items:
            await self.tell(TrainingOpened(row.assignment, item.content))
            for begin in range(0, seconds, 10):
                stretch = min(10, seconds - begin)
                self._time.go_to(self._time.now_ms() + stretch * 1000)
                await self.tell(TrainingRead(row.assignment, item.content, stretch, begin // 10))
            if done:
                await self.tell(TrainingItemDone(row.assignment, item.content))


async def _done(
    client: Client, message: Redraw | WithdrawAssignments | PushTraining | RecallTraining
) -> AssignmentsDone:
    reply = await client.request(message)
    assert isinstance(reply, AssignmentsDone)
    return reply
