"""The server's timer hands in what nobody did, whoever is there, and once."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

from agent_service import database
from agent_service.commands.ledger import verify
from agent_service.ledger import replay
from protocol.facts.exam import SittingSubmitted, SubmittedBy
from protocol.wire.exams import ResultState, SavedAnswer, SittingRow
from tests.service.client import LIMIT_S, Client
from tests.service.conftest import Serve, make_token
from tests.service.documents.written import TRAINER
from tests.service.exams.exam_requests import (
    FILL_IN,
    MINUTE_MS,
    SINGLE,
    StillTime,
    answers,
    extend,
    issue,
    paper_of,
    save,
    sittings,
    start,
    submit,
    void,
)
from tests.service.processes import serving

Desks = Callable[..., Awaitable[Client]]
GRACE_MS = 5_000


async def come(desks: Desks, url: str, data: Path, agent: str) -> Client:
    """A new desk with somebody signed in."""
    client = await desks(url)
    token = make_token(data, client.key.desk, agent)
    return await client.resume(token, f"session-{agent}-{client.key.desk}")


def submissions(data: Path) -> list[SittingSubmitted]:
    """What was handed in, as the ledger has it."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        facts = map(replay.fact_of, replay.entries(connection))
        return [fact for fact in facts if isinstance(fact, SittingSubmitted)]


async def over(trainer: Client, exam: str) -> SittingRow:
    """The only sitting of an exam, once it is handed in."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            (row,) = await sittings(trainer, exam)
            if row.state is not ResultState.RUNNING:
                return row
            await asyncio.sleep(0.05)


async def test_the_time_ends_it_with_the_candidate_gone(
    trainer: Client, wang: Client, data: Path, time: StillTime
) -> None:
    paper, (single,) = await paper_of(trainer, (SINGLE, 20))
    exam = (await issue(trainer, paper)).issue
    sheet = await start(wang, exam)
    await save(wang, sheet, *answers(**{single: "C"}))
    await extend(trainer, sheet.sitting, 600)
    await wang.cut()
    time.passes(40 * MINUTE_MS + GRACE_MS)
    await asyncio.sleep(1.2)
    assert submissions(data) == []
    time.passes(1)
    row = await over(trainer, exam)
    assert (row.submitted_ms, row.score) == (sheet.deadline_ms + 600_000, 10.0)
    await asyncio.sleep(1.2)
    assert submissions(data) == [
        SittingSubmitted(sheet.sitting, sheet.deadline_ms + 600_000, SubmittedBy.SERVER)
    ]


async def test_what_is_handed_in_or_voided_is_left_alone(
    trainer: Client, wang: Client, data: Path, time: StillTime
) -> None:
    paper, _ = await paper_of(trainer, (SINGLE, 20))
    done, voided, left = [(await issue(trainer, paper)).issue for _ in range(3)]
    await submit(wang, await start(wang, done))
    await start(wang, voided)
    await void(trainer, voided)
    last = await start(wang, left)
    time.passes(60 * MINUTE_MS)
    await over(trainer, left)
    assert [fact.by for fact in submissions(data)] == [
        SubmittedBy.CANDIDATE,
        SubmittedBy.SERVER,
    ]
    assert submissions(data)[-1].sitting == last.sitting


async def test_a_service_that_was_away_hands_in_as_of_the_deadline(
    serve: Serve, desks: Desks, data: Path, time: StillTime
) -> None:
    async with serve() as service:
        trainer = await come(desks, service.server.address, data, TRAINER.number)
        wang = await come(desks, service.server.address, data, "1001")
        paper, (single,) = await paper_of(trainer, (SINGLE, 20))
        exam = (await issue(trainer, paper)).issue
        sheet = await start(wang, exam)
        await save(wang, sheet, *answers(**{single: "C"}))
    time.passes(50 * MINUTE_MS)
    async with serve() as service:
        trainer = await come(desks, service.server.address, data, TRAINER.number)
        row = await over(trainer, exam)
    assert (row.submitted_ms, row.score) == (sheet.deadline_ms, 10.0)
    assert len(submissions(data)) == 1
    verify(data)


class Candidate:
    """Answers one question again and again, and knows what was acknowledged."""

    def __init__(self, acked: int = 0) -> None:
        self.acked = acked

    async def write(self, client: Client, exam: str, question: str) -> None:
        """Until the connection ends."""
        sheet = await start(client, exam)
        number = sheet.number
        with contextlib.suppress(ConnectionError):
            while True:
                number += 1
                answer = SavedAnswer(question, (str(number),), number)
                self.acked = (await save(client, sheet, answer)).number


@contextlib.asynccontextmanager
async def killed(data: Path) -> AsyncIterator[str]:
    """The address of a service that is killed at the end."""
    async with serving(data) as service:
        yield service.url
        await service.end(signal.SIGKILL)


async def test_killed_between_two_saves_nothing_that_was_acknowledged_is_lost(
    desks: Desks, data: Path
) -> None:
    candidate = Candidate()
    async with killed(data) as url:
        trainer = await come(desks, url, data, TRAINER.number)
        paper, (question,) = await paper_of(trainer, (FILL_IN, 20))
        exam = (await issue(trainer, paper)).issue
    for more in (5, 10, 15):
        async with killed(data) as url:
            wang = await come(desks, url, data, "1001")
            writing = asyncio.create_task(candidate.write(wang, exam, question))
            async with asyncio.timeout(LIMIT_S):
                while candidate.acked < more:
                    await asyncio.sleep(0.001)
        await writing
    async with serving(data) as service:
        wang = await come(desks, service.url, data, "1001")
        sheet = await start(wang, exam)
        assert sheet.number in (candidate.acked, candidate.acked + 1)
        assert sheet.questions[0].answer == (str(sheet.number),)
        assert sheet.turn == 4
        row = await submit(wang, sheet)
        assert row.state is ResultState.FINAL
    verify(data)
