"""A peer's server as a process, from its Debian package."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_STARTING_S = 20.0
_POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *map(str, _POSTGRESQL)])


class Missing(Exception):
    """The peer is not installed here."""


def find(program: str) -> str:
    """Its path. Raises `Missing`."""
    found = shutil.which(program, path=_PLACES)
    if found is None:
        raise Missing(program)
    return found


def free_port() -> int:
    """A port on loopback that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def started(
    command: Sequence[str], port: int, log: Path, user: str | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server that listens on the port, as another user if need be, until the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, user=user)
    try:
        _wait_for(port, process, log)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _STARTING_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen: {log.read_text()[-500:]}")


def unprivileged(folder: Path, user: str) -> str | None:
    """Who runs a server that root may not: `user`, to whom the folder is given, below folders
    that anybody may pass; nobody else when this process is not root's."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam(user)
    for above in list(folder.parents)[:2]:
        above.chmod(0o711)
    os.chown(folder, account.pw_uid, account.pw_gid)
    return user
