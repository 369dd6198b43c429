"""Redis Streams: each fact an entry of one stream, the append-only file synchronised always."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bench.facts import HELD
from bench.peers.program import find, free_port, started
from bench.publisher import Running


class Client:
    """One publisher: `XADD`s, as many at once as a frame holds."""

    def __init__(self, session: str) -> None:
        self.ready = False
        self.acked = 0
        self._session = session
        self._seq = 0

    def opening(self) -> bytes:
        return b"PING\r\n"

    def hear(self, data: bytes) -> bytes:
        if data.startswith(b"-"):
            raise RuntimeError(data.decode())
        if self.ready:
            self.acked += data.count(b"$")  # each answer is a bulk string, an id of digits
        else:
            self.ready = True
        return b""

    def frame(self, facts: int) -> bytes:
        commands = []
        for seq in range(self._seq + 1, self._seq + 1 + facts):
            times = ("occurred_ms", "1790000000000", "wall_ms", "1790000000000")
            fields = ("session", self._session, "seq", str(seq), *times)
            words = ("XADD", "facts", "*", *fields, "mono_ms", str(seq), "body", HELD)
            said = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
            commands.append(f"*{len(words)}\r\n{said}")
        self._seq += facts
        return "".join(commands).encode()


@contextlib.contextmanager
def running(folder: Path, publishers: int) -> Iterator[Running]:
    """A server with an empty stream. Raises `Missing`."""
    port = free_port()
    home = folder / "redis"
    home.mkdir()
    options = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(home),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxclients": str(publishers + 50),
    }
    command = [find("redis-server")]
    for name, value in options.items():
        command += [f"--{name}", value]
    with started(command, port, folder / "redis.log") as process:
        clients = [Client(f"session-{number}") for number in range(publishers)]
        yield Running(process.pid, ("127.0.0.1", port), clients)
