"""baresip: a customer with a voice, driven over its control port."""

import asyncio
import contextlib
import json
import math
import shutil
import signal
import wave
from array import array
from pathlib import Path

import pytest

from tests.interop.ports import LIMIT_S, free_port, listening

NUMBER = "13800138000"
_CONFIG = """\
sip_listen 127.0.0.1:{sip}
ctrl_tcp_listen 127.0.0.1:{control}
rtp_ports {rtp}-{rtp_last}
rtp_timeout 20
module_path /usr/lib/baresip/modules
module ctrl_tcp.so
module g711.so
module aufile.so
module_app account.so
module_app menu.so
audio_source aufile,{folder}/voice.wav
audio_player aufile,{folder}/heard.wav
audio_alert aufile,{folder}/alert.wav
"""


def write_tone(file: Path, hertz: int, seconds: int = 120) -> None:
    """A voice that says one note, 8 kHz mono."""
    second = array(
        "h",
        (round(8_000 * math.sin(2 * math.pi * hertz * place / 8_000)) for place in range(8_000)),
    )
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(second.tobytes() * seconds)


class Baresip:
    """A customer at the exchange's outside line, or reached directly."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("baresip")
        if found is None:
            pytest.skip("baresip is not installed")
        self._program = found
        self._folder = folder
        self.port = free_port()
        self.heard = folder / "heard.wav"
        """What it heard in its last call."""
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._events: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    @property
    def address(self) -> str:
        """Where it can be called."""
        return f"sip:{NUMBER}@127.0.0.1:{self.port}"

    async def start(self, hertz: int = 440) -> None:
        """Start it, with a tone for a voice."""
        control, rtp = free_port(), free_port() & ~1
        (self._folder / "config").write_text(
            _CONFIG.format(
                sip=self.port,
                control=control,
                rtp=rtp,
                rtp_last=rtp + 10,
                folder=self._folder,
            )
        )
        write_tone(self._folder / "voice.wav", hertz)
        account = f"<sip:{NUMBER}@trunk.test>;regint=0;answermode=manual\n"
        (self._folder / "accounts").write_text(account)
        with (self._folder / "baresip.log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                self._program,
                *("-f", str(self._folder)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await listening(control, self._process)
        reader, self._writer = await asyncio.open_connection("127.0.0.1", control)
        self._reader = asyncio.create_task(self._read(reader))

    async def dial(self, address: str) -> None:
        """Call a SIP address."""
        self._order("dial", address)

    async def answer(self) -> None:
        """Take the call that rings."""
        self._order("accept")

    async def hang_up(self) -> None:
        """End the call."""
        self._order("hangup")

    async def press(self, key: str) -> None:
        """Press a key and let it go."""
        self._order("sndcode", key)

    async def sees(self, kind: str, **values: str) -> dict[str, object]:
        """The next event of a kind with these values; those before it are skipped."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                event = await self._events.get()
                if event.get("type") == kind and values.items() <= event.items():
                    return event

    def die(self) -> None:
        """Be killed in mid-call, without a word to anybody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)

    async def stop(self) -> None:
        """End it."""
        if self._writer is not None:
            self._writer.close()
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    def _order(self, command: str, params: str = "") -> None:
        assert self._writer is not None
        body = json.dumps({"command": command, "params": params, "token": command})
        self._writer.write(f"{len(body)}:{body},".encode())

    async def _read(self, reader: asyncio.StreamReader) -> None:
        """Netstrings, each a JSON object: an event or what came of an order."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                body = await reader.readexactly(length + 1)
                self._events.put_nowait(json.loads(body[:-1]))
