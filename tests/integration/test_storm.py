"""Everybody comes back at once after the service was down, each with facts that it has not got."""

import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_service import bootstrap, database
from agent_service.accounts import enrolment, tokens
from agent_service.accounts.passwords import hash_password
from agent_service.commands.database import init
from agent_service.commands.ledger import verify
from protocol.facts.agent import NextStateChosen
from protocol.wire.session import Person, Role
from tests.integration.rig import PASSWORD, Rig
from tests.integration.storm_seats import FIRST, QUIET, UNSENT, Enrolled, Result
from tests.service.people import hire

SEATS = 300
HOUR_MS = 3_600_000
FACTOR = 2.0
SLACK_S = 3.0
"""For waiting between two tries."""
PART_S = 100.0


def make_floor(folder: Path, seats: int) -> list[Enrolled]:
    """A database with so many agents, each enrolled at a desk and with a token."""
    init(folder, "admin", lambda: PASSWORD)
    agents = [str(100_001 + number) for number in range(seats)]
    people = [Person(agent, f"Agent {agent}", (Role.AGENT,)) for agent in agents]
    hire(folder, people, hash_password(PASSWORD))
    opened, now_ms = database.open_writer(folder / database.FILE), bootstrap.now_ms()
    enrolled: list[Enrolled] = []
    with contextlib.closing(opened), opened.atomic():
        for agent in agents:
            key = Ed25519PrivateKey.generate()
            code = enrolment.new_code(opened.conn, now_ms + HOUR_MS)
            public = key.public_key().public_bytes_raw().hex()
            desk = enrolment.enrol(opened.conn, code, public, f"desk of {agent}", now_ms).desk
            token = tokens.issue(opened.conn, desk, agent, now_ms + HOUR_MS)
            enrolled.append(Enrolled(agent, desk, key.private_bytes_raw().hex(), token))
    return enrolled


class Storm:
    """The process with the seats."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def result(self) -> Result:
        """What the part that is going on comes to."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), PART_S)
        return msgspec.json.decode(line, type=Result)

    def go_on(self) -> None:
        """Begin the next part."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")


@contextlib.asynccontextmanager
async def storm_of(folder: Path, server: str) -> AsyncIterator[Storm]:
    """Start the process; it does not outlive the test."""
    with (folder / "storm.log").open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.storm_seats", str(folder), server),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    try:
        yield Storm(process)
        assert await asyncio.wait_for(process.wait(), PART_S) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.mark.prove
@pytest.mark.timeout(300)
async def test_everybody_comes_back_at_once(tmp_path: Path) -> None:
    floor = Rig(tmp_path)
    seats = make_floor(floor.data, SEATS)
    (tmp_path / "seats.json").write_bytes(msgspec.json.encode(seats))
    try:
        await floor.start_service()
        async with storm_of(tmp_path, floor.server) as storm:
            assert (await storm.result()).acknowledged == SEATS * FIRST
            assert floor.service is not None
            await floor.service.kill()
            storm.go_on()
            await floor.start_service()
            back = await storm.result()
            storm.go_on()
            quiet = await storm.result()
    finally:
        assert floor.service is not None
        await floor.service.end()

    assert back.acknowledged == SEATS * (FIRST + UNSENT)
    assert back.seconds <= FACTOR * SEATS / QUIET * quiet.seconds + SLACK_S
    recorded = Counter(
        fact.actor for _, _, fact in floor.ledger() if isinstance(fact, NextStateChosen)
    )
    assert recorded == dict.fromkeys([each.agent for each in seats], FIRST + UNSENT)
    verify(floor.data)
