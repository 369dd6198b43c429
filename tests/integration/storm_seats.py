"""Many seats in one process, for a test: they record, lose their service, and all come back at
once with what it has not got.

    python -m tests.integration.storm_seats FOLDER URL

FOLDER/seats.json lists the seats. Each line on standard input begins the next part, each line on
standard output is its result: how many facts are acknowledged, and how long it took in seconds.
"""

import asyncio
import sys
import time
import uuid
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.exceptions import WebSocketException

from protocol.facts.agent import NextStateChosen
from protocol.wire import sync
from tests.service.client import Client, DeskKey, records

FIRST = 2
"""Facts that are acknowledged before the service goes down."""
UNSENT = 10
"""Facts that wait for it."""
QUIET = 20
"""Seats that come back one after another, for comparison."""
RETRY_S = 0.2


class Enrolled(msgspec.Struct, frozen=True):
    """A desk that the service knows, and a token for its agent."""

    agent: str
    desk: str
    private_key: str
    token: str


class Result(msgspec.Struct, frozen=True):
    """What a part came to."""

    acknowledged: int
    seconds: float


class StormSeat:
    """One seat."""

    def __init__(self, url: str, enrolled: Enrolled) -> None:
        self._url = url
        self._token = enrolled.token
        self._key = DeskKey()
        self._key.key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(enrolled.private_key))
        self._key.desk = enrolled.desk
        self._session = uuid.uuid4().hex
        self._client: Client | None = None
        fact = NextStateChosen(None, enrolled.agent)
        self._records = records(*[fact] * (FIRST + UNSENT))

    async def come_back(self, upto: int) -> int:
        """However often it has to be tried: sign in by the token, ask how far the service has
        this session, send what lies above. The number up to which it is acknowledged."""
        while True:
            try:
                return await self._once(upto)
            except (OSError, TimeoutError, WebSocketException):
                await self.leave()
                await asyncio.sleep(RETRY_S)

    async def leave(self) -> None:
        """Let the connection go."""
        if self._client is not None:
            await self._client.cut()
            self._client = None

    async def _once(self, upto: int) -> int:
        client = self._client = await Client.open(self._url, self._key)
        await (await client.hello()).present()
        await client.resume(self._token, self._session)
        compared = await client.request(sync.Compare(client.next_id(), (self._session,)))
        assert isinstance(compared, sync.Compared)
        mark = compared.marks[self._session]
        await client.append(self._records[mark:upto])
        return (await client.acked(upto)).upto


async def part(seats: list[StormSeat], upto: int) -> Result:
    """All of them at once."""
    began = time.monotonic()
    marks = await asyncio.gather(*(seat.come_back(upto) for seat in seats))
    return Result(sum(marks), time.monotonic() - began)


async def one_by_one(seats: list[StormSeat], upto: int) -> Result:
    """One after another, each on a new connection."""
    began, marks = time.monotonic(), 0
    for seat in seats:
        await seat.leave()
        marks += await seat.come_back(upto)
    return Result(marks, time.monotonic() - began)


async def told() -> None:
    """Wait for a line."""
    await asyncio.to_thread(sys.stdin.readline)


async def main(folder: Path, url: str) -> None:
    """Record, wait for the service to go, come back, and compare."""
    listed = msgspec.json.decode((folder / "seats.json").read_bytes(), type=list[Enrolled])
    seats = [StormSeat(url, enrolled) for enrolled in listed]
    _say(await part(seats, FIRST))
    await told()
    for seat in seats:
        await seat.leave()
    _say(await part(seats, FIRST + UNSENT))
    await told()
    _say(await one_by_one(seats[:QUIET], FIRST + UNSENT))
    for seat in seats:
        await seat.leave()


def _say(result: Result) -> None:
    sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
