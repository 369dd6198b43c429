"""A floor for a benchmark: its people, desks and tokens, and its service in a process."""

import contextlib
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_service import bootstrap, database
from agent_service.accounts import enrolment, tokens
from agent_service.accounts.passwords import hash_password
from agent_service.commands.database import init
from bench.facts import Bodies, held
from bench.publisher import SUPERVISORS, Running
from bench.seat import Enrolled, Seat
from protocol.wire.session import Person, Role
from tests.service.people import hire

PASSWORD = "nobody signs in with it"  # noqa: S105 - of a database that lives for seconds
SERVICE = "agent_service.cli"
NULL_SERVICE = "bench.null_service"
_HOUR_MS = 3_600_000


def make_site(folder: Path, seats: int) -> list[Enrolled]:
    """A database with so many agents and `SUPERVISORS`, each enrolled at a desk and with a
    token; the supervisors last."""
    init(folder, "admin", lambda: PASSWORD)
    people = [
        Person(str(100_001 + number), f"Person {number}", (_role(number, seats),))
        for number in range(seats + SUPERVISORS)
    ]
    hire(folder, people, hash_password(PASSWORD))
    opened = database.open_writer(folder / database.FILE)
    with contextlib.closing(opened), opened.atomic():
        return [_enrolled(opened.conn, person) for person in people]


def _role(number: int, seats: int) -> Role:
    return Role.AGENT if number < seats else Role.SUPERVISOR


def _enrolled(connection: Connection, person: Person) -> Enrolled:
    agent = person.number
    key, now_ms = Ed25519PrivateKey.generate(), bootstrap.now_ms()
    code = enrolment.new_code(connection, now_ms + _HOUR_MS)
    public_key = key.public_key().public_bytes_raw().hex()
    desk = enrolment.enrol(connection, code, public_key, f"desk of {agent}", now_ms).desk
    token = tokens.issue(connection, desk, agent, now_ms + _HOUR_MS)
    return Enrolled(agent, person.roles, desk, key, token)


@contextlib.contextmanager
def serving(
    folder: Path, enrolled: Sequence[Enrolled], bodies: Bodies = held, module: str = SERVICE
) -> Iterator[Running]:
    """The service of a site, as an operator starts it, and a new session for each seat."""
    log = (folder / "service.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", module, "serve", "--data", str(folder), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=log,
        env={**os.environ, "SEATLINE_LANG": "en"},
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (folder / "service.log").read_text()
        host, _, port = line.strip().rpartition("/")[2].rpartition(":")
        seats = [Seat(each, str(uuid.uuid4()), bodies) for each in enrolled]
        agents, supervisors = seats[:-SUPERVISORS], seats[-SUPERVISORS:]
        yield Running(process.pid, (host, int(port)), agents, supervisors)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()
        log.close()
