"""A coverage-guided fuzzer on everything that a connection may say to the service.

    python -m tests.integration.fuzz_frames DATA CODE... -- [libFuzzer's options] CORPUS

DATA is a service's folder with 1001 and 1002 among its people, CODE are two enrolment codes. Each
input is a few frames, said by a stranger, a greeted desk, a desk that has proved itself, or
somebody who is signed in. Whatever they are: no handler fails, every answer is one that a client
can read, and somebody else's facts go on being acknowledged, one every `WITNESS_EVERY` inputs.
"""

import asyncio
import logging
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["agent_service", "protocol"]):
    from agent_service import bootstrap
    from agent_service.service import Service
    from agent_service.settings import Listen, Settings
    from protocol.facts.agent import NextStateChosen
    from protocol.wire import session

from websockets.exceptions import ConnectionClosed

from tests.integration.fuzzing import fuzz
from tests.integration.rig import PASSWORD
from tests.service.client import Client, DeskKey

WITNESS_EVERY = 100
STANDINGS = 4


class Complaints(logging.Handler):
    """Stops the fuzzer at what the service logs as a failure of its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, with its traceback."""
        self.heard.append(self.format(record))


class Attack:
    """A service, somebody who works at it, and somebody who says anything at all."""

    def __init__(self, data: Path, codes: list[str]) -> None:
        self.loop = asyncio.new_event_loop()
        self.complaints = Complaints()
        logging.getLogger().addHandler(self.complaints)
        self._data = data
        self._codes = codes
        self._inputs = 0
        self._witnessed = 0
        self._key = DeskKey()
        self._attackers: dict[int, Client] = {}
        self._service: Service
        self._witness: Client

    async def begin(self) -> None:
        """Start the service and let the witness sign in."""
        settings = Settings(listen=Listen(port=0))
        self._service = bootstrap.make_service(settings, self._data)
        await self._service.start()
        self._witness = await Client.open(self._service.server.address)
        await (await self._witness.hello()).enrol(self._codes[0])
        await (await self._witness.present()).sign_in("1002", PASSWORD)

    async def take(self, data: bytes) -> None:
        """One input: the first byte says who speaks, a line is a frame."""
        self._inputs += 1
        standing = data[0] % STANDINGS if data else 0
        try:
            await self._say(await self._attacker(standing), data[1:].split(b"\n"))
        except (ConnectionClosed, ConnectionError):
            del self._attackers[standing]  # shown out, which is a good answer, too
        if self._inputs % WITNESS_EVERY == 0:
            await self._look()

    async def _say(self, attacker: Client, frames: list[bytes]) -> None:
        for frame in frames:
            await attacker.send_raw(_as_frame(frame))
        beat = session.Heartbeat(self._inputs)
        await attacker.send(beat)
        await attacker.take(
            lambda answer: (
                isinstance(answer, session.HeartbeatSeen)
                or (isinstance(answer, session.Error) and answer.code == "hello_expected")
            )
        )
        attacker.inbox.clear()
        assert not self.complaints.heard, self.complaints.heard

    async def _look(self) -> None:
        """The witness's fact is taken, as if nothing were going on."""
        self._witnessed += 1
        await self._witness.record(NextStateChosen(None, "1002"), first=self._witnessed)

    async def _attacker(self, standing: int) -> Client:
        attacker = self._attackers.get(standing)
        if attacker is None:
            attacker = await Client.open(self._service.server.address, self._key)
            self._attackers[standing] = attacker
            if standing >= 1:
                await attacker.hello()
            if standing >= 2:
                await self._prove(attacker)
            if standing == 3:
                await attacker.sign_in("1001", PASSWORD)
        return attacker

    async def _prove(self, attacker: Client) -> None:
        if not self._key.desk:
            await attacker.enrol(self._codes[1])
        await attacker.present()


def _as_frame(frame: bytes) -> str | bytes:
    try:
        return frame.decode()
    except UnicodeDecodeError:
        return frame


def main(arguments: list[str]) -> None:
    """Begin, and fuzz."""
    split = arguments.index("--")
    data, *codes = arguments[1:split]
    attack = Attack(Path(data), codes)
    attack.loop.run_until_complete(attack.begin())

    def take(data: bytes) -> None:
        attack.loop.run_until_complete(attack.take(data))

    fuzz(arguments[0], arguments[split + 1 :], take)


if __name__ == "__main__":
    main(sys.argv)
