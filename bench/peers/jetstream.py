"""NATS JetStream: each fact a message of a stream in a file that is synchronised always."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.facts import HELD
from bench.peers.program import Missing, find, free_port, started
from bench.publisher import Running

_STREAM = {
    "name": "facts",
    "subjects": ["facts"],
    "storage": "file",
    "retention": "limits",
    "discard": "old",
    "num_replicas": 1,
    "max_msgs": -1,
    "max_bytes": -1,
    "max_age": 0,
    "max_consumers": -1,
}
_CONNECT = b'CONNECT {"verbose":false,"pedantic":false,"lang":"bench","version":"1"}\r\n'


class Client:
    """One publisher. The first also makes the stream."""

    def __init__(self, number: int) -> None:
        self.ready = False
        self.acked = 0
        self._first = number == 0
        self._inbox = f"inbox.{number}"
        self._session = f"session-{number}"
        self._seq = 0

    def opening(self) -> bytes:
        subscribe = f"SUB {self._inbox} 1\r\n"
        if self._first:
            create, asked = "$JS.API.STREAM.CREATE.facts", json.dumps(_STREAM)
            subscribe += f"PUB {create} {self._inbox} {len(asked)}\r\n{asked}\r\n"
        return _CONNECT + subscribe.encode() + b"PING\r\n"

    def hear(self, data: bytes) -> bytes:
        if b"-ERR" in data or b'"error"' in data:
            raise RuntimeError(data.decode())
        if self.ready:
            self.acked += data.count(b'"seq":')
        else:
            made = not self._first or b"stream_create_response" in data
            self.ready = made and (b"PONG" in data or self._first)
        return b"PONG\r\n" if b"PING\r\n" in data else b""

    def frame(self, facts: int) -> bytes:
        messages = []
        for seq in range(self._seq + 1, self._seq + 1 + facts):
            text = (
                f'{{"session":"{self._session}","seq":{seq},"occurred_ms":1790000000000,'
                f'"wall_ms":1790000000000,"mono_ms":{seq},"body":{HELD}}}'
            )
            messages.append(f"PUB facts {self._inbox} {len(text)}\r\n{text}\r\n")
        self._seq += facts
        return "".join(messages).encode()


@contextlib.contextmanager
def running(folder: Path, publishers: int) -> Iterator[Running]:
    """A server with an empty stream. Raises `Missing`."""
    port = free_port()
    home = folder / "jetstream"
    home.mkdir()
    configuration = home / "nats.conf"
    configuration.write_text(
        f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{home}", sync_interval: always }}\n'
    )
    command = [find("nats-server"), "-c", str(configuration)]
    if subprocess.run([*command, "-t"], check=False, capture_output=True).returncode != 0:
        raise Missing("a nats-server that can synchronise always (2.10 or later)")
    with started(command, port, folder / "jetstream.log") as process:
        clients = [Client(number) for number in range(publishers)]
        yield Running(process.pid, ("127.0.0.1", port), clients)
