"""Studying with real processes: a seat that is killed in the middle, a service that is away, and in
the end every second that was read is the service's own, once."""

import asyncio
from collections.abc import Callable

import pytest

from agent_client.demo.player import Player
from agent_client.seat_starter import find_seat
from protocol.facts.agent import Reason, State
from protocol.facts.document import AnyBody, TrainingContent, TrainingTask, TrainingType
from protocol.facts.training import TrainingRead
from protocol.rules.reading_time import Sign
from protocol.wire import desk
from protocol.wire.desk_plan import AskService, ServiceAnswered
from protocol.wire.desk_training import (
    CloseItem,
    DeskTraining,
    FinishItem,
    OpenItem,
    ReadSign,
    WatchTraining,
)
from protocol.wire.documents import DocumentStands, PutDocument
from protocol.wire.relayed import RelayedAnswer, RelayedRequest
from protocol.wire.sync import Link
from protocol.wire.training import Assign, AssignmentRow, Assignments, GetAssignments
from tests.integration.rig import Rig

pytestmark = pytest.mark.timeout(180)

LIMIT_S = 40.0


class Reader:
    """Whoever studies at a seat, as its terminal."""

    def __init__(self, floor: Rig) -> None:
        self._floor = floor
        self.told: list[DeskTraining] = []

    async def sits_down(self) -> None:
        """Connect anew."""
        self._client = await find_seat(self._floor.settings("1001"))
        self._client.listen(self._take)
        await self._client.ask(WatchTraining)
        await self.sees(lambda told: True)

    def _take(self, push: object) -> None:
        if isinstance(push, DeskTraining):
            self.told.append(push)

    async def sees(self, what: Callable[[DeskTraining], bool]) -> DeskTraining:
        """Wait until it is told."""
        async with asyncio.timeout(LIMIT_S):
            while not (self.told and what(self.told[-1])):
                await asyncio.sleep(0.02)
        return self.told[-1]

    async def ask(self, make: Callable[[int], desk.AnyRequest]) -> None:
        await self._client.ask(make)

    async def leaves(self) -> None:
        await self._client.close()
        self.told.clear()


async def relayed(player: Player, message: RelayedRequest) -> RelayedAnswer:
    answer = await player.ask(lambda id_: AskService(id_, message))
    assert isinstance(answer, ServiceAnswered)
    return answer.message


async def put(player: Player, body: AnyBody) -> str:
    stands = await relayed(player, PutDocument(0, "", body))
    assert isinstance(stands, DocumentStands)
    return stands.row.document


async def assigned(floor: Rig) -> Player:
    """A supervisor has given 1001 a task with one content and twelve seconds."""
    lead = await floor.sign_in("2001")
    kind = await put(lead, TrainingType("Finance"))
    content = await put(lead, TrainingContent("Invoices", kind, text="# One\n\nRead.\n\n# Two\n"))
    task = await put(lead, TrainingTask("Invoices", kind, contents=(content,), min_seconds=12))
    await relayed(lead, Assign(0, "", task, ("1001",)))
    return lead


async def own(player: Player) -> AssignmentRow:
    answer = await relayed(player, GetAssignments(0, "1001"))
    assert isinstance(answer, Assignments)
    return answer.rows[0]


@pytest.mark.prove
async def test_what_is_read_counts_once_whatever_is_killed(floor: Rig) -> None:
    await assigned(floor)
    agent = await floor.agent_at_work()
    reader = Reader(floor)
    await reader.sits_down()
    row = (await reader.sees(lambda told: bool(told.own.open))).own.open[0]

    def opens(id_: int) -> OpenItem:
        return OpenItem(id_, row.assignment, row.items[0].content)

    await reader.ask(opens)
    await agent.until(lambda status: status.reason is Reason.TRAINING)
    await reader.ask(lambda id_: ReadSign(id_, Sign.INPUT, 1))
    assert floor.service is not None
    await floor.service.kill()
    await reader.sees(lambda told: told.own.open[0].trained_s == 10)
    await floor.seats["1001"].kill()
    await reader.leaves()
    await floor.start_service()
    agent = await floor.start_seat("1001")
    await agent.until(lambda status: status.link is Link.ONLINE and status.unsent == 0)
    assert (await floor.status(agent)).state is State.NOT_READY
    await reader.sits_down()
    told = await reader.sees(lambda told: bool(told.own.open))
    item = told.own.open[0].items[0]
    assert (told.assignment, item.credited_s, item.section) == ("", 10, 1)
    await reader.ask(opens)
    await asyncio.sleep(3)
    await reader.ask(FinishItem)
    await reader.ask(CloseItem)
    await reader.sees(lambda told: told.own.open == ())
    done = await own(agent)
    seconds = [fact.seconds for _, _, fact in floor.ledger() if isinstance(fact, TrainingRead)]
    assert done.done_ms is not None
    assert done.trained_s == sum(seconds) >= 12
    await reader.leaves()
    await floor.command("verify", "--data", str(floor.data))
