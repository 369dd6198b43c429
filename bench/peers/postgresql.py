"""PostgreSQL: a table with a unique key, a synchronous commit for each statement."""

import contextlib
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.facts import HELD
from bench.peers.program import find, free_port, started, unprivileged
from bench.publisher import SUPERVISORS, Running

_TABLE = (
    "CREATE TABLE fact (session text, seq bigint, occurred_ms bigint, wall_ms bigint,"
    " mono_ms bigint, body text, PRIMARY KEY (session, seq));"
)
_COLUMNS = 6


class Client:
    """One publisher in PostgreSQL's own protocol: a prepared insert of so many rows, which, if
    asked for, also notifies those who listen."""

    def __init__(self, session: str, rows: int, notify: bool, listens: bool = False) -> None:
        self.ready = False
        self.acked = 0
        self._rows = rows
        self._session = session.encode()
        self._seq = 0
        self._notify = notify
        self._listens = listens
        self._buffer = b""
        self._prepared = False

    def opening(self) -> bytes:
        parameters = b"user\0postgres\0database\0postgres\0\0"
        return struct.pack(">II", 8 + len(parameters), 196_608) + parameters

    def hear(self, data: bytes) -> bytes:
        buffer, begin, answer = self._buffer + data, 0, b""
        while len(buffer) - begin >= 5:
            end = begin + 1 + int.from_bytes(buffer[begin + 1 : begin + 5], "big")
            if end > len(buffer):
                break
            answer += self._answer(buffer[begin : begin + 1], buffer[begin + 5 : end])
            begin = end
        self._buffer = buffer[begin:]
        return answer

    def _answer(self, kind: bytes, payload: bytes) -> bytes:
        if kind == b"E":
            raise RuntimeError(payload.decode())
        if kind != b"Z":
            return b""
        if self.ready:
            self.acked += self._rows
        elif self._prepared:
            self.ready = True
        else:
            self._prepared = True
            if self._listens:
                return _message(b"Q", b"LISTEN floor\0")
            return _message(b"P", b"f\0" + self._statement() + b"\0\0\0") + _message(b"S", b"")
        return b""

    def _statement(self) -> bytes:
        marks = (
            f"({', '.join(f'${row * _COLUMNS + column + 1}' for column in range(_COLUMNS))})"
            for row in range(self._rows)
        )
        insert = f"INSERT INTO fact VALUES {', '.join(marks)}"  # noqa: S608 - only marks
        if self._notify:
            told = "SELECT pg_notify('floor', seq::text) FROM added"
            insert = f"WITH added AS ({insert} RETURNING seq) {told}"
        return insert.encode()

    def frame(self, facts: int) -> bytes:
        values = []
        for seq in range(self._seq + 1, self._seq + 1 + facts):
            number = str(seq).encode()
            at = b"1790000000000"
            values += [self._session, number, at, at, number, HELD.encode()]
        self._seq += facts
        fields = b"".join(struct.pack(">I", len(value)) + value for value in values)
        bind = b"\0f\0" + struct.pack(">HH", 0, len(values)) + fields + struct.pack(">H", 0)
        execute = b"\0" + bytes(4)
        return _message(b"B", bind) + _message(b"E", execute) + _message(b"S", b"")


def _message(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack(">I", 4 + len(payload)) + payload


@contextlib.contextmanager
def running(
    folder: Path, publishers: int, rows: int = 1, notify: bool = False
) -> Iterator[Running]:
    """A server with an empty table. With `notify` some clients listen. Raises `Missing`."""
    initdb, server, port = find("initdb"), find("postgres"), free_port()
    home = folder / "postgresql"
    home.mkdir()
    user = unprivileged(home, "postgres")
    data = str(home / "data")
    make = [initdb, "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")
    single = [server, "--single", "-j", "-D", data, "postgres"]
    subprocess.run(
        single, input=_TABLE.encode(), check=True, stdout=subprocess.DEVNULL, user=user, cwd="/"
    )
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": str(publishers + 50),
        "shared_buffers": "256MB",
        "max_wal_size": "4GB",
    }
    command = [server, "-D", data]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    listeners = SUPERVISORS if notify else 0
    with started(command, port, folder / "postgresql.log", user) as process:
        clients = [Client(f"session-{number}", rows, notify) for number in range(publishers)]
        supervisors = [Client("", rows, notify, listens=True) for _ in range(listeners)]
        yield Running(process.pid, ("127.0.0.1", port), clients, supervisors)
