"""A coverage-guided fuzzer on everything that a program on the desk may say to the seat.

    python -m tests.integration.fuzz_desk FOLDER -- [libFuzzer's options] CORPUS

Each input is a few lines, said by a stranger or by somebody who is attached. Whatever they are: no
request fails, every answer is one that a client can read, and the terminal that was there before
goes on being answered.
"""

import asyncio
import contextlib
import logging
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["agent_client", "protocol"]):
    from agent_client.seat.place import Contact, contacts
    from protocol.wire import desk, desk_call

import msgspec
import pytest

from protocol import VERSION
from tests.integration.fuzzing import fuzz
from tests.seat.service import fake_service
from tests.seat.sitting import Sitting, sitting, without_waiting

WITNESS_EVERY = 100
STANDINGS = 2
LAST = 4711
ANSWER_S = 20.0


class Complaints(logging.Handler):
    """What the seat logs as a failure of its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []
        for name in ("agent_client.seat.control", "asyncio"):
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, with its traceback."""
        self.heard.append(self.format(record))


class Attack:
    """A seat with somebody signed in, their terminal, and whoever says anything at all."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self._folder = folder
        self._complaints = Complaints()
        self._inputs = 0
        self._witness: Sitting
        self._contact: Contact
        self._open = contextlib.AsyncExitStack()

    async def begin(self) -> None:
        """Start the seat and let its person sign in."""
        without_waiting(pytest.MonkeyPatch())
        service = await self._open.enter_async_context(fake_service())
        self._witness = await self._open.enter_async_context(sitting(self._folder, service))
        await self._witness.enrol_and_sign_in()
        (self._contact,) = contacts(self._witness.place.runtime)

    async def take(self, data: bytes) -> None:
        """One input: the first byte says who speaks, then lines."""
        self._inputs += 1
        attached = bool(data) and data[0] % STANDINGS == 1
        reader, writer = await asyncio.open_unix_connection(self._contact.socket)
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._say(reader, writer, data[1:].split(b"\n"), attached=attached)
        except ConnectionError:
            pass  # shown out, which is a good answer, too
        finally:
            writer.close()
        assert not self._complaints.heard, self._complaints.heard
        if self._inputs % WITNESS_EVERY == 0:
            await self._look()

    async def _say(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        lines: list[bytes],
        *,
        attached: bool,
    ) -> None:
        """Say it all, and read until the answer to a last question, or until the end."""
        if attached:
            writer.write(desk.encode(desk.Attach(0, VERSION)))
        writer.writelines(line + b"\n" for line in lines if not _ends_the_seat(line))
        writer.write(desk.encode(desk.GetStatus(LAST)))
        await writer.drain()
        while line := await reader.readline():
            answer = desk.decode_answering(line)
            if isinstance(answer, desk.Status) and answer.re == LAST:
                return

    async def _look(self) -> None:
        """The terminal is answered, as if nothing were going on."""
        async with asyncio.timeout(ANSWER_S):
            await self._witness.client.ask(desk.GetStatus)
            await self._witness.client.ask(desk.GetDay)
            await self._witness.client.ask(desk_call.GetCalls)


def _ends_the_seat(line: bytes) -> bool:
    """Whoever may connect may stop the seat when nobody is signed in: that ends the test."""
    try:
        return isinstance(desk.decode_request(line), desk.StopSeat)
    except msgspec.DecodeError:
        return False


def main(arguments: list[str]) -> None:
    """Begin, and fuzz."""
    split = arguments.index("--")
    attack = Attack(Path(arguments[1]))
    attack.loop.run_until_complete(attack.begin())

    def take(data: bytes) -> None:
        attack.loop.run_until_complete(attack.take(data))

    fuzz(arguments[0], arguments[split + 1 :], take)


if __name__ == "__main__":
    main(sys.argv)
